import { DecodeError } from '../../lib/decode-error.ts';
import { LENGTH_MASK, type BlockAddress } from './addresses.ts';
import type { BlockSpace } from './block-space.ts';
import { LittleEndian } from '../../lib/little-endian.ts';
import { addPiece, type Piece } from '../../lib/pieces.ts';
import { expectTag, TagId } from './tag.ts';

/** Where the bytes of a file are, as its entry tells it (ECMA-167 4/14.14): three forms of the same list. */
export type AllocationForm = 'short' | 'long' | 'extended';

interface AllocationDescriptor extends BlockAddress {
  readonly state: (typeof STATES)[number];
  readonly bytes: number;
}

/** The two bits above a length (ECMA-167 4/14.14.1.1). What was never recorded reads as zeros. */
const STATES = ['recorded', 'not recorded', 'not allocated', 'more descriptors'] as const;

const DESCRIPTOR_BYTES = { short: 8, long: 16, extended: 20 } as const;
/** Where in a descriptor the block stands, and behind it the partition. */
const BLOCK_AT = { short: 4, long: 4, extended: 12 } as const;
/** Where the list begins in an allocation extent descriptor, and its length before that (ECMA-167 4/14.5). */
const EXTENT_LIST_AT = 24;
const EXTENT_LIST_BYTES_AT = 20;

/** Places in which one list goes on. With 512 bytes a block holds 24 long descriptors. */
const MAX_LISTS = 1_024;

/**
 * Where the first `size` bytes of a file are.
 *
 * @param list the descriptors in the file's entry, which is at `entry`.
 */
export async function followAllocation(
  space: BlockSpace,
  entry: BlockAddress,
  form: AllocationForm,
  list: Uint8Array,
  size: number,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  let found = 0;
  let recorded = 0;
  let fields: LittleEndian | undefined = new LittleEndian(list);
  for (let lists = 1; fields && found < size; lists += 1) {
    if (lists > MAX_LISTS)
      throw new DecodeError(`The list of a file's places goes on more than ${MAX_LISTS} times`, 0);
    let next: AllocationDescriptor | undefined;
    for (const descriptor of descriptorsOf(fields, form, entry)) {
      if (descriptor.state === 'more descriptors') {
        next = descriptor;
        break;
      }
      const bytes = Math.min(descriptor.bytes, size - found);
      found += bytes;
      recorded += descriptor.state === 'recorded' ? bytes : 0;
      // Else a short list that names the same blocks again and again would keep us busy.
      if (recorded > space.disc.size) throw new DecodeError('A file has more bytes than the image', 0);
      if (descriptor.state === 'recorded') space.addPieces(pieces, descriptor, bytes);
      else addPiece(pieces, { offset: undefined, length: bytes });
      if (found === size) break;
    }
    fields = next && found < size ? await readList(space, next) : undefined;
  }
  if (found < size) throw new DecodeError(`A file of ${size} bytes has places for ${found}`, 0);
  return pieces;
}

async function readList(space: BlockSpace, at: BlockAddress): Promise<LittleEndian> {
  const fields = await space.readBlock(at);
  expectTag(fields, TagId.allocationExtent, at.block);
  return new LittleEndian(fields.bytes(EXTENT_LIST_AT, fields.uint32(EXTENT_LIST_BYTES_AT)));
}

/** Up to one of no bytes, which ends the list (ECMA-167 4/12); Windows 10 puts such a one behind the others. */
function* descriptorsOf(
  fields: LittleEndian,
  form: AllocationForm,
  entry: BlockAddress,
): Generator<AllocationDescriptor> {
  for (let at = 0; at + DESCRIPTOR_BYTES[form] <= fields.length; at += DESCRIPTOR_BYTES[form]) {
    const length = fields.uint32(at);
    const bytes = length & LENGTH_MASK;
    if (bytes === 0) return;
    // Where they differ the bytes were packed (ECMA-167 4/14.14.3), and nothing says how.
    if (form === 'extended' && fields.uint32(at + 4) !== fields.uint32(at + 8))
      throw new DecodeError('A file is packed in a way that is not read', 0);
    const blockAt = at + BLOCK_AT[form];
    yield {
      state: STATES[length >>> 30] ?? 'recorded',
      bytes,
      block: fields.uint32(blockAt),
      // A short one is in the partition that its list is in.
      partition: form === 'short' ? entry.partition : fields.uint16(blockAt + 4),
    };
  }
}
