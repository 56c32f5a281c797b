/** Who has mounted what, for `showmount -a`. It is a memory of what was asked, and nothing goes by it. */

export interface MountEntry {
  readonly client: string;
  readonly path: string;
}

/** Machines that are switched off never unmount; of more, those that mounted first are forgotten. */
const MAX_MOUNTS = 1024;

export class MountList {
  readonly #mounts = new Map<string, MountEntry>();

  get entries(): readonly MountEntry[] {
    return [...this.#mounts.values()];
  }

  add(client: string, path: string): void {
    const key = keyOf(client, path);
    this.#mounts.delete(key);
    this.#mounts.set(key, { client, path });
    if (this.#mounts.size <= MAX_MOUNTS) return;
    const [oldest] = this.#mounts.keys();
    if (oldest !== undefined) this.#mounts.delete(oldest);
  }

  remove(client: string, path: string): void {
    this.#mounts.delete(keyOf(client, path));
  }

  removeAll(client: string): void {
    for (const [key, entry] of this.#mounts) if (entry.client === client) this.#mounts.delete(key);
  }
}

function keyOf(client: string, path: string): string {
  return `${client} ${path}`;
}
