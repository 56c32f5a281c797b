import type { ByteSource, Extent } from './byte-source.ts';

/**
 * A tree of files that is only read: what is on a disc image, a folder, or several of them put together. Every door
 * shows the same tree (HTTP, FTP, NFS, TFTP), so it has what the most demanding of them, NFS, must know.
 *
 * Names are text: bytes that are not UTF-8 have become U+FFFD. No name is empty, `.` or `..`, or holds `/` or NUL.
 */
export interface FileTree {
  readonly root: TreeNode;
  /** The node with that id, also after a restart; undefined where there is none, or none any more. */
  byId(id: number): Promise<TreeNode | undefined>;
  /** What has that name in a folder; undefined where nothing has. */
  child(folder: TreeNode, name: string): Promise<TreeNode | undefined>;
  /** The folder that a node is in; that of the root is the root. */
  parent(node: TreeNode): Promise<TreeNode>;
  /**
   * What is in a folder, in an order that does not change.
   *
   * @param after the cookie of the last entry that is known already; 0 for none.
   * @param limit the most entries that are wanted.
   */
  entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]>;
  /** Where a symbolic link leads, as it stands there: nobody has followed it, and it may lead out of the tree. */
  target(link: TreeNode): Promise<string>;
  /** The bytes of a file. Rejects when they can no longer be read. */
  open(file: TreeNode): Promise<ByteSource>;
}

export interface TreeNode {
  readonly kind: 'file' | 'folder' | 'link';
  /** Unique in its tree and the same after a restart; a safe integer, greater than 0. */
  readonly id: number;
  /** In bytes; that of a link is the length of its target, that of a folder says nothing. */
  readonly size: number;
  /** The nine permission bits of POSIX. Who may write is nobody, whatever they say. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** For a file on a disc image: where in that its bytes lie, in order. They have `size` bytes in all. */
  readonly extents?: readonly Extent[];
}

export interface TreeEntry {
  readonly name: string;
  readonly node: TreeNode;
  /** Its place in the order of its folder: greater than 0 and than those before it. */
  readonly cookie: number;
}
