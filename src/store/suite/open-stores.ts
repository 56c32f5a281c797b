import { test } from 'vitest';
import type { Stores } from '../../core/stores.ts';

/** A store of its own for each test, with nothing in it. */
export interface OpenedStores {
  readonly stores: Stores;
  /** Closes the stores and opens what they left behind: what a restart of the server finds. */
  reopen(): Promise<Stores>;
  /** Closes what is open, and leaves nothing behind. */
  remove(): Promise<void>;
}

export type OpenStores = () => Promise<OpenedStores>;

/** A test that is handed its stores, which are gone when it ends. */
export type StoreTest = (
  name: string,
  body: (stores: Stores, reopen: () => Promise<Stores>) => Promise<void>,
) => void;

export function storeTests(open: OpenStores): StoreTest {
  return (name, body) => {
    test(name, async () => {
      const opened = await open();
      try {
        await body(opened.stores, () => opened.reopen());
      } finally {
        await opened.remove();
      }
    });
  };
}
