import { INSTALLS_DOOR } from '../../core/boot/machine-urls.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import { type ByteSource, sourceOfBytes } from '../../lib/byte-source.ts';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import type { AnswerFile, AnswerRequest } from './install-files.ts';

export interface InstallFileTreeNeeds {
  /** What stands beside it: the images. */
  readonly beside: FileTree;
  readonly openAnswer: (request: AnswerRequest) => Promise<AnswerFile>;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
  readonly refused: (refusal: AnswerFile & { readonly found: false }) => void;
}

/** Ids below those of any other tree that is shown with it; they are found by no one. */
const INSTALLS: TreeNode = folder(Number.MAX_SAFE_INTEGER);
const INSTALL_ID = Number.MAX_SAFE_INTEGER - 1;
const FILE_ID = Number.MAX_SAFE_INTEGER - 2;

/**
 * The answer file of the machine that asks, as `/installs/TOKEN/FILE`, beside the images. The folder is in no listing,
 * and whoever has no install finds the same whatever he tries: folders with nothing in them.
 */
export class InstallFileTree implements FileTree {
  readonly root: TreeNode;
  readonly #needs: InstallFileTreeNeeds;
  /** The token of a folder that was shown. */
  readonly #tokens = new WeakMap<TreeNode, string>();
  readonly #files = new WeakMap<TreeNode, { readonly folder: TreeNode; readonly request: AnswerRequest }>();

  constructor(needs: InstallFileTreeNeeds) {
    this.#needs = needs;
    this.root = needs.beside.root;
  }

  byId(id: number): Promise<TreeNode | undefined> {
    return this.#needs.beside.byId(id);
  }

  async child(parent: TreeNode, name: string): Promise<TreeNode | undefined> {
    if (parent === INSTALLS) return this.#folderOf(name);
    const token = this.#tokens.get(parent);
    if (token !== undefined) return await this.#fileOf(parent, token, name);
    if (parent.id === this.root.id && name === INSTALLS_DOOR) return INSTALLS;
    return await this.#needs.beside.child(parent, name);
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    if (node === INSTALLS) return this.root;
    if (this.#tokens.has(node)) return INSTALLS;
    return this.#files.get(node)?.folder ?? (await this.#needs.beside.parent(node));
  }

  async entries(parent: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    if (parent === INSTALLS || this.#tokens.has(parent)) return [];
    return await this.#needs.beside.entries(parent, after, limit);
  }

  target(link: TreeNode): Promise<string> {
    return this.#needs.beside.target(link);
  }

  async open(file: TreeNode): Promise<ByteSource> {
    const own = this.#files.get(file);
    if (own === undefined) return await this.#needs.beside.open(file);
    const answer = await this.#needs.openAnswer({ ...own.request, purpose: 'fetch' });
    if (answer.found) return sourceOfBytes(bytesOf(answer.content));
    this.#needs.refused(answer);
    throw new RangeError(answer.because);
  }

  #folderOf(token: string): TreeNode {
    const shown = folder(INSTALL_ID);
    this.#tokens.set(shown, token);
    return shown;
  }

  async #fileOf(parent: TreeNode, token: string, file: string): Promise<TreeNode | undefined> {
    const { clientAddress, localAddress, openAnswer, refused } = this.#needs;
    const request: AnswerRequest = { token, file, clientAddress, localAddress, purpose: 'look' };
    const answer = await openAnswer(request);
    if (!answer.found) {
      refused(answer);
      return undefined;
    }
    const size = bytesOf(answer.content).length;
    const shown: TreeNode = { kind: 'file', id: FILE_ID, size, mode: 0o444, mtimeMs: 0 };
    this.#files.set(shown, { folder: parent, request });
    return shown;
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function folder(id: number): TreeNode {
  return { kind: 'folder', id, size: 0, mode: 0o555, mtimeMs: 0 };
}
