/**
 * Bytes of a known length that are read by position: a file, a part of a file, or text made on the fly. What
 * serves them need not know which.
 */
export interface ByteSource {
  /** Bytes in all; fixed while the source is open. */
  readonly size: number;
  /** Bytes from `offset`; fewer than `length` only at the end. Rejects when the bytes can no longer be read. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * The same into memory of the caller's, which saves making and throwing away what `read` gives.
   *
   * @returns how many bytes there were; 0 only at the end.
   */
  readInto?(offset: number, into: Uint8Array): Promise<number>;
  /** Set when these are the bytes of one regular file as a whole, which is open until `close`. */
  readonly file?: OpenDescriptor;
  /** Set when they are parts of one, in order: a file on a disc image. It is open until `close`. */
  readonly parts?: FileParts;
  /** Gives back what the source holds open; reading afterwards is an error of the caller. */
  close(): Promise<void>;
}

/** A piece of a file, in bytes. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface FileParts {
  readonly file: OpenDescriptor;
  readonly extents: readonly Extent[];
}

/** Where in an open file the bytes are, whether they are all of it or parts; undefined where they are in none. */
export function placeOf({ file, parts, size }: ByteSource): FileParts | undefined {
  return file === undefined ? parts : { file, extents: [{ offset: 0, length: size }] };
}

export interface OpenDescriptor {
  readonly descriptor: number;
  /** The same for the same file with the same content: another one when it was replaced or written to. */
  readonly identity: string;
}

export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
}

export function sourceOfText(text: string): ByteSource {
  return sourceOfBytes(new TextEncoder().encode(text));
}
