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
/** Bytes of our own that are held for remembered names at most. */
export const MAX_REMEMBERED_BYTES = 32 * 1024 * 1024;
/** What is not asked for any more is let go of after this, its packets with it. */
const KEEP_MS = 2 * REMEMBER_MS;

/** Bytes that transfers send, wherever they lie. A class, so that all have one shape. */
export class PlaneFile {
  readonly address: number;
  readonly bytes: number;
  /** Undefined for bytes that are our own. */
  readonly mapping: number | undefined;
  readonly memory: NativeMemory | undefined;
  /** Its packets, for those block sizes that were agreed on so far. */
  readonly sheets: PacketSheet[] = [];
  /** Transfers and remembered names that need it. */
  users = 0;
  /** How often the main thread has given it. */
  given = 0;

  constructor(address: number, bytes: number, from: { mapping: number } | { memory: NativeMemory }) {
    this.address = address;
    this.bytes = bytes;
    this.mapping = 'mapping' in from ? from.mapping : undefined;
    this.memory = 'memory' in from ? from.memory : undefined;
  }
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
  #rememberedBytes = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /**
   * The file of an answer, which the caller gives back with `release`.
   *
   * @param key by what it was remembered before: the same bytes once more are the same file.
   */
  take(answer: FileAnswer, key: string): PlaneFile {
    const file = answer.give === 'file' ? this.#ofMapping(answer) : this.#ofBytes(answer.bytes, key);
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
    const rememberedBytes = this.#rememberedBytes + ownBytes(file);
    if (this.#names.size >= MAX_NAMES || rememberedBytes > MAX_REMEMBERED_BYTES) return;
    this.#rememberedBytes = rememberedBytes;
    this.hold(file);
    this.#names.set(key, { file, untilMs: nowMs + REMEMBER_MS });
  }

  remembered(key: string, nowMs: number): PlaneFile | undefined {
    const known = this.#names.get(key);
    return known && known.untilMs > nowMs ? known.file : undefined;
  }

  forget(key: string): void {
    const known = this.#names.get(key);
    if (!known) return;
    this.#names.delete(key);
    this.#rememberedBytes -= ownBytes(known.file);
    this.release(known.file);
  }

  /** Lets go of what was remembered too long ago. */
  sweep(nowMs: number): void {
    const longAgoMs = nowMs - (KEEP_MS - REMEMBER_MS);
    for (const [key, { untilMs }] of this.#names) if (untilMs <= longAgoMs) this.forget(key);
  }

  /** Undefined where the bytes are not ours to read, or there are too many: then each packet is put together anew. */
  sheetOf(file: PlaneFile, blockBytes: number): PacketSheet | undefined {
    const { sheets } = file;
    for (let at = 0; at < sheets.length; at += 1) {
      const sheet = sheets[at];
      if (sheet?.blockBytes === blockBytes) return sheet;
    }
    return file.memory && sheets.length < MAX_SHEETS
      ? this.#laySheet(file, file.memory, blockBytes)
      : undefined;
  }

  /** What the main thread may unmap: told once. */
  takeReleased(): { mapping: number; times: number }[] {
    const released = this.#released;
    if (released.length > 0) this.#released = [];
    return released;
  }

  #laySheet(file: PlaneFile, { buffer }: NativeMemory, blockBytes: number): PacketSheet | undefined {
    const packets = layDataPackets(1, new Uint8Array(buffer, 0, file.bytes), blockBytes);
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

  #free({ memory, sheets }: PlaneFile): void {
    memory?.free();
    for (const sheet of sheets) {
      sheet.memory.free();
      this.#sheetBytes -= sheet.bytes;
    }
  }

  #ofMapping({ mapping, address, bytes }: Extract<PlaneAnswer, { give: 'file' }>): PlaneFile {
    const known = this.#byMapping.get(mapping);
    const file = known ?? new PlaneFile(address, bytes, { mapping });
    if (!known) this.#byMapping.set(mapping, file);
    file.given += 1;
    return file;
  }

  #ofBytes(bytes: Uint8Array, key: string): PlaneFile {
    const known = this.#names.get(key)?.file;
    if (known?.memory && Buffer.from(known.memory.buffer, 0, known.bytes).equals(bytes)) return known;
    // malloc(0) may give no address at all.
    const memory = this.#libc.allocate(Math.max(1, bytes.length));
    new Uint8Array(memory.buffer).set(bytes);
    return new PlaneFile(memory.address, bytes.length, { memory });
  }
}

/** Those that are mapped cost no memory of ours. */
function ownBytes({ memory, bytes }: PlaneFile): number {
  return memory ? bytes : 0;
}
