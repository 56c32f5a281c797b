import type { Proof } from '../../core/mirrors/proof.ts';
import { byHashPath } from '../../core/mirrors/release-list.ts';
import type { KeptFile, MirrorFiles } from './mirror-files.ts';
import { type FetchEnd, isOfSystem, MirrorFetch, type FetchWish } from './mirror-fetch.ts';
import type { MirrorKept } from './mirror-kept.ts';
import type { MirrorProofs } from './mirror-proofs.ts';
import type { MirrorReach } from './mirror-reach.ts';
import { type MirrorUpstream, wordsOf } from './mirror-upstream.ts';

/** Files that are fetched at one time; each is open, and has a request that runs or waits its turn. */
export const MAX_FETCHES = 128;

export interface MirrorFetchesNeeds {
  readonly files: MirrorFiles;
  readonly upstream: MirrorUpstream;
  readonly kept: MirrorKept;
  readonly proofs: MirrorProofs;
  readonly reach: MirrorReach;
  readonly nowMs: () => number;
  readonly received: (bytes: number) => void;
  /** A file was not what the index says. */
  readonly mismatch: (path: string, because: string) => void;
  /** A file came whole and is in its place. */
  readonly landed: (file: KeptFile) => Promise<void>;
}

/** What comes from the upstream now: one fetch for one file, however many want it. */
export class MirrorFetches {
  readonly #needs: MirrorFetchesNeeds;
  readonly #running = new Map<string, { readonly fetch: MirrorFetch; readonly settled: Promise<FetchEnd> }>();
  #isClosed = false;

  constructor(needs: MirrorFetchesNeeds) {
    this.#needs = needs;
  }

  get count(): number {
    return this.#running.size;
  }

  find(path: string): MirrorFetch | undefined {
    return this.#running.get(path)?.fetch;
  }

  /** When it is over. */
  settledOf(path: string): Promise<FetchEnd> | undefined {
    return this.#running.get(path)?.settled;
  }

  /** When it is over and, where it came whole, the file is in its place. Undefined where too many run already. */
  begin(
    path: string,
    proof: Proof | undefined,
    known?: KeptFile,
  ): { readonly fetch: MirrorFetch; readonly settled: Promise<FetchEnd> } | undefined {
    const running = this.#running.get(path);
    if (running !== undefined) return running;
    const from = namesOf(path, proof, this.#needs.proofs.hasByHash(path));
    return this.#start({ path, proof, from, ...(known ? { known } : {}) }, async (end) => {
      if (end.end !== 'whole') return;
      await this.#needs.kept.land(end.file);
      await this.#needs.landed(end.file);
    });
  }

  /**
   * The same beside the file that is in its place; `land` puts it there.
   *
   * @param byHash whether it is there under its digest too.
   */
  async stage(path: string, proof: Proof | undefined, known?: KeptFile, byHash = false): Promise<FetchEnd> {
    const staged = stagePath(path);
    const wish = { path: staged, proof, from: namesOf(path, proof, byHash), ...(known ? { known } : {}) };
    const started = this.#running.get(staged) ?? this.#start(wish, () => Promise.resolve());
    if (started === undefined)
      return { end: 'unreachable', because: `${MAX_FETCHES} files are being fetched already` };
    const end = await started.settled;
    return end.end === 'whole' ? { end: 'whole', file: { ...end.file, path } } : end;
  }

  async land(file: KeptFile): Promise<void> {
    await this.#needs.kept.land(file, stagePath(file.path));
    this.#needs.kept.release(stagePath(file.path), 0);
  }

  /** Where the bytes of what was staged are. */
  stagedFile(path: string): string {
    return this.#needs.files.partialOf(stagePath(path));
  }

  keptFile(path: string): string {
    return this.#needs.files.bodyOf(path);
  }

  async dropStaged(path: string): Promise<void> {
    await this.#needs.files.dropPartial(stagePath(path));
    this.#needs.kept.release(stagePath(path), 0);
  }

  /** What has come of each stays. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running.values()].map(({ fetch }) => fetch.stop()));
    await Promise.allSettled([...this.#running.values()].map(({ settled }) => settled));
  }

  #start(wish: FetchWish, whole: (end: FetchEnd) => Promise<void>) {
    if (this.#running.size >= MAX_FETCHES || this.#isClosed) return undefined;
    const { files, upstream, nowMs, received, kept } = this.#needs;
    const reserve = (bytes: number): Promise<string | undefined> => kept.reserve(wish.path, bytes);
    const fetch = new MirrorFetch({ files, upstream, nowMs, received, reserve }, wish);
    const settled = this.#settle(fetch, whole).finally(() => this.#running.delete(wish.path));
    settled.catch(() => undefined);
    const started = { fetch, settled };
    this.#running.set(wish.path, started);
    return started;
  }

  async #settle(fetch: MirrorFetch, whole: (end: FetchEnd) => Promise<void>): Promise<FetchEnd> {
    const { kept, reach, mismatch } = this.#needs;
    const { path } = fetch.wish;
    try {
      const end = await fetch.over;
      if (end.end === 'unreachable') {
        if (!this.#isClosed) reach.failed(end.because);
      } else if (end.end !== 'no room') reach.answered();
      if (end.end === 'mismatch') mismatch(path.replace(STAGED, ''), end.because);
      await whole(end);
      return end;
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      return { end: 'no room', because: `it cannot be put in its place: ${wordsOf(error)}` };
    } finally {
      const isStaged = path.startsWith(STAGED) && fetch.ended?.end === 'whole';
      kept.release(path, isStaged || fetch.ended?.end !== 'whole' ? fetch.partial.have : 0);
    }
  }
}

/** The upstream may be on its way to another set of indexes; under its digest each is the one that is meant. */
function namesOf(path: string, proof: Proof | undefined, byHash: boolean): readonly string[] {
  if (proof?.algorithm !== 'sha256' || !byHash) return [path];
  return [byHashPath(path, proof.algorithm, proof.hex), path];
}

/** No path of a client begins with a slash, so none can be this one. */
const STAGED = '/new/';

function stagePath(path: string): string {
  return `${STAGED}${path}`;
}
