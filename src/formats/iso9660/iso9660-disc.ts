import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeRecord, sectorEnd } from './directory-record.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscLayout } from './disc-layout.ts';
import { DiscPieces } from './disc-pieces.ts';
import { type BootCatalog, readBootCatalog } from './el-torito.ts';
import { readHead } from './folder-head.ts';
import { Iso9660Tree } from './iso9660-tree.ts';
import { PathTable } from './path-table.ts';
import type { Naming } from './recorded-name.ts';
import { RockRidgeFields } from './rock-ridge.ts';
import { readArea, readContinuations, signature } from './system-use.ts';
import { readVolumeDescriptors, type VolumeDescriptor } from './volume-descriptors.ts';

/**
 * A disc image of ISO 9660 as a tree of files, with Rock Ridge, Joliet and El Torito. Sections of ECMA-119 are named in
 * this folder as its second edition counts them.
 */
export interface Iso9660Disc {
  readonly tree: Iso9660Tree;
  readonly volume: VolumeFacts;
  readonly boot: BootCatalog;
}

export interface VolumeFacts {
  /** The label, by which installers look for their disc. */
  readonly identifier: string;
  readonly blockBytes: number;
  readonly naming: Naming;
  /** Milliseconds since 1970. */
  readonly createdMs: number | undefined;
  /** Bytes that the image should have at least; more are padding, or partitions behind the disc. */
  readonly bytes: number;
  /** Bytes of those that are not there: the image was not loaded as a whole. Else 0. */
  readonly missingBytes: number;
}

interface RockRidgeSkips {
  readonly rootSkip: number;
  readonly systemUseSkip: number;
}

const NO_SKIPS: RockRidgeSkips = { rootSkip: 0, systemUseSkip: 0 };
/** SP stands at the very beginning, or behind what CD-ROM XA has there (SUSP 1.12 §5.3). */
const ROOT_SKIPS = [0, 14] as const;
const SHARING = { signature: signature('SP'), bytes: 7, check: 0xbeef } as const;

/** @throws DecodeError for what is no disc, or one whose root cannot be read in any of its namings. */
export async function openIso9660(source: ByteSource): Promise<Iso9660Disc> {
  const pieces = new DiscPieces(source);
  const descriptors = await readVolumeDescriptors(pieces);
  const { primary, joliet, enhanced, bootCatalogAt } = descriptors;
  const rockRidge = await findRockRidge(pieces, primary);
  const tree = await openBest(source, pieces, [
    rockRidge && layoutOf(pieces, primary, 'rock ridge', rockRidge),
    joliet && layoutOf(pieces, joliet, 'joliet', NO_SKIPS),
    enhanced && layoutOf(pieces, enhanced, 'enhanced', NO_SKIPS),
    layoutOf(pieces, primary, 'plain', NO_SKIPS),
  ]);
  const bytes = primary.blocks * primary.blockBytes;
  const boot: BootCatalog =
    bootCatalogAt === undefined
      ? { entries: [], because: undefined }
      : await readBootCatalog(pieces, bootCatalogAt);
  return {
    tree,
    boot,
    volume: {
      identifier: primary.identifier,
      blockBytes: primary.blockBytes,
      naming: tree.naming,
      createdMs: primary.createdMs,
      bytes,
      missingBytes: Math.max(0, bytes - source.size),
    },
  };
}

/** The first of which the root can be read. */
async function openBest(
  source: ByteSource,
  pieces: DiscPieces,
  layouts: readonly (DiscLayout | undefined)[],
): Promise<Iso9660Tree> {
  let refused: DecodeError | undefined;
  for (const layout of layouts) {
    if (layout === undefined) continue;
    try {
      return new Iso9660Tree(source, layout, await readHead(layout, layout.rootBlock));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refused ??= error;
    }
  }
  throw refused ?? new DecodeError('The disc has no root', pieces.size);
}

function layoutOf(
  pieces: DiscPieces,
  volume: VolumeDescriptor,
  naming: Naming,
  skips: RockRidgeSkips,
): DiscLayout {
  return {
    pieces,
    blockBytes: volume.blockBytes,
    naming,
    rootBlock: volume.rootBlock,
    pathTable: new PathTable(pieces, volume.pathTable),
    volumeNumber: volume.volumesInSet > 1 ? volume.volumeNumber : undefined,
    ...skips,
  };
}

/** Rock Ridge is where the first record of the root says SP, and then that it is, or what only that has. */
async function findRockRidge(
  pieces: DiscPieces,
  { rootBlock, blockBytes }: VolumeDescriptor,
): Promise<RockRidgeSkips | undefined> {
  try {
    const offset = rootBlock * blockBytes;
    const fields = await pieces.readUpTo(offset, sectorEnd(offset));
    const record = decodeRecord(fields, 0, fields.length);
    const rootSkip = ROOT_SKIPS.find((skip) => isSharing(fields, record.systemUseAt + skip, record.end));
    if (rootSkip === undefined) return undefined;
    const from = record.systemUseAt + rootSkip;
    const found = new RockRidgeFields();
    const next = readArea(fields, from, record.end, found);
    const budget = { areas: Infinity, bytes: Infinity };
    if (next !== undefined) await readContinuations({ pieces, blockBytes }, next, found, budget);
    return found.hasAny ? { rootSkip, systemUseSkip: fields.uint8(from + 6) } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function isSharing(fields: DiscFields, at: number, end: number): boolean {
  if (at + SHARING.bytes > end) return false;
  return fields.uint16Big(at) === SHARING.signature && fields.uint16Big(at + 4) === SHARING.check;
}
