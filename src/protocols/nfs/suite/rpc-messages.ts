/** Calls and replies as bytes, made and read without the codecs under test. */

/** A number is 32 bits, a bigint 64; a text and bytes have their length before them and padding behind. */
export type Word = number | bigint | string | Uint8Array;

export function words(...values: readonly Word[]): Uint8Array {
  return Buffer.concat(values.map(encodeWord));
}

function encodeWord(value: Word): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  }
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return bytes;
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([encodeWord(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** AUTH_SYS of a machine called `web01`: stamp, name, user, group, no more groups. */
export const AUTH_SYS: readonly Word[] = [1, words(0, 'web01', 0, 0, 0)];
export const AUTH_NONE: readonly Word[] = [0, new Uint8Array(0)];
export const XID = 0x1234_5678;

export interface CallFields {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly xid?: number;
  readonly credential?: readonly Word[];
}

export function callBytes(
  { program, version, procedure, xid = XID, credential = AUTH_SYS }: CallFields,
  ...args: readonly Word[]
): Uint8Array {
  return words(xid, 0, 2, program, version, procedure, ...credential, ...AUTH_NONE, ...args);
}

/** A message in one fragment. */
export function marked(message: Uint8Array): Uint8Array {
  return Buffer.concat([words(0x8000_0000 + message.length), message]);
}

export interface ReadAttributes {
  readonly type: number;
  readonly mode: number;
  readonly links: number;
  readonly size: bigint;
  readonly fsid: bigint;
  readonly fileid: bigint;
  readonly mtime: readonly [seconds: number, nanoseconds: number];
}

export class MessageReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  offset = 0;
  /** Of the reply that was read. */
  xid = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  uint32(): number {
    this.offset += 4;
    return this.#view.getUint32(this.offset - 4);
  }

  uint64(): bigint {
    this.offset += 8;
    return this.#view.getBigUint64(this.offset - 8);
  }

  fixed(length: number): Uint8Array {
    this.offset += length + ((4 - (length % 4)) % 4);
    if (this.remaining < 0) throw new Error('The message ends too early');
    return this.#bytes.subarray(this.offset - length - ((4 - (length % 4)) % 4)).subarray(0, length);
  }

  opaque(): Uint8Array {
    return this.fixed(this.uint32());
  }

  text(): string {
    return Buffer.from(this.opaque()).toString('utf8');
  }

  attributes(): ReadAttributes {
    const [type, mode, links] = [this.uint32(), this.uint32(), this.uint32()];
    this.uint64(); // owner and group
    const size = this.uint64();
    this.uint64(); // used
    this.uint64(); // device
    const [fsid, fileid] = [this.uint64(), this.uint64()];
    this.uint64(); // read
    const mtime = [this.uint32(), this.uint32()] as const;
    this.uint64(); // changed
    return { type, mode, links, size, fsid, fileid, mtime };
  }

  /** `post_op_attr`. */
  maybeAttributes(): ReadAttributes | undefined {
    return this.uint32() === 1 ? this.attributes() : undefined;
  }

  /** Up to the result of a call that was accepted and carried out. */
  result(): this {
    const head = [this.uint32(), this.uint32(), this.uint32(), this.uint32(), this.uint32(), this.uint32()];
    this.xid = head[0] ?? 0;
    if (head.slice(1).some((word, at) => word !== [1, 0, 0, 0, 0][at]))
      throw new Error(`The reply begins with ${head.join(' ')}`);
    return this;
  }
}
