import type { Libc, NativeMemory } from '../../os/libc.ts';
import type { PlaneAnswer } from './plane-messages.ts';

/**
 * How long an answer that holds for everyone is used again without asking. A storm for one file costs one question
 * in this time, and a file that was replaced is noticed after it.
 */
export const REMEMBER_MS = 1000;
/** Names that are remembered at most. */
const MAX_NAMES = 1024;

/** Bytes that transfers send, wherever they lie. */
export interface PlaneFile {
  readonly address: number;
  readonly bytes: number;
  /** Undefined for bytes that are our own. */
  readonly mapping: number | undefined;
  readonly memory: NativeMemory | undefined;
  /** Transfers and remembered names that need it. */
  users: number;
  /** How often the main thread has given it. */
  given: number;
}

type FileAnswer = Extract<PlaneAnswer, { readonly give: 'file' | 'bytes' }>;

/** The files that are being sent, each once, and what was answered a moment ago. */
export class PlaneFiles {
  readonly #libc: Libc;
  readonly #byMapping = new Map<number, PlaneFile>();
  readonly #names = new Map<string, { readonly file: PlaneFile; readonly untilMs: number }>();
  readonly #idle = new Set<PlaneFile>();
  #released: { mapping: number; times: number }[] = [];

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** The file of an answer, which the caller gives back with `release`. */
  take(answer: FileAnswer): PlaneFile {
    const file = answer.give === 'file' ? this.#ofMapping(answer) : this.#ofBytes(answer.bytes);
    file.users += 1;
    return file;
  }

  hold(file: PlaneFile): void {
    file.users += 1;
  }

  release(file: PlaneFile): void {
    file.users -= 1;
    if (file.users === 0) this.#idle.add(file);
  }

  /**
   * Gives back what nobody uses any more. Nothing that is still to be sent may lie in it.
   *
   * @returns whether the main thread is to be told
   */
  reap(): boolean {
    if (this.#idle.size === 0) return false;
    for (const file of this.#idle) {
      if (file.users > 0) continue;
      file.memory?.free();
      if (file.mapping === undefined) continue;
      this.#byMapping.delete(file.mapping);
      this.#released.push({ mapping: file.mapping, times: file.given });
    }
    this.#idle.clear();
    return this.#released.length > 0;
  }

  remember(key: string, file: PlaneFile, nowMs: number): void {
    this.forget(key);
    if (this.#names.size >= MAX_NAMES) return;
    this.hold(file);
    this.#names.set(key, { file, untilMs: nowMs + REMEMBER_MS });
  }

  remembered(key: string, nowMs: number): PlaneFile | undefined {
    const known = this.#names.get(key);
    if (!known) return undefined;
    if (known.untilMs > nowMs) return known.file;
    this.forget(key);
    return undefined;
  }

  forget(key: string): void {
    const known = this.#names.get(key);
    if (!known) return;
    this.#names.delete(key);
    this.release(known.file);
  }

  /** Lets go of what was remembered too long ago. */
  sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.#names) if (untilMs <= nowMs) this.forget(key);
  }

  /** What the main thread may unmap: told once. */
  takeReleased(): { mapping: number; times: number }[] {
    const released = this.#released;
    if (released.length > 0) this.#released = [];
    return released;
  }

  #ofMapping({ mapping, address, bytes }: Extract<PlaneAnswer, { give: 'file' }>): PlaneFile {
    const known = this.#byMapping.get(mapping);
    const file = known ?? { address, bytes, mapping, memory: undefined, users: 0, given: 0 };
    if (!known) this.#byMapping.set(mapping, file);
    file.given += 1;
    return file;
  }

  #ofBytes(bytes: Uint8Array): PlaneFile {
    // malloc(0) may give no address at all.
    const memory = this.#libc.allocate(Math.max(1, bytes.length));
    new Uint8Array(memory.buffer).set(bytes);
    return { address: memory.address, bytes: bytes.length, mapping: undefined, memory, users: 0, given: 0 };
  }
}
