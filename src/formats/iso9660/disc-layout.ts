import type { DiscPieces } from './disc-pieces.ts';
import type { PathTable } from './path-table.ts';
import type { Naming } from './recorded-name.ts';

/** What is the same for all folders of a disc, once its descriptors and its root have been read. */
export interface DiscLayout {
  readonly pieces: DiscPieces;
  readonly blockBytes: number;
  readonly naming: Naming;
  readonly rootBlock: number;
  readonly pathTable: PathTable;
  /** Bytes that belong to another system before the entries of SUSP: 14 on a CD-ROM XA (SUSP 1.12 §5.3). */
  readonly systemUseSkip: number;
  /** The same in the first record of the root, which says the other. */
  readonly rootSkip: number;
  /** Of this disc in a set of several; undefined where it is the only one. */
  readonly volumeNumber: number | undefined;
}
