import { encodeText } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { type DirectoryRecord, RecordFlag } from './directory-record.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscLayout } from './disc-layout.ts';
import { PLAIN_MODE, rockRidgeOf } from './folder-head.ts';
import { recordedName, whyNoName } from './recorded-name.ts';
import { shortTime } from './recorded-time.ts';
import type { RockRidgeFields } from './rock-ridge.ts';
import type { SystemUseBudget } from './system-use.ts';

/** What the first record of a file, a folder or a link says. */
export interface FoundFile {
  readonly name: string;
  readonly position: number;
  /** A folder that lies here, but belongs somewhere else. */
  readonly kind: 'file' | 'folder' | 'link' | 'relocated';
  /** Of a link; the parts of a file say how large that is. */
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  /** Of a folder, which may lie elsewhere. */
  readonly block: number;
  /** Why it is not shown; undefined where it is. Later parts of a file may say so too. */
  because: string | undefined;
}

const PACKINGS = {
  zisofs: 'it is compressed (zisofs)',
  sparse: 'it is a sparse file of Rock Ridge',
} as const;

export async function describeRecord(
  disc: DiscLayout,
  fields: DiscFields,
  record: DirectoryRecord,
  position: number,
  budget: SystemUseBudget,
): Promise<FoundFile> {
  let rockRidge: RockRidgeFields | undefined;
  let because: string | undefined;
  try {
    rockRidge = await rockRidgeOf(disc, fields, record, budget);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    because = 'its Rock Ridge fields cannot be read';
  }
  const name = rockRidge?.name ?? recordedName(fields, record.nameAt, record.nameBytes, disc.naming);
  const kind = kindOf(record, rockRidge);
  const target = kind === 'link' ? rockRidge?.link?.target : undefined;
  return {
    name,
    position,
    kind,
    size: target === undefined ? 0 : encodeText(target).length,
    mode: rockRidge?.permissions ?? (kind === 'relocated' ? 0 : PLAIN_MODE[kind]),
    mtimeMs: rockRidge?.mtimeMs ?? shortTime(fields, record.timeAt) ?? 0,
    block: rockRidge?.childBlock ?? record.block,
    because: because ?? rockRidge?.whyNoName ?? whyNoName(name) ?? whyNotShown(disc, record, kind, rockRidge),
  };
}

function kindOf(record: DirectoryRecord, rockRidge: RockRidgeFields | undefined): FoundFile['kind'] {
  if (rockRidge?.isRelocated) return 'relocated';
  if (rockRidge?.childBlock !== undefined || record.flags & RecordFlag.folder) return 'folder';
  return rockRidge?.kind === 'link' ? 'link' : 'file';
}

function whyNotShown(
  disc: DiscLayout,
  record: DirectoryRecord,
  kind: FoundFile['kind'],
  rockRidge: RockRidgeFields | undefined,
): string | undefined {
  const isOnOther = disc.volumeNumber !== undefined && record.volumeNumber !== disc.volumeNumber;
  if (isOnOther) return 'it is on another disc of a set';
  if (kind === 'relocated') return undefined;
  if (kind !== 'file' && record.flags & RecordFlag.notTheLast) return `it is a ${kind} in several parts`;
  if (kind === 'folder') return undefined;
  if (kind === 'link') return rockRidge?.link === undefined ? 'it leads nowhere' : rockRidge.link.whyNot;
  if (record.isInterleaved) return 'its bytes are interleaved with others';
  if (rockRidge?.packing !== undefined) return PACKINGS[rockRidge.packing];
  if (rockRidge?.kind === 'folder') return 'it says that it is a folder, and has none';
  if (rockRidge?.kind === 'something else') return 'it is a device, a pipe or a socket';
  return undefined;
}
