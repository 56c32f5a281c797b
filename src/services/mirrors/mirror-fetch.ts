import { setTimeout as sleep } from 'node:timers/promises';
import { decideResume, resumeHeaders } from '../../core/mirrors/decide-resume.ts';
import { objectionToFile, type Proof } from '../../core/mirrors/proof.ts';
import type { KeptFile, MirrorFiles } from './mirror-files.ts';
import { MirrorPartial } from './mirror-partial.ts';
import { type MirrorUpstream, type UpstreamAnswer, wordsOf } from './mirror-upstream.ts';

/** How often a fetch that broke off without a byte more is gone on with before it counts as failed. */
const RESUMES = 4;
/** The most that may come of a file whose length nobody tells. */
const MAX_UNTOLD_BYTES = 2 ** 30;

/** How a fetch ended. */
export type FetchEnd =
  /** It waits whole beside its place. */
  | { readonly end: 'whole'; readonly file: KeptFile }
  /** 304: what is here is current. */
  | { readonly end: 'same' }
  | FetchFailed;

export interface FetchFailed {
  /**
   * `mismatch`: it is not what the index says, and nothing of it is left. `unreachable`: it may come later.
   * `failed`: the upstream says what cannot be followed. `no room`: here.
   */
  readonly end: 'missing' | 'mismatch' | 'unreachable' | 'failed' | 'no room';
  readonly because: string;
}

interface Broken {
  readonly end: 'broken';
  readonly because: string;
}

export interface FetchNeeds {
  readonly files: MirrorFiles;
  readonly upstream: Pick<MirrorUpstream, 'get' | 'resumeAfterMs'>;
  readonly nowMs: () => number;
  /** Makes room for so many bytes more; why not, where there is none. */
  readonly reserve: (bytes: number) => Promise<string | undefined>;
  /** Bytes that came from the upstream. */
  readonly received: (bytes: number) => void;
}

export interface FetchWish {
  /** The file, as it is kept. */
  readonly path: string;
  /** Where it is fetched from, in this order: another name may be surer. */
  readonly from: readonly string[];
  readonly proof: Proof | undefined;
  /** Of the file that is here, where it is only wanted if it changed. */
  readonly known?: { readonly etag?: string | undefined; readonly lastModified?: string | undefined };
}

/** One fetch of one file, however many wait for it. They may read what has come. */
export class MirrorFetch {
  readonly wish: FetchWish;
  readonly #needs: FetchNeeds;
  readonly #partial: MirrorPartial;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #ended: FetchEnd | undefined;
  /** Rejects for a fault of ours or of the system only. */
  readonly over: Promise<FetchEnd>;

  constructor(needs: FetchNeeds, wish: FetchWish) {
    this.wish = wish;
    this.#needs = needs;
    this.#partial = new MirrorPartial(needs.files, wish.path, wish.proof?.algorithm);
    this.over = this.#run();
    // Whoever waits for it hears of it; where nobody does, nothing is to be said.
    this.over.catch(() => undefined);
  }

  /** What has come so far. */
  get partial(): Pick<MirrorPartial, 'have' | 'facts' | 'generation'> {
    return this.#partial;
  }

  /** Undefined while it goes on. */
  get ended(): FetchEnd | undefined {
    return this.#ended;
  }

  /** Resolves when more is known: the head, a piece, the end. */
  moved(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** What has come stays, and is gone on with later. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.over.catch(() => undefined);
  }

  async #run(): Promise<FetchEnd> {
    let end: FetchEnd = { end: 'failed', because: 'Muster could not write it to its disk' };
    try {
      await this.#partial.open(this.wish.proof?.bytes);
      this.#tell();
      end = await this.#fetch();
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      end = { end: 'no room', because: `it cannot be written: ${wordsOf(error)}` };
    } finally {
      await this.#partial.close();
      if (end.end !== 'whole' && this.#partial.have === 0)
        await this.#needs.files.dropPartial(this.wish.path);
      this.#ended = end;
      this.#tell();
    }
    return end;
  }

