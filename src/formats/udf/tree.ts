import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import type { BlockAddress } from './addresses.ts';
import type { BlockSpace } from './block-space.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import { decodeFolder, decodeParent, type Folder, type FolderName } from './folder.ts';
import { addressOf, idOf, type LoadedNode, loadNode, NOWHERE, readTarget } from './load-node.ts';
import { lastAtMost, readExactly, sourceOfPieces } from '../../lib/pieces.ts';

/** What is kept of the tree: files and folders by their pieces, and names of folders. A few MB for real discs. */
const MAX_KEPT_PIECES = 131_072;
const MAX_KEPT_NAMES = 131_072;
/** The list of names of one folder: 100,000 names of 300 bytes. */
const MAX_FOLDER_BYTES = 32 * 2 ** 20;
/** The beginning of a folder, in which its parent stands: a name has 38 bytes, what an implementation adds, and no letters. */
const PARENT_BYTES = 512;
/** Names that are looked at for the folder that a file is in, when nobody came to the file from there. */
const MAX_NAMES_SEARCHED = 100_000;

interface LoadedFolder {
  readonly names: readonly FolderName[];
  readonly cookies: readonly number[];
  readonly byName: ReadonlyMap<string, FolderName>;
}

/** The files of a UDF disc. A folder is read when it is asked for; what cannot be read is left out of its folder. */
export class UdfTree implements FileTree {
  readonly root: TreeNode;
  readonly #space: BlockSpace;
  readonly #loaded = new BoundedCache<number, LoadedNode>(MAX_KEPT_PIECES, ({ pieces }) => pieces.length + 1);
  readonly #folders = new BoundedCache<number, LoadedFolder>(MAX_KEPT_NAMES, ({ names }) => names.length + 1);
  /** From a file to the folder in which somebody found it. */
  readonly #foundIn = new BoundedCache<number, number>(MAX_KEPT_NAMES, () => 1);

  private constructor(space: BlockSpace, root: TreeNode) {
    this.#space = space;
    this.root = root;
  }

  /** @throws DecodeError when there is no folder at that place. */
  static async open(space: BlockSpace, root: BlockAddress): Promise<UdfTree> {
    const { node } = await loadNode(space, root);
    if (node.kind !== 'folder') throw new DecodeError(`The root of the disc is a ${node.kind}`, 0);
    return new UdfTree(space, node);
  }

