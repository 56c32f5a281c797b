import type { ByteSource } from './byte-source.ts';
import type { FileTree, TreeEntry, TreeNode } from './file-tree.ts';

/** A tree that stands as a folder in another one. */
export interface MountedTree {
  readonly name: string;
  /** Undefined where it cannot be read now: the folder is empty then. */
  readonly open: () => Promise<FileTree | undefined>;
}

/** Asked each time, since trees come and go. */
export type MountTable = () => Promise<readonly MountedTree[]>;

interface Inside {
  readonly mount: string;
  readonly tree: FileTree;
  readonly node: TreeNode;
}

const ROOT_ID = 1;
const FOLDER_ID = 2;

/**
 * Trees below one folder of a tree: `/images/NAME/…`. Its ids hold as long as the process runs and are unique among what was
 * shown last; nothing is found by them again.
 */
export function mountedTrees(folderName: string, mounts: MountTable): FileTree {
  return new MountedTrees(folderName, mounts);
}

class MountedTrees implements FileTree {
  readonly root: TreeNode = folderNode(ROOT_ID);
  readonly #folderName: string;
  readonly #folder: TreeNode = folderNode(FOLDER_ID);
  readonly #mounts: MountTable;
  /** Where the nodes are that were given. */
  readonly #inside = new WeakMap<TreeNode, Inside>();
  /** By mount and id in its tree. */
  readonly #ids = new Map<string, number>();
  #lastId = FOLDER_ID;

  constructor(folderName: string, mounts: MountTable) {
    this.#folderName = folderName;
    this.#mounts = mounts;
  }

  async byId(id: number): Promise<TreeNode | undefined> {
    return [this.root, this.#folder].find((node) => node.id === id);
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    if (folder.id === ROOT_ID) return name === this.#folderName ? this.#folder : undefined;
    if (folder.id === FOLDER_ID) {
      const mount = (await this.#mounts()).find((one) => one.name === name);
      return mount && (await this.#rootOf(mount));
    }
    const inside = this.#inside.get(folder);
    if (inside === undefined) return undefined;
    const node = await inside.tree.child(inside.node, name);
    return node && this.#show({ ...inside, node });
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    const inside = this.#inside.get(node);
    if (inside === undefined) return this.root;
    if (inside.node.id === inside.tree.root.id) return this.#folder;
    return this.#show({ ...inside, node: await inside.tree.parent(inside.node) });
  }

  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    if (folder.id === ROOT_ID)
      return after === 0 && limit > 0 ? [{ name: this.#folderName, cookie: 1, node: this.#folder }] : [];
    if (folder.id === FOLDER_ID) return await this.#mountEntries(after, limit);
    const inside = this.#inside.get(folder);
    if (inside === undefined) return [];
    const entries = await inside.tree.entries(inside.node, after, limit);
    return entries.map((entry) => ({ ...entry, node: this.#show({ ...inside, node: entry.node }) }));
  }

  async target(link: TreeNode): Promise<string> {
    const inside = this.#mustBeInside(link);
    return await inside.tree.target(inside.node);
  }

  async open(file: TreeNode): Promise<ByteSource> {
    const inside = this.#mustBeInside(file);
    return await inside.tree.open(inside.node);
  }

  async #mountEntries(after: number, limit: number): Promise<readonly TreeEntry[]> {
    const mounts = (await this.#mounts()).slice(after, after + limit);
    const nodes = await Promise.all(mounts.map((mount) => this.#rootOf(mount)));
    return mounts.flatMap(({ name }, index) => {
      const node = nodes[index];
      return node === undefined ? [] : [{ name, node, cookie: after + index + 1 }];
    });
  }

  async #rootOf({ name, open }: MountedTree): Promise<TreeNode> {
    const tree = await open();
    return tree === undefined
      ? folderNode(this.#idOf(`${name} 0`))
      : this.#show({ mount: name, tree, node: tree.root });
  }

  #show(inside: Inside): TreeNode {
    const shown: TreeNode = { ...inside.node, id: this.#idOf(`${inside.mount} ${inside.node.id}`) };
    this.#inside.set(shown, inside);
    return shown;
  }

  #idOf(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= MAX_IDS) this.#ids.clear();
    this.#lastId += 1;
    this.#ids.set(key, this.#lastId);
    return this.#lastId;
  }

  #mustBeInside(node: TreeNode): Inside {
    const inside = this.#inside.get(node);
    if (inside === undefined)
      throw new RangeError('It is a folder of this server, and neither a file nor a link');
    return inside;
  }
}

/** Ids that are remembered; afterwards the same file has another one. */
const MAX_IDS = 200_000;

function folderNode(id: number): TreeNode {
  return { kind: 'folder', id, size: 0, mode: 0o555, mtimeMs: 0 };
}
