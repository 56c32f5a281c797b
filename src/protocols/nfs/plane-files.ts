import { lastAtMost } from '../../lib/pieces.ts';
import type { ServedFile } from './plane-messages.ts';

/** What a reply takes of this process whose data the kernel takes out of a file: itself, and its place in the queue. */
export const FILE_REPLY_BYTES = 4096;

/** A file, and where each of its extents begins in it. */
export interface HeldFile extends ServedFile {
  readonly starts: readonly number[];
}

/** Bytes of a file that a reply ends with. */
export interface FilePart {
  readonly file: HeldFile;
  readonly at: number;
  readonly length: number;
  readonly heldBytes: number;
  readonly machineName: string;
}

/** Where a byte of the file is, and how many follow it there; undefined behind its last extent. */
export function placeOfByte(
  { extents, starts }: HeldFile,
  at: number,
): { readonly offset: number; readonly length: number } | undefined {
  const index = lastAtMost(starts, at);
  const extent = extents[index];
  const inside = at - (starts[index] ?? 0);
  if (extent === undefined || inside >= extent.length) return undefined;
  return { offset: extent.offset + inside, length: extent.length - inside };
}

export function heldFile(file: ServedFile): HeldFile {
  const starts: number[] = [];
  let at = 0;
  for (const { length } of file.extents) {
    starts.push(at);
    at += length;
  }
  return { ...file, starts };
}