  async byId(id: number): Promise<TreeNode | undefined> {
    const address = addressOf(id);
    if (!address) return undefined;
    try {
      return (await this.#load(address)).node;
    } catch (error) {
      // There is no file's entry at this place.
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    const found = (await this.#folder(folder)).byName.get(name);
    return found && this.#childAt(folder, found.entry);
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    if (node.id === this.root.id) return this.root;
    const known = this.#foundIn.get(node.id);
    const address = known === undefined ? undefined : addressOf(known);
    if (address) return (await this.#load(address)).node;
    return node.kind === 'folder' ? this.#parentOfFolder(node) : this.#search(node);
  }

  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    const { names, cookies } = await this.#folder(folder);
    const found: TreeEntry[] = [];
    for (const { name, entry, cookie } of names.slice(firstBehind(cookies, after))) {
      if (found.length >= limit) break;
      const node = await this.#childIfSound(folder, entry);
      if (node) found.push({ name, node, cookie });
    }
    return found;
  }

  async target(link: TreeNode): Promise<string> {
    const { node, pieces } = await this.#loadNode(link);
    if (node.kind !== 'link') throw new RangeError(`A ${node.kind} leads nowhere`);
    return readTarget(this.#space, pieces);
  }

  async open(file: TreeNode): Promise<ByteSource> {
    const { node, pieces } = await this.#loadNode(file);
    if (node.kind !== 'file') throw new RangeError(`A ${node.kind} has no bytes of its own`);
    return sourceOfPieces(this.#space.disc, pieces);
  }

  async #load(address: BlockAddress): Promise<LoadedNode> {
    const id = idOf(address);
    const known = this.#loaded.get(id);
    if (known) return known;
    const loaded = await loadNode(this.#space, address);
    this.#loaded.set(id, loaded);
    return loaded;
  }

  #loadNode({ id }: TreeNode): Promise<LoadedNode> {
    return this.#load(addressOf(id) ?? NOWHERE);
  }

  async #folder(folder: TreeNode): Promise<LoadedFolder> {
    const known = this.#folders.get(folder.id);
    if (known) return known;
    const { names } = await this.#readFolder(folder);
    const cookies = names.map(({ cookie }) => cookie);
    const loaded = { names, cookies, byName: new Map(names.map((one) => [one.name, one])) };
    this.#folders.set(folder.id, loaded);
    return loaded;
  }

  async #readFolder(folder: TreeNode): Promise<Folder> {
    const { node, pieces } = await this.#loadNode(folder);
    if (node.kind !== 'folder') throw new RangeError(`A ${node.kind} holds no names`);
    if (node.size > MAX_FOLDER_BYTES)
      throw new DecodeError(
        `The names of a folder take ${node.size} bytes, the limit is ${MAX_FOLDER_BYTES}`,
        0,
      );
    return decodeFolder(await readExactly(sourceOfPieces(this.#space.disc, pieces), 0, node.size));
  }

  /**
   * What a name in a folder leads to. A folder says in which folder it is, and there can be only one: so what leads
   * back to a folder above it, or to one of another place, is refused, and no path goes on without end.
   */
  async #childAt(folder: TreeNode, entry: BlockAddress): Promise<TreeNode> {
    const { node } = await this.#load(entry);
    if (node.kind !== 'folder') {
      this.#foundIn.set(node.id, folder.id);
      return node;
    }
    if (node.id === this.root.id) throw new DecodeError('A name leads back to the root', 0);
    if (this.#foundIn.get(node.id) !== folder.id) {
      const parent = await this.#readParent(node);
      if (idOf(parent) !== folder.id) throw new DecodeError('A name leads to a folder of another place', 0);
      this.#foundIn.set(node.id, folder.id);
    }
    return node;
  }

  async #childIfSound(folder: TreeNode, entry: BlockAddress): Promise<TreeNode | undefined> {
    try {
      return await this.#childAt(folder, entry);
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  }

  async #parentOfFolder(folder: TreeNode): Promise<TreeNode> {
    const { node } = await this.#load(await this.#readParent(folder));
    if (node.kind !== 'folder') throw new DecodeError(`A folder says that it is in a ${node.kind}`, 0);
    return node;
  }

  async #readParent(folder: TreeNode): Promise<BlockAddress> {
    const { pieces } = await this.#loadNode(folder);
    const content = sourceOfPieces(this.#space.disc, pieces);
    const beginning = await readExactly(content, 0, Math.min(PARENT_BYTES, content.size));
    const parent = decodeParent(beginning) ?? (await this.#readFolder(folder)).parent;
    if (!parent) throw new DecodeError('A folder does not say where it is', 0);
    return parent;
  }

  /** A file does not say in which folder it is, so this is the long way; only after a restart it is ever gone. */
  async #search(file: TreeNode): Promise<TreeNode> {
    const folders = [this.root];
    let seen = 0;
    for (const folder of folders) {
      const names = await this.#namesIfSound(folder);
      if (names.some(({ entry }) => idOf(entry) === file.id)) return folder;
      seen += names.length;
      if (seen > MAX_NAMES_SEARCHED) throw new DecodeError('The folder that a file is in was not found', 0);
      for (const { entry } of names) {
        const node = await this.#childIfSound(folder, entry);
        if (node?.kind === 'folder') folders.push(node);
      }
    }
    throw new DecodeError('The file is in no folder', 0);
  }

  async #namesIfSound(folder: TreeNode): Promise<readonly FolderName[]> {
    try {
      return (await this.#folder(folder)).names;
    } catch (error) {
      if (error instanceof DecodeError) return [];
      throw error;
    }
  }
}

/** The index of the first cookie that is greater. */
function firstBehind(cookies: readonly number[], after: number): number {
  return (cookies[0] ?? Infinity) > after ? 0 : lastAtMost(cookies, after) + 1;
}
