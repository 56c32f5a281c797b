import type { ByteSource } from './byte-source.ts';
import type { FileTree, TreeEntry, TreeNode } from './file-tree.ts';

/**
 * Two trees as one: what is in the upper takes the place of what has its name in the lower, and folders that are in both
 * have the entries of both. The lower's ids stay as they are, so that a client that has mounted it goes on when an upper
 * one comes or goes; those of the upper are counted from the other end of the safe integers.
 *
 * A folder that is in both is found by its id as both, as long as this object has shown it before; afterwards as the
 * lower's alone, until somebody comes to it by its name.
 */
export function overlaidTrees(upper: FileTree, lower: FileTree): FileTree {
  return new OverlaidTrees(upper, lower);
}

/** Where a node is; at least one of them. */
interface Place {
  readonly upper: TreeNode | undefined;
  readonly lower: TreeNode | undefined;
}

/** Ids of the upper are below this: those of folders have twelve hexadecimal digits. Discs have theirs below 496 GiB. */
const MAX_UPPER_ID = 2 ** 48;
const FIRST_UPPER = Number.MAX_SAFE_INTEGER - MAX_UPPER_ID;
/** What is in the upper has cookies below it, and what is in the lower above, so that the upper comes first. */
const LOWER_COOKIES = 2 ** 52;
/** Folders in both that are remembered. */
const MAX_MERGED = 10_000;
/** Names of one folder of the upper, which somebody put there by hand. */
const MAX_UPPER_NAMES = 10_000;

class OverlaidTrees implements FileTree {
  readonly root: TreeNode;
  readonly #upper: FileTree;
  readonly #lower: FileTree;
  readonly #places = new WeakMap<TreeNode, Place>();
  /** Folders that are in both, by the id in either. */
  readonly #upperOf = new Map<number, TreeNode>();
  readonly #lowerOf = new Map<number, TreeNode>();

  constructor(upper: FileTree, lower: FileTree) {
    this.#upper = upper;
    this.#lower = lower;
    this.root = this.#show({ upper: upper.root, lower: lower.root });
  }

  async byId(id: number): Promise<TreeNode | undefined> {
    if (id >= FIRST_UPPER) {
      const upper = await this.#upper.byId(Number.MAX_SAFE_INTEGER - id);
      return upper && this.#show({ upper, lower: undefined });
    }
    const lower = await this.#lower.byId(id);
    return lower && this.#show({ upper: this.#upperOf.get(lower.id), lower });
  }

  async child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    const { upper, lower } = this.#placeOf(folder);
    return this.#merge(
      upper && (await this.#upper.child(upper, name)),
      lower && (await this.#lower.child(lower, name)),
    );
  }

  async parent(node: TreeNode): Promise<TreeNode> {
    const { upper, lower } = this.#placeOf(node);
    if (lower) {
      const above = await this.#lower.parent(lower);
      return this.#show({ upper: this.#upperOf.get(above.id), lower: above });
    }
    if (!upper) return this.root;
    const above = await this.#upper.parent(upper);
    return this.#show({ upper: above, lower: this.#lowerOf.get(above.id) });
  }

  async entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    const { upper, lower } = this.#placeOf(folder);
    const found: TreeEntry[] = [];
    if (upper && after < LOWER_COOKIES) {
      for (const { name, node, cookie } of await this.#upper.entries(upper, after, limit)) {
        const below = lower && (await this.#lower.child(lower, name));
        const merged = this.#merge(node, below);
        if (merged) found.push({ name, node: merged, cookie });
      }
    }
    if (!lower) return found;
    const shadowed = upper ? await this.#namesOf(upper) : undefined;
    for (let from = Math.max(0, after - LOWER_COOKIES); found.length < limit; ) {
      const page = await this.#lower.entries(lower, from, limit - found.length);
      for (const { name, node, cookie } of page) {
        from = cookie;
        if (shadowed?.has(name) === true) continue;
        found.push({
          name,
          node: this.#show({ upper: undefined, lower: node }),
          cookie: LOWER_COOKIES + cookie,
        });
      }
      if (page.length === 0) break;
    }
    return found;
  }

  async target(link: TreeNode): Promise<string> {
    const { upper, lower } = this.#placeOf(link);
    return upper ? await this.#upper.target(upper) : await this.#lower.target(lower ?? link);
  }

  async open(file: TreeNode): Promise<ByteSource> {
    const { upper, lower } = this.#placeOf(file);
    return upper ? await this.#upper.open(upper) : await this.#lower.open(lower ?? file);
  }

  async #namesOf(folder: TreeNode): Promise<ReadonlySet<string>> {
    const entries = await this.#upper.entries(folder, 0, MAX_UPPER_NAMES);
    return new Set(entries.map(({ name }) => name));
  }

  #merge(upper: TreeNode | undefined, lower: TreeNode | undefined): TreeNode | undefined {
    if (upper?.kind === 'folder' && lower?.kind === 'folder') return this.#show({ upper, lower });
    if (upper) return this.#show({ upper, lower: undefined });
    return lower && this.#show({ upper, lower });
  }

  #show(place: Place): TreeNode {
    const { upper, lower } = place;
    if (upper && lower) this.#remember(upper, lower);
    const id = lower?.id ?? Number.MAX_SAFE_INTEGER - (upper?.id ?? 0);
    const { extents: _, ...shown } = lower ?? upper ?? this.root;
    const node: TreeNode = { ...shown, ...(lower?.extents ? { extents: lower.extents } : {}), id };
    this.#places.set(node, place);
    return node;
  }

  #remember(upper: TreeNode, lower: TreeNode): void {
    if (this.#upperOf.size >= MAX_MERGED && !this.#upperOf.has(lower.id)) {
      this.#upperOf.clear();
      this.#lowerOf.clear();
      this.#upperOf.set(this.#lower.root.id, this.#upper.root);
      this.#lowerOf.set(this.#upper.root.id, this.#lower.root);
    }
    this.#upperOf.set(lower.id, upper);
    this.#lowerOf.set(upper.id, lower);
  }

  /** Of a node of somebody's own making, what its id says. */
  #placeOf(node: TreeNode): Place {
    const known = this.#places.get(node);
    if (known) return known;
    if (node.id < FIRST_UPPER) return { upper: this.#upperOf.get(node.id), lower: node };
    return { upper: { ...node, id: Number.MAX_SAFE_INTEGER - node.id }, lower: undefined };
  }
}
