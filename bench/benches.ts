import type { BenchRow } from './bench-row.ts';
import type { BenchStage } from './bench-stage.ts';
import type { PeerName } from './peer-packages.ts';
import { runTftpCase } from './tftp/run-tftp.ts';
import { TFTP_CASES } from './tftp/tftp-cases.ts';

export interface BenchCase {
  readonly name: string;
  readonly sentence: string;
  readonly run: (stage: BenchStage) => Promise<readonly BenchRow[]>;
}

export interface Bench {
  readonly peers: readonly PeerName[];
  readonly cases: readonly BenchCase[];
  /** What no run of it measures. */
  readonly notMeasured: readonly string[];
}

/** Every benchmark: one row adds one to `npm run bench`. */
export const BENCHES = {
  tftp: {
    peers: ['dnsmasq', 'tftpd-hpa', 'atftpd'],
    cases: TFTP_CASES.map((testCase) => ({
      name: testCase.name,
      sentence: testCase.sentence,
      run: (stage) => runTftpCase(testCase, stage),
    })),
    notMeasured: [
      'anything on a real network card: the client and the server are on one machine with a veth pair between them, which charges a part of the receiver’s work to the sender',
      'loss and delay are made by the load program, not by a network',
      'windowsize on dnsmasq and tftpd-hpa: they do not know it',
    ],
  },
} as const satisfies Record<string, Bench>;

export type BenchName = keyof typeof BENCHES;
