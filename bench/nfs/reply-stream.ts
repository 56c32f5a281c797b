/** The replies of READs on a connection, of which little is looked at: the load shall cost little. */

/** Record mark, RPC header, and the status of NFS, which are all of a reply that is kept. */
const KEPT_BYTES = 4 + 24 + 4;
const LAST_FRAGMENT = 0x8000_0000;
/** RFC 1813 §3.3.6: attributes, count, end of file and the length of the data stand before that. */
const BEFORE_DATA_BYTES = 24 + 4 + 88 + 4 + 4 + 4;

export class ReplyStream {
  readonly #onReply: (data: number | 'an error') => void;
  readonly #kept = Buffer.alloc(KEPT_BYTES);
  #keptBytes = 0;
  /** Of the reply, not counting what is kept. */
  #missing = 0;
  #length = 0;

  /** @param onReply gets the bytes of the file that came, padding included. */
  constructor(onReply: (data: number | 'an error') => void) {
    this.#onReply = onReply;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#keptBytes < KEPT_BYTES) {
        const part = bytes.subarray(at, at + KEPT_BYTES - this.#keptBytes);
        this.#kept.set(part, this.#keptBytes);
        this.#keptBytes += part.length;
        at += part.length;
        if (this.#keptBytes < KEPT_BYTES) return;
        this.#length = this.#kept.readUInt32BE(0) - LAST_FRAGMENT;
        this.#missing = this.#length + 4 - KEPT_BYTES;
        if (this.#missing < 0) throw new RangeError(`A reply of ${this.#length} bytes is none to a READ`);
      }
      const part = Math.min(this.#missing, bytes.length - at);
      this.#missing -= part;
      at += part;
      if (this.#missing === 0) this.#end();
    }
  }

  #end(): void {
    this.#keptBytes = 0;
    const stat = this.#kept.readUInt32BE(24);
    const status = this.#kept.readUInt32BE(28);
    this.#onReply(stat === 0 && status === 0 ? this.#length - BEFORE_DATA_BYTES : 'an error');
  }
}
