import { useCallback, useSyncExternalStore } from 'react';
import { Listeners } from './listeners.ts';

/**
 * Rows by key, for what changes many times a second: who shows a row hears of changes of that row only, and who shows
 * the list hears only when rows come, go or move. A row that did not change is the same object as before.
 */
export class KeyedStore<Row> {
  #rows: ReadonlyMap<string, Row> = new Map();
  #keys: readonly string[] = [];
  readonly #listListeners = new Listeners<void>();
  readonly #rowListeners = new Map<string, Listeners<void>>();

  readonly keys = (): readonly string[] => this.#keys;
  readonly get = (key: string): Row | undefined => this.#rows.get(key);

  /** Puts these rows in place of all that were there, in their order. */
  replace(rows: ReadonlyMap<string, Row>): void {
    const before = this.#rows;
    this.#rows = rows;
    const keys = [...rows.keys()];
    const isSameList = keys.length === this.#keys.length && keys.every((key, at) => key === this.#keys[at]);
    for (const [key, listeners] of this.#rowListeners) {
      if (before.get(key) !== rows.get(key)) listeners.tell();
    }
    if (isSameList) return;
    this.#keys = keys;
    this.#listListeners.tell();
  }

  readonly onKeys = (listener: () => void): (() => void) => this.#listListeners.add(listener);

  onRow(key: string, listener: () => void): () => void {
    const listeners = this.#rowListeners.get(key) ?? new Listeners<void>();
    this.#rowListeners.set(key, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.isEmpty) this.#rowListeners.delete(key);
    };
  }
}

export function useKeys(store: KeyedStore<unknown>): readonly string[] {
  return useSyncExternalStore(store.onKeys, store.keys);
}

export function useRow<Row>(store: KeyedStore<Row>, key: string): Row | undefined {
  const subscribe = useCallback((listener: () => void) => store.onRow(key, listener), [store, key]);
  return useSyncExternalStore(subscribe, () => store.get(key));
}
