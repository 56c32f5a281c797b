import { DecodeError } from '../../lib/decode-error.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscPieces } from './disc-pieces.ts';

/**
 * The entries that follow the fields of a directory record: the System Use Sharing Protocol, SUSP 1.12. Each has a
 * signature of two letters, and areas elsewhere on the disc go on with what has no room in the record.
 */
export interface SystemUseEntry {
  readonly signature: number;
  readonly fields: DiscFields;
  /** Where it begins, and where it ends. */
  readonly at: number;
  readonly end: number;
}

/** What takes the entries of one record. */
export interface SystemUseTaker {
  take(entry: SystemUseEntry): void;
}

/** Where an area goes on. */
export interface Continuation {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

/** What the entries of one folder may take in all, so that one which names areas without end is found out. */
export interface SystemUseBudget {
  areas: number;
  bytes: number;
}

/** Two letters as a number. */
export function signature(letters: string): number {
  return letters.charCodeAt(0) * 0x100 + letters.charCodeAt(1);
}

const CONTINUES = signature('CE');
const ENDS = signature('ST');
const CONTINUATION_BYTES = 28;
/** Signature, length and version. */
const HEAD_BYTES = 4;
/**
 * Areas of one record: a name and a link of thousands of bytes need a few. A record that names one of its own areas
 * again, and so goes round in a circle, is found out by this.
 */
export const MAX_AREAS = 32;
/** Bytes of one area. Linux takes none that is larger than a block; libisofs writes access rights of some thousand. */
const MAX_AREA_BYTES = 32 * 1024;

/** Hands over the entries of one area; gives where they go on. Whatever is no entry ends them (SUSP 1.12 §4). */
export function readArea(
  fields: DiscFields,
  from: number,
  to: number,
  taker: SystemUseTaker,
): Continuation | undefined {
  let next: Continuation | undefined;
  for (let at = from; at + HEAD_BYTES <= to; ) {
    const letters = fields.uint16Big(at);
    const length = fields.uint8(at + 2);
    if (letters === ENDS || length < HEAD_BYTES || at + length > to) break;
    if (letters !== CONTINUES) taker.take({ signature: letters, fields, at, end: at + length });
    else if (length >= CONTINUATION_BYTES)
      next = {
        block: fields.uint32(at + 4),
        offset: fields.uint32(at + 12),
        length: fields.uint32(at + 20),
      };
    at += length;
  }
  return next;
}

/** @throws DecodeError for areas that do not end, are too large or lie beyond the disc. */
export async function readContinuations(
  disc: { readonly pieces: DiscPieces; readonly blockBytes: number },
  first: Continuation,
  taker: SystemUseTaker,
  budget: SystemUseBudget,
): Promise<void> {
  let next: Continuation | undefined = first;
  for (let areas = 0; next !== undefined; areas += 1) {
    const place: number = next.block * disc.blockBytes + next.offset;
    if (areas === MAX_AREAS) throw new DecodeError(`A record goes on in more than ${MAX_AREAS} areas`, place);
    if (next.length > MAX_AREA_BYTES)
      throw new DecodeError(`A record goes on in an area of ${next.length} bytes`, place);
    budget.areas -= 1;
    budget.bytes -= next.length;
    if (budget.areas < 0 || budget.bytes < 0)
      throw new DecodeError('The records of a folder go on in too many areas', place);
    const area = await disc.pieces.read(place, next.length);
    next = readArea(area, 0, area.length, taker);
  }
}
