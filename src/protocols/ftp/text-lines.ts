/** Files in TYPE A: text in the form of a network terminal (RFC 959 §3.1.1.1), made as it is sent. */

const CR = 0x0d;
const LF = 0x0a;

/**
 * Every line ends with CR LF on the wire. One that ends so in the file already stays as it is, and so does a carriage
 * return in the middle: the NUL that RFC 854 wants behind it would be left in the file by most clients (curl, wget).
 */
export class TextLines {
  #lastByte: number | undefined;

  /** The next bytes of the file, as they go on the wire: at most twice as many. */
  encode(bytes: Uint8Array): Uint8Array {
    const text = new Uint8Array(bytes.length * 2);
    let at = 0;
    for (const byte of bytes) {
      if (byte === LF && this.#lastByte !== CR) text[at++] = CR;
      text[at++] = byte;
      this.#lastByte = byte;
    }
    return text.subarray(0, at);
  }
}
