import type { BlockAddress } from './addresses.ts';
import { followAllocation } from './allocation-descriptors.ts';
import type { BlockSpace } from './block-space.ts';
import type { FileEntry } from './file-entry.ts';
import type { Piece } from '../../lib/pieces.ts';

/** Where the bytes of a file are on the disc, also those that stand in its entry. */
export async function contentOf(
  space: BlockSpace,
  at: BlockAddress,
  { content, size }: FileEntry,
): Promise<readonly Piece[]> {
  if (size === 0) return [];
  if (content.kind === 'embedded') return [{ offset: space.offsetOf(at) + content.at, length: size }];
  return followAllocation(space, at, content.form, content.list, size);
}
