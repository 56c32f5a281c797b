import { sourceOfBytes, type ByteSource } from '../byte-source.ts';
import { encodeText } from '../byte-writer.ts';
import type { FileTree, TreeEntry, TreeNode } from '../file-tree.ts';

/** What a tree for tests is made of: folders are objects, files text or bytes, links say where they lead. */
export type Plan = {
  readonly [name: string]:
    | string
    | Uint8Array
    | ByteSource
    | { readonly link: string }
    | Folder
    | BytesElsewhere;
};

/** A file that is opened each time it is asked for. */
export class BytesElsewhere {
  readonly size: number;
  readonly open: () => Promise<ByteSource>;

  constructor(size: number, open: () => Promise<ByteSource>) {
    this.size = size;
    this.open = open;
  }
}

/** What nodes look like. */
export interface TreeLook {
  readonly mtimeMs: number;
  readonly modes: { readonly folder: number; readonly file: number; readonly elsewhere: number };
  /** From one entry of a folder to the next: cookies are no places in a list. */
  readonly cookieStep: number;
}

interface Folder {
  readonly folder: Plan;
}

export const MADE_MS = Date.UTC(2024, 0, 2, 3, 4, 5);

const USUAL_LOOK: TreeLook = {
  mtimeMs: MADE_MS,
  modes: { folder: 0o755, file: 0o644, elsewhere: 0o644 },
  cookieStep: 1,
};

interface Kept {
  readonly node: TreeNode;
  readonly parent: TreeNode | undefined;
  readonly entries: readonly TreeEntry[];
  readonly target: string;
  readonly open: () => ByteSource | Promise<ByteSource>;
}

/** A tree in memory that counts what is asked of it. */
export class MemoryTree implements FileTree {
  readonly root: TreeNode;
  lookUps = 0;
  opened = 0;
  closed = 0;
  readonly #kept = new Map<number, Kept>();
  readonly #look: TreeLook;

  constructor(plan: Plan, look: TreeLook = USUAL_LOOK) {
    this.#look = look;
    this.root = this.#keepFolder(plan, undefined);
  }

  byId(id: number): Promise<TreeNode | undefined> {
    return Promise.resolve(this.#kept.get(id)?.node);
  }

  child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    this.lookUps += 1;
    if (folder.kind !== 'folder') return Promise.reject(new Error('a child of what is no folder'));
    return Promise.resolve(this.#of(folder).entries.find((entry) => entry.name === name)?.node);
  }

  parent(node: TreeNode): Promise<TreeNode> {
    return Promise.resolve(this.#of(node).parent ?? this.root);
  }

  entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    const { entries } = this.#of(folder);
    return Promise.resolve(entries.filter(({ cookie }) => cookie > after).slice(0, limit));
  }

  target(link: TreeNode): Promise<string> {
    return Promise.resolve(this.#of(link).target);
  }

  async open(file: TreeNode): Promise<ByteSource> {
    this.opened += 1;
    const source = await this.#of(file).open();
    return {
      ...source,
      read: (offset, length) => source.read(offset, length),
      close: () => {
        this.closed += 1;
        return source.close();
      },
    };
  }

  /** As if it had been taken away. */
  remove(id: number): void {
    this.#kept.delete(id);
  }

  /** The node of a path, for a test that needs its id. */
  at(path: string): TreeNode {
    let node = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const entry = this.#of(node).entries.find((one) => one.name === name);
      if (!entry) throw new Error(`There is no ${path} in this tree`);
      node = entry.node;
    }
    return node;
  }

  #of(node: TreeNode): Kept {
    const kept = this.#kept.get(node.id);
    if (!kept) throw new Error(`no node ${node.id}`);
    return kept;
  }

  #keepFolder(plan: Plan, parent: TreeNode | undefined): TreeNode {
    const node: TreeNode = this.#node('folder', 0, this.#look.modes.folder);
    const entries = Object.entries(plan).map(([name, what], at) => ({
      name,
      cookie: (at + 1) * this.#look.cookieStep,
      node: this.#keep(what, node),
    }));
    this.#put(node, { parent, entries });
    return node;
  }

  #keep(what: Plan[string], parent: TreeNode): TreeNode {
    if (typeof what === 'string') return this.#keep(new TextEncoder().encode(what), parent);
    if ('folder' in what) return this.#keepFolder(what.folder, parent);
    if ('link' in what) {
      const node = this.#node('link', encodeText(what.link).length, 0o777);
      this.#put(node, { parent, target: what.link });
      return node;
    }
    if (what instanceof BytesElsewhere) {
      const elsewhere = this.#node('file', what.size, this.#look.modes.elsewhere);
      this.#put(elsewhere, { parent, open: what.open });
      return elsewhere;
    }
    const source = what instanceof Uint8Array ? sourceOfBytes(what) : what;
    const node = this.#node('file', source.size, this.#look.modes.file);
    this.#put(node, { parent, open: () => source });
    return node;
  }

  #node(kind: TreeNode['kind'], size: number, mode: number): TreeNode {
    // Taken at once, so that no other node has the same.
    const node = { kind, id: this.#kept.size + 1, size, mode, mtimeMs: this.#look.mtimeMs } as const;
    this.#put(node, {});
    return node;
  }

  #put(node: TreeNode, kept: Partial<Kept>): void {
    const open = (): ByteSource => {
      throw new Error('this is no file');
    };
    this.#kept.set(node.id, { parent: undefined, entries: [], target: '', open, ...kept, node });
  }
}
