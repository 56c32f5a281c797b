import type { ByteSource } from './byte-source.ts';

/** Bytes that take the place of those of a source, which stays as long as it is. */
export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * A source with some of its bytes replaced. It is not the bytes of a file any more, so nothing is sent past it. Closing
 * it closes the source.
 *
 * @throws RangeError for a patch that is not within the source.
 */
export function patchedSource(source: ByteSource, patches: readonly Patch[]): ByteSource {
  for (const { offset, bytes } of patches) {
    if (offset < 0 || offset + bytes.length > source.size)
      throw new RangeError(
        `A patch of ${bytes.length} bytes at ${offset} is not within ${source.size} bytes`,
      );
  }
  return {
    size: source.size,
    async read(offset, length) {
      const original = await source.read(offset, length);
      const touching = patches.filter((patch) => touches(patch, offset, original.length));
      if (touching.length === 0) return original;
      // What was read may be memory of the source's own.
      const bytes = Uint8Array.from(original);
      for (const patch of touching) apply(patch, offset, bytes);
      return bytes;
    },
    close: () => source.close(),
  };
}

function touches(patch: Patch, offset: number, length: number): boolean {
  return patch.offset < offset + length && offset < patch.offset + patch.bytes.length;
}

function apply(patch: Patch, offset: number, into: Uint8Array): void {
  const from = Math.max(offset, patch.offset);
  const to = Math.min(offset + into.length, patch.offset + patch.bytes.length);
  into.set(patch.bytes.subarray(from - patch.offset, to - patch.offset), from - offset);
}
