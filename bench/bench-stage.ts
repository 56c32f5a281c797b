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

const last = availableParallelism() - 1;

/** The load has the first processor, the server the others; `all` are for a server without a load. taskset(1) takes these. */
export const PROCESSORS = {
  load: '0',
  server: last > 1 ? `1-${last}` : String(last),
  all: `0-${last}`,
} as const;
