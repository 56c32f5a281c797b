import { sourceOfBytes, type ByteSource } from '../../lib/byte-source.ts';

/** The text mode of TFTP (RFC 1350 §2, after the Telnet protocol's NVT, RFC 854). */

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;

/** A line end becomes CR LF; a carriage return that stands for itself becomes CR NUL. */
export function encodeNetascii(bytes: Uint8Array): Uint8Array {
  const doubled = bytes.reduce((count, byte) => count + (byte === LF || byte === CR ? 1 : 0), 0);
  const text = new Uint8Array(bytes.length + doubled);
  let at = 0;
  for (const byte of bytes) {
    if (byte === LF) text[at++] = CR;
    text[at++] = byte;
    if (byte === CR) text[at++] = NUL;
  }
  return text;
}

/** The whole source as netascii, in memory; the given source is read and closed. The caller has limited its size. */
export async function netasciiSource(source: ByteSource): Promise<ByteSource> {
  try {
    return sourceOfBytes(encodeNetascii(await source.read(0, source.size)));
  } finally {
    await source.close();
  }
}

/** Back from the wire, block by block: a pair may be divided between two of them. */
export class NetasciiDecoder {
  #heldReturn = false;

  /** @param which `last`: nothing follows, so a carriage return at the end stands for itself. */
  decode(wire: Uint8Array, which: 'more' | 'last'): Uint8Array {
    const text = new Uint8Array(wire.length + 1);
    let at = 0;
    for (const byte of wire) {
      if (this.#heldReturn) {
        this.#heldReturn = false;
        if (byte === LF || byte === NUL) {
          text[at++] = byte === LF ? LF : CR;
          continue;
        }
        // Not netascii, but some clients send their text as it is.
        text[at++] = CR;
      }
      if (byte === CR) this.#heldReturn = true;
      else text[at++] = byte;
    }
    if (which === 'last' && this.#heldReturn) text[at++] = CR;
    return text.subarray(0, at);
  }
}
