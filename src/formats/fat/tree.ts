import type { ByteSource } from '../../lib/byte-source.ts';
import type { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import { type Piece, sourceOfPieces } from '../../lib/pieces.ts';

/** A file or folder of a FAT volume, and what is in it. */
export interface FatNode {
  readonly node: TreeNode;
  readonly parent: FatNode | undefined;
  readonly pieces: readonly Piece[];
  /** In the order of the directory; empty for a file. */
  readonly entries: TreeEntry[];
  readonly byName: Map<string, FatNode | DecodeError>;
}

/** A tree that is known as a whole: volumes that firmware boots from are small. */
export class FatTree implements FileTree {
  readonly root: TreeNode;
  readonly #volume: ByteSource;
  readonly #nodes: ReadonlyMap<number, FatNode>;

  constructor(volume: ByteSource, root: FatNode, nodes: ReadonlyMap<number, FatNode>) {
    this.root = root.node;
    this.#volume = volume;
    this.#nodes = nodes;
  }

  byId(id: number): Promise<TreeNode | undefined> {
    return Promise.resolve(this.#nodes.get(id)?.node);
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    const found = this.#known(folder).byName.get(name);
    if (found instanceof Error) throw found;
    return found?.node;
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    return this.#known(node).parent?.node ?? this.root;
  }

  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    const { entries } = this.#known(folder);
    const first = entries.findIndex(({ cookie }) => cookie > after);
    return first === -1 ? [] : entries.slice(first, first + limit);
  }

  target(link: TreeNode): Promise<string> {
    return Promise.reject(new RangeError(`A ${link.kind} leads nowhere: FAT has no links`));
  }

  async open(file: TreeNode): Promise<ByteSource> {
    const { node, pieces } = this.#known(file);
    if (node.kind !== 'file') throw new RangeError(`A ${node.kind} has no bytes of its own`);
    return sourceOfPieces(this.#volume, pieces);
  }

  #known({ id }: TreeNode): FatNode {
    const known = this.#nodes.get(id);
    if (!known) throw new RangeError(`There is no node ${id} on the volume`);
    return known;
  }
}
