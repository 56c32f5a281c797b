import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';

/**
 * File handles: what a client shows to get at a file. It keeps them over a restart of this server and for as long as its
 * system runs, so they say all there is to know and nothing is remembered for them. What makes one good is a MAC with
 * a key of this server: nobody can make one up, nor one of another export from one of his own.
 */

/** RFC 1813 §2.4: a handle has at most 64 bytes; of version 1 and 2 of MOUNT (NFS 2) exactly 32, which these have. */
export const MAX_HANDLE_BYTES = 64;
export const HANDLE_BYTES = 32;
const MAC_BYTES = 16;
/** Another layout gets another number here: handles of before are bad then, not misread. */
const LAYOUT = 0x4d55_0001;
const TWO_TO_32 = 0x1_0000_0000;

/** A keyed MAC (HMAC-SHA-256) of at least 16 bytes. */
export type Mac = (bytes: Uint8Array) => Uint8Array;

export interface HandleMeaning {
  readonly exportNumber: number;
  readonly nodeId: number;
}

/** MACs that are remembered: a file is read by thousands of calls, and each shows its handle. */
const MAX_REMEMBERED = 4096;

export class FileHandles {
  readonly #mac: Mac;
  /** By export and node, in the order in which they were made. */
  readonly #macs = new Map<string, Uint8Array>();

  constructor(mac: Mac) {
    this.#mac = mac;
  }

  encode(meaning: HandleMeaning): Uint8Array {
    const signed = signedPart(meaning);
    const handle = new Uint8Array(HANDLE_BYTES);
    handle.set(signed);
    handle.set(this.#macOf(meaning, signed), signed.length);
    return handle;
  }

  /** Undefined for one that this server has never given. */
  decode(handle: Uint8Array): HandleMeaning | undefined {
    if (handle.length !== HANDLE_BYTES) return undefined;
    const reader = new ByteReader(handle);
    if (reader.uint32() !== LAYOUT) return undefined;
    const meaning = {
      exportNumber: reader.uint32(),
      nodeId: reader.uint32() * TWO_TO_32 + reader.uint32(),
    };
    // Only what can be written is read back as it was.
    if (!Number.isSafeInteger(meaning.nodeId)) return undefined;
    return isSame(this.#macOf(meaning), reader.rest()) ? meaning : undefined;
  }

  #macOf(meaning: HandleMeaning, signed?: Uint8Array): Uint8Array {
    const key = `${meaning.exportNumber}/${meaning.nodeId}`;
    const known = this.#macs.get(key);
    if (known) return known;
    const mac = this.#mac(signed ?? signedPart(meaning)).slice(0, MAC_BYTES);
    this.#macs.set(key, mac);
    if (this.#macs.size > MAX_REMEMBERED) {
      const [oldest] = this.#macs.keys();
      if (oldest !== undefined) this.#macs.delete(oldest);
    }
    return mac;
  }
}

function signedPart({ exportNumber, nodeId }: HandleMeaning): Uint8Array {
  return new ByteWriter(HANDLE_BYTES - MAC_BYTES, HANDLE_BYTES - MAC_BYTES)
    .uint32(LAYOUT)
    .uint32(exportNumber)
    .uint32(Math.floor(nodeId / TWO_TO_32))
    .uint32(nodeId % TWO_TO_32)
    .finish();
}

/** In a time that does not tell how much of it is right. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference === 0;
}
