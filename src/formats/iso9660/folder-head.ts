import { DecodeError } from '../../lib/decode-error.ts';
import { type DirectoryRecord, decodeRecord, isSpecial, RecordFlag, sectorEnd } from './directory-record.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscLayout } from './disc-layout.ts';
import { MAX_FOLDER_BLOCK, MAX_FOLDER_BYTES } from './node-id.ts';
import { shortTime } from './recorded-time.ts';
import { RockRidgeFields } from './rock-ridge.ts';
import { readArea, readContinuations, type SystemUseBudget } from './system-use.ts';

/** What the first two records of a folder say, which name itself and the folder it is in (ECMA-119 §6.8.2.2). */
export interface FolderHead {
  readonly block: number;
  readonly bytes: number;
  /** The first block of the folder that it is shown in. That of the root is its own. */
  readonly parentBlock: number;
  readonly mode: number;
  readonly mtimeMs: number;
  /** Of both records. */
  readonly headBytes: number;
}

/** Whoever has no Rock Ridge may read everything, and look into every folder. */
export const PLAIN_MODE = { file: 0o444, folder: 0o555, link: 0o777 } as const;

/** For each of the two records, which have no name and no link: they need one, or two where there are access rights. */
const HEAD_BUDGET = { areas: 8, bytes: 64 * 1024 } as const;

/** @throws DecodeError where no folder begins, or one that is larger or lies further behind than is read. */
export async function readHead(disc: DiscLayout, block: number): Promise<FolderHead> {
  const offset = block * disc.blockBytes;
  if (block > MAX_FOLDER_BLOCK) throw new DecodeError(`A folder begins at block ${block}`, offset);
  const fields = await disc.pieces.readUpTo(offset, sectorEnd(offset));
  const itself = decodeRecord(fields, 0, fields.length);
  const parent = decodeRecord(fields, itself.end, fields.length);
  if (!isSpecial(fields, itself, 'itself') || !isSpecial(fields, parent, 'parent') || itself.block !== block)
    throw new DecodeError('No folder begins here', offset);
  if (!isWholeFolder(itself)) throw new DecodeError('A folder is no folder, or in several pieces', offset);
  const bytes = itself.dataBytes;
  if (bytes === 0 || bytes > MAX_FOLDER_BYTES || offset + bytes > disc.pieces.size)
    throw new DecodeError(`A folder has ${bytes} bytes`, offset);
  const own = await rockRidgeOf(disc, fields, itself, { ...HEAD_BUDGET });
  const above = await rockRidgeOf(disc, fields, parent, { ...HEAD_BUDGET });
  return {
    block,
    bytes,
    parentBlock: await parentOf(disc, block, above?.parentBlock ?? parent.block),
    mode: own?.permissions ?? PLAIN_MODE.folder,
    mtimeMs: own?.mtimeMs ?? shortTime(fields, itself.timeAt) ?? 0,
    headBytes: parent.end,
  };
}

/** A folder that says it is in itself is believed so only where it is the root. */
async function parentOf(disc: DiscLayout, block: number, told: number): Promise<number> {
  if (block === disc.rootBlock) return block;
  return told === block ? ((await disc.pathTable.parentOf(block)) ?? block) : told;
}

function isWholeFolder(record: DirectoryRecord): boolean {
  const isFolder = (record.flags & RecordFlag.folder) !== 0;
  return isFolder && (record.flags & RecordFlag.notTheLast) === 0 && !record.isInterleaved;
}

/**
 * The Rock Ridge of a record; undefined on a disc that has none.
 *
 * @throws DecodeError where it goes on at a place that cannot be read.
 */
export async function rockRidgeOf(
  disc: DiscLayout,
  fields: DiscFields,
  record: DirectoryRecord,
  budget: SystemUseBudget,
): Promise<RockRidgeFields | undefined> {
  if (disc.naming !== 'rock ridge') return undefined;
  const isRoot =
    fields.base + record.at === disc.rootBlock * disc.blockBytes && isSpecial(fields, record, 'itself');
  const skip = isRoot ? disc.rootSkip : disc.systemUseSkip;
  const into = new RockRidgeFields();
  const next = readArea(fields, record.systemUseAt + skip, record.end, into);
  if (next !== undefined) await readContinuations(disc, next, into, budget);
  return into;
}
