import { availableParallelism } from 'node:os';
import type { BenchNetwork } from './bench-network.ts';
import type { PeerPackages } from './peer-packages.ts';

/** What a case needs to run. */
export interface BenchStage {
  readonly network: BenchNetwork;
  readonly peers: PeerPackages;
  /** For files, data and logs of this run; taken away at its end. */
  readonly folder: string;
  readonly runs: number;
  readonly quick: boolean;
  readonly say: (line: string) => void;
  /** What could not be measured, and why. */
  readonly leaveOut: (what: string) => void;
  /** Gets the share of the processors that something else used, for each run. */
  readonly disturbed: (elsewhere: number) => void;
}

/** The load has the first processor, the server the others; taskset(1) takes these. */
export const PROCESSORS =
  availableParallelism() > 1
    ? { load: '0', server: availableParallelism() === 2 ? '1' : `1-${availableParallelism() - 1}` }
    : { load: '0', server: '0' };
