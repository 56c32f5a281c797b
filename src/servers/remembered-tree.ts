import { type ByteSource, placeOf } from '../lib/byte-source.ts';
import type { Clock } from '../lib/clock.ts';
import type { FileTree, TreeEntry, TreeNode } from '../lib/file-tree.ts';

/** A file that was replaced is sent as it was for so long; what is asked for again in that time costs no look at the disk. */
const KEEP_MS = 2_000;
/** Names, and open files, that are kept at one time. */
const MAX_NAMES = 8_192;
const MAX_FILES = 512;

interface KnownName {
  readonly node: Promise<TreeNode | undefined>;
  readonly untilMs: number;
}

interface KeptFile {
  readonly source: Promise<ByteSource>;
  readonly untilMs: number;
  uses: number;
  /** Whoever asks next may have it. */
  isKept: boolean;
}

/**
 * A tree whose names and open files are remembered for a moment: a rack that installs asks for the same files at the same
 * time. What is not there is looked for each time.
 */
export class RememberedTree implements FileTree {
  readonly #tree: FileTree;
  readonly #clock: Clock;
  readonly #names = new Map<string, KnownName>();
  readonly #files = new Map<string, KeptFile>();
  readonly #failed: (error: unknown) => void;
  #sweeping: NodeJS.Timeout | undefined;

  /** @param failed gets what goes wrong when a file is closed that nobody waits for. */
  constructor(tree: FileTree, clock: Clock, failed: (error: unknown) => void) {
    this.#tree = tree;
    this.#clock = clock;
    this.#failed = failed;
  }

  get root(): TreeNode {
    return this.#tree.root;
  }

  byId(id: number): Promise<TreeNode | undefined> {
    return this.#tree.byId(id);
  }

  child(folder: TreeNode, name: string): Promise<TreeNode | undefined> {
    const key = `${folder.id}/${name}`;
    const known = this.#names.get(key);
    if (known && this.#isFresh(known)) return known.node;
    const node = this.#tree.child(folder, name);
    this.#names.delete(key);
    this.#names.set(key, { node, untilMs: this.#clock.nowMs() + KEEP_MS });
    dropOldest(this.#names, MAX_NAMES, (oldest) => this.#names.delete(oldest));
    const forget = (): void => void this.#names.delete(key);
    node.then((found) => (found === undefined ? forget() : undefined), forget);
    this.#sweepLater();
    return node;
  }

  parent(node: TreeNode): Promise<TreeNode> {
    return this.#tree.parent(node);
  }

  entries(folder: TreeNode, after: number, limit: number): Promise<readonly TreeEntry[]> {
    return this.#tree.entries(folder, after, limit);
  }

  target(link: TreeNode): Promise<string> {
    return this.#tree.target(link);
  }

  async open(node: TreeNode): Promise<ByteSource> {
    const key = `${node.id} ${node.size} ${node.mtimeMs}`;
    const known = this.#files.get(key);
    const file = known && this.#isFresh(known) ? known : this.#keep(key, node);
    file.uses += 1;
    try {
      const source = await file.source;
      // What is made on the fly is another one for each.
      if (placeOf(source) === undefined) this.#forget(key, file);
      return sharedSource(source, () => this.#giveBack(file));
    } catch (error) {
      file.uses -= 1;
      this.#forget(key, file);
      throw error;
    }
  }

  /** Closes what nobody uses; for the end. */
  forgetAll(): void {
    clearTimeout(this.#sweeping);
    this.#sweeping = undefined;
    this.#names.clear();
    for (const [key, file] of this.#files) this.#forget(key, file);
  }

  #keep(key: string, node: TreeNode): KeptFile {
    const before = this.#files.get(key);
    if (before) this.#forget(key, before);
    const untilMs = this.#clock.nowMs() + KEEP_MS;
    const file: KeptFile = { source: this.#tree.open(node), untilMs, uses: 0, isKept: true };
    this.#files.set(key, file);
    dropOldest(this.#files, MAX_FILES, (oldest, kept) => this.#forget(oldest, kept));
    this.#sweepLater();
    return file;
  }

  #forget(key: string, file: KeptFile): void {
    if (this.#files.get(key) === file) this.#files.delete(key);
    if (!file.isKept) return;
    file.isKept = false;
    if (file.uses === 0) this.#close(file);
  }

  #giveBack(file: KeptFile): Promise<void> {
    file.uses -= 1;
    return file.uses === 0 && !file.isKept ? file.source.then((source) => source.close()) : DONE;
  }

  #close({ source }: KeptFile): void {
    // One that was not opened has been told to whoever asked for it.
    void source.then(
      (opened) => opened.close().catch(this.#failed),
      () => undefined,
    );
  }

  /** Also against a clock that is set back. */
  #isFresh({ untilMs }: { readonly untilMs: number }): boolean {
    const leftMs = untilMs - this.#clock.nowMs();
    return leftMs > 0 && leftMs <= KEEP_MS;
  }

  #sweepLater(): void {
    this.#sweeping ??= setTimeout(() => this.#sweep(), KEEP_MS).unref();
  }

  #sweep(): void {
    this.#sweeping = undefined;
    for (const [key, known] of this.#names) if (!this.#isFresh(known)) this.#names.delete(key);
    for (const [key, file] of this.#files) if (!this.#isFresh(file)) this.#forget(key, file);
    if (this.#names.size + this.#files.size > 0) this.#sweepLater();
  }
}

const DONE = Promise.resolve();

function dropOldest<Value>(
  map: Map<string, Value>,
  most: number,
  drop: (key: string, value: Value) => void,
): void {
  if (map.size <= most) return;
  const [oldest] = map;
  if (oldest) drop(...oldest);
}

/** The same bytes for one of several. */
function sharedSource(source: ByteSource, giveBack: () => Promise<void>): ByteSource {
  const { size, file, parts } = source;
  let isOpen = true;
  return {
    size,
    ...(file ? { file } : {}),
    ...(parts ? { parts } : {}),
    ...(source.readInto ? { readInto: source.readInto.bind(source) } : {}),
    read: (offset, length) => source.read(offset, length),
    close: () => {
      if (!isOpen) return DONE;
      isOpen = false;
      return giveBack();
    },
  };
}
