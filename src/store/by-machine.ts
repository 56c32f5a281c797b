import type { Indexed } from './cached-index.ts';

/** What each machine has one of, where it has one, by the id of the machine. */
export class ByMachine<Item extends { readonly machineId: string }> implements Indexed<Item> {
  readonly #items = new Map<string, Item>();

  of(machineId: string): Item | undefined {
    return this.#items.get(machineId);
  }

  put(item: Item): void {
    this.#items.set(item.machineId, item);
  }

  remove(machineId: string): void {
    this.#items.delete(machineId);
  }
}

export function byMachineId<Item extends { readonly machineId: string }>(
  items: readonly Item[],
): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.machineId, item]));
}
