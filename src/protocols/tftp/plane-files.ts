import type { Libc, NativeMemory } from '../../os/libc.ts';
import { DATA_HEADER_BYTES, emptyDataPacket, layDataPackets, WIRE_BLOCKS } from './packet.ts';
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
  /** Its packets, for those block sizes that were agreed on so far. */
  readonly sheets: PacketSheet[];
  /** Transfers and remembered names that need it. */
  users: number;
  /** How often the main thread has given it. */
  given: number;
}

/** All packets of a file, one behind the other as they are on the wire: no transfer has to put them together. */
export interface PacketSheet {
  readonly blockBytes: number;
  readonly address: number;
  readonly bytes: number;
  readonly memory: NativeMemory;
}

/** Firmware and loaders of one boot agree on three or four block sizes. */
const MAX_SHEETS = 4;
/** Of all files together; what is beyond is sent as it lies. */
const MAX_SHEET_BYTES = 32 * 1024 * 1024;

type FileAnswer = Extract<PlaneAnswer, { readonly give: 'file' | 'bytes' }>;

/** The files that are being sent, each once, and what was answered a moment ago. */
export class PlaneFiles {
  readonly #libc: Libc;
  readonly #byMapping = new Map<number, PlaneFile>();
  readonly #names = new Map<string, { readonly file: PlaneFile; readonly untilMs: number }>();
  readonly #idle = new Set<PlaneFile>();
  #released: { mapping: number; times: number }[] = [];
  #sheetBytes = 0;

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
      this.#free(file);
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

  /** Undefined where the bytes are not ours to read, or there are too many: then each packet is put together anew. */
  sheetOf(file: PlaneFile, blockBytes: number): PacketSheet | undefined {
    for (const sheet of file.sheets) if (sheet.blockBytes === blockBytes) return sheet;
    if (!file.memory || file.sheets.length === MAX_SHEETS) return undefined;
    const packets = layDataPackets(1, new Uint8Array(file.memory.buffer, 0, file.bytes), blockBytes);
    if (file.bytes % blockBytes === 0) packets.push(emptyDataPacket(packets.length + 1));
    const bytes = file.bytes + packets.length * DATA_HEADER_BYTES;
    if (packets.length >= WIRE_BLOCKS || this.#sheetBytes + bytes > MAX_SHEET_BYTES) return undefined;
    const memory = this.#libc.allocate(bytes);
    new Uint8Array(memory.buffer).set(Buffer.concat(packets));
    const sheet = { blockBytes, address: memory.address, bytes, memory };
    file.sheets.push(sheet);
    this.#sheetBytes += bytes;
    return sheet;
  }

  /** What the main thread may unmap: told once. */
  takeReleased(): { mapping: number; times: number }[] {
    const released = this.#released;
    if (released.length > 0) this.#released = [];
    return released;
  }

  #free({ memory, sheets }: PlaneFile): void {
    memory?.free();
    for (const sheet of sheets) {
      sheet.memory.free();
      this.#sheetBytes -= sheet.bytes;
    }
  }

  #ofMapping({ mapping, address, bytes }: Extract<PlaneAnswer, { give: 'file' }>): PlaneFile {
    const known = this.#byMapping.get(mapping);
    const file = known ?? { address, bytes, mapping, memory: undefined, sheets: [], users: 0, given: 0 };
    if (!known) this.#byMapping.set(mapping, file);
    file.given += 1;
    return file;
  }

  #ofBytes(bytes: Uint8Array): PlaneFile {
    // malloc(0) may give no address at all.
    const memory = this.#libc.allocate(Math.max(1, bytes.length));
    new Uint8Array(memory.buffer).set(bytes);
    const file = { address: memory.address, bytes: bytes.length, mapping: undefined, memory };
    return { ...file, sheets: [], users: 0, given: 0 };
  }
}
