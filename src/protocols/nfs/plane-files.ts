import { lastAtMost } from '../../lib/pieces.ts';
import type { ServedFile } from './plane-messages.ts';

/** Handles whose file is known at one time; the one that was learned first makes room. */
export const MAX_KNOWN_FILES = 2048;

/** What a reply takes of this process whose data the kernel takes out of a file: itself, and its place in the queue. */
export const FILE_REPLY_BYTES = 4096;

/** A file, and where each of its extents begins in it. */
export interface HeldFile extends ServedFile {
  readonly starts: readonly number[];
}

/** Bytes of a file that a reply ends with. */
export interface FilePart {
  readonly file: HeldFile;
  readonly at: number;
  readonly length: number;
  readonly heldBytes: number;
  readonly machineName: string;
}

/** Where a byte of the file is, and how many follow it there; undefined behind its last extent. */
export function placeOfByte(
  { extents, starts }: HeldFile,
  at: number,
): { readonly offset: number; readonly length: number } | undefined {
  const index = lastAtMost(starts, at);
  const extent = extents[index];
  const inside = at - (starts[index] ?? 0);
  if (extent === undefined || inside >= extent.length) return undefined;
  return { offset: extent.offset + inside, length: extent.length - inside };
}

interface Uses {
  readonly file: HeldFile;
  /** Replies under way. */
  count: number;
  isKnown: boolean;
}

interface Known {
  /** Undefined where the main thread reads it. */
  readonly uses: Uses | undefined;
  readonly untilMs: number;
}

/** Which file a handle is of, for as long as that is sure, and which files are in use. */
export class KnownFiles {
  readonly #known = new Map<string, Known>();
  readonly #uses = new Map<number, Uses>();
  readonly #release: (file: number) => void;
  readonly #most: number;

  /** @param release told of each file once, when nobody needs it any more. */
  constructor(release: (file: number) => void, most: number = MAX_KNOWN_FILES) {
    this.#release = release;
    this.#most = most;
  }

  /** `unknown` where it must be asked for. */
  find(key: string, nowMs: number): HeldFile | 'of the main thread' | 'unknown' {
    const known = this.#known.get(key);
    if (known === undefined || known.untilMs <= nowMs) return 'unknown';
    return known.uses?.file ?? 'of the main thread';
  }

  learn(key: string, file: ServedFile, untilMs: number): HeldFile {
    const uses = hold(file);
    this.#uses.set(file.number, uses);
    this.#know(key, { uses, untilMs });
    return uses.file;
  }

  /** The kernel cannot send it, or there is none. */
  learnPlain(key: string, untilMs: number): void {
    this.#know(key, { uses: undefined, untilMs });
  }

  /** It stays open until `end`. */
  begin({ number }: ServedFile): void {
    const uses = this.#uses.get(number);
    if (uses) uses.count += 1;
  }

  end({ number }: ServedFile): void {
    const uses = this.#uses.get(number);
    if (!uses) return;
    uses.count -= 1;
    this.#releaseUnused(uses);
  }

  /** Its bytes are not what they were: it is asked for anew. */
  forget(file: ServedFile): void {
    for (const [key, { uses }] of this.#known) if (uses?.file.number === file.number) this.#forget(key);
  }

  /** What is no longer sure. To be called now and then. */
  forgetOld(nowMs: number): void {
    for (const [key, { untilMs }] of this.#known) if (untilMs <= nowMs) this.#forget(key);
  }

  #know(key: string, known: Known): void {
    this.#forget(key);
    this.#known.set(key, known);
    if (this.#known.size <= this.#most) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(key: string): void {
    const uses = this.#known.get(key)?.uses;
    this.#known.delete(key);
    if (uses === undefined) return;
    uses.isKnown = false;
    this.#releaseUnused(uses);
  }

  #releaseUnused({ isKnown, count, file: { number } }: Uses): void {
    if (isKnown || count > 0) return;
    if (this.#uses.delete(number)) this.#release(number);
  }
}

function hold(file: ServedFile): Uses {
  const starts: number[] = [];
  let at = 0;
  for (const { length } of file.extents) {
    starts.push(at);
    at += length;
  }
  return { file: { ...file, starts }, count: 0, isKnown: true };
}