  async #fetch(): Promise<FetchEnd> {
    let end: FetchEnd = { end: 'missing', because: 'the upstream has no such file' };
    for (const source of this.wish.from) {
      end = await this.#fetchFrom(source);
      // Under another name it may be there, or be the right one.
      if (end.end !== 'missing' && end.end !== 'mismatch') return end;
    }
    return end;
  }

  async #fetchFrom(source: string): Promise<FetchEnd> {
    let because = '';
    for (let tried = 0; tried <= RESUMES; tried += 1) {
      if (tried > 0) await this.#pause(this.#needs.upstream.resumeAfterMs * 2 ** (tried - 1));
      if (this.#stop.signal.aborted) return { end: 'unreachable', because: 'Muster stops' };
      const before = this.#partial.have;
      const end = await this.#once(source);
      if (end.end !== 'broken') return end;
      because = end.because;
      if (this.#partial.have > before) tried = 0;
    }
    return { end: 'unreachable', because };
  }

  /** One request. */
  async #once(source: string): Promise<FetchEnd | Broken> {
    const { have, facts } = this.#partial;
    const { proof, known } = this.wish;
    // All of it came before Muster was ended.
    if (have > 0 && proof?.bytes === have) return await this.#judge();
    const rest = resumeHeaders(facts, have, proof !== undefined);
    if (rest === undefined) await this.#partial.beginAnew();
    const answer = await this.#needs.upstream.get(source, rest ?? conditions(known));
    if (answer.got === 'nothing') {
      if (answer.kind === 'wrong') return { end: 'failed', because: answer.because };
      // Where nothing came so far, nobody is made to wait for more tries.
      return { end: have === 0 ? 'unreachable' : 'broken', because: answer.because };
    }
    const refused = await this.#readHead(answer, rest !== undefined);
    if (refused !== undefined) {
      answer.body.destroy();
      return refused;
    }
    return (await this.#take(answer.body)) ?? (await this.#judge());
  }

  /** @returns undefined where the body is to be taken. */
  async #readHead(
    { head }: UpstreamAnswer & { readonly got: 'answer' },
    isResumed: boolean,
  ): Promise<FetchEnd | Broken | undefined> {
    const { status, contentLength, etag, lastModified } = head;
    const { path, proof, known } = this.wish;
    if (status === 304 && known !== undefined && !isResumed) return { end: 'same' };
    if (status === 404 || status === 410)
      return { end: 'missing', because: `the upstream has no such file (${status})` };
    if (status >= 500 || status === 429)
      return { end: 'unreachable', because: `the upstream answered ${status}` };
    if (isResumed) {
      const plan = decideResume(head, this.#partial.have, this.#partial.facts.bytes);
      if (plan.do === 'append') return undefined;
      await this.#partial.beginAnew();
      if (plan.do === 'give up') return { end: 'broken', because: plan.because };
    }
    if (status !== 200) return { end: 'failed', because: `the upstream answered ${status}` };
    if (proof?.bytes !== undefined && contentLength !== undefined && contentLength !== proof.bytes) {
      const because = `the upstream has ${contentLength} bytes, and the index says ${proof.bytes}`;
      return { end: 'mismatch', because };
    }
    const bytes = contentLength ?? proof?.bytes;
    const noRoom = await this.#needs.reserve(bytes ?? 0);
    if (noRoom !== undefined) return { end: 'no room', because: noRoom };
    await this.#partial.begin({ path, bytes, etag, lastModified });
    this.#tell();
    return undefined;
  }

  /** Takes what comes. @returns why that was not all; undefined where it was. */
  async #take(
    body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  ): Promise<FetchEnd | Broken | undefined> {
    const told = this.#partial.facts.bytes;
    const onStop = (): void => void body.destroy();
    this.#stop.signal.addEventListener('abort', onStop);
    try {
      for await (const piece of body) {
        if (this.#partial.have + piece.length > (told ?? MAX_UNTOLD_BYTES)) {
          await this.#partial.beginAnew();
          return { end: 'mismatch', because: `more than ${told ?? MAX_UNTOLD_BYTES} bytes came` };
        }
        const full = await this.#append(piece);
        if (full !== undefined) return { end: 'no room', because: full };
      }
    } catch (error) {
      return { end: 'broken', because: wordsOf(error) };
    } finally {
      this.#stop.signal.removeEventListener('abort', onStop);
      body.destroy();
    }
    return told !== undefined && this.#partial.have < told
      ? { end: 'broken', because: `it ended after ${this.#partial.have} of ${told} bytes` }
      : undefined;
  }

  async #append(piece: Uint8Array): Promise<string | undefined> {
    try {
      await this.#partial.append(piece);
    } catch (error) {
      await this.#partial.beginAnew();
      return `the disk of this server took no more (${wordsOf(error)})`;
    }
    this.#needs.received(piece.length);
    this.#tell();
    return undefined;
  }

  /** It came as a whole; whether it is what it must be. */
  async #judge(): Promise<FetchEnd> {
    const { path, proof } = this.wish;
    const { have: bytes, facts } = this.#partial;
    const digests = await this.#partial.finish();
    const because = proof && objectionToFile(proof, bytes, digests);
    if (because !== undefined) {
      await this.#partial.beginAnew();
      return { end: 'mismatch', because };
    }
    const nowMs = this.#needs.nowMs();
    const { etag, lastModified } = facts;
    const { sha256 } = digests;
    return {
      end: 'whole',
      file: { path, bytes, sha256, proof, etag, lastModified, checkedAtMs: nowMs, usedAtMs: nowMs },
    };
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** A disk that is full, or only read. */
export function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}

function conditions(known: FetchWish['known']): Readonly<Record<string, string>> {
  return {
    ...(known?.etag === undefined ? {} : { 'If-None-Match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'If-Modified-Since': known.lastModified }),
  };
}
