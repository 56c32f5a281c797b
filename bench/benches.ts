import type { BenchRow } from './bench-row.ts';
import type { BenchStage } from './bench-stage.ts';
import type { PeerName } from './peer-packages.ts';
import { runApi } from './api/run-api.ts';
import { runPage } from './api/run-page.ts';
import { runBootStorm } from './dhcp/run-boot-storm.ts';
import { runMillionLeases } from './dhcp/run-million-leases.ts';
import { runDora } from './dhcp/run-dora.ts';
import { runAdd } from './discs/run-add.ts';
import { runIndex } from './discs/run-index.ts';
import { FTP_CASES } from './ftp/ftp-cases.ts';
import { runFtpCase } from './ftp/run-ftp.ts';
import { HTTP_CASES } from './http/http-cases.ts';
import { runHttpCase } from './http/run-http.ts';
import { NFS_CASES } from './nfs/nfs-cases.ts';
import { runNfsCase } from './nfs/run-nfs.ts';
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
  /** Of each server, unless it is told otherwise: what is compared closely wants more of them. */
  readonly runs: number;
  /** With `--quick`; one where it is left out. */
  readonly quickRuns?: number;
  /** What no run of it measures. */
  readonly notMeasured: readonly string[];
}

/** Every benchmark: one row adds one to `npm run bench`. */
export const BENCHES = {
  tftp: {
    peers: ['dnsmasq', 'tftpd-hpa', 'atftpd'],
    runs: 5,
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
  http: {
    peers: ['nginx', 'wrk'],
    runs: 9,
    quickRuns: 5,
    cases: HTTP_CASES.map((testCase) => ({
      name: testCase.name,
      sentence: testCase.sentence,
      run: (stage) => runHttpCase(testCase, stage),
    })),
    notMeasured: [
      'anything on a real network card: the client and the server are on one machine with a veth pair between them',
      'the content of what the load program reads: one file is compared before',
    ],
  },
  discs: {
    peers: [],
    runs: 3,
    cases: [
      {
        name: 'index',
        sentence: 'a disc of 10 GB with 50,000 files is opened and walked, beside xorriso',
        run: runIndex,
      },
      { name: 'add', sentence: 'a disc of 5 GB is added until its kernel comes over HTTP', run: runAdd },
    ],
    notMeasured: [
      'a disk that has to be read: what is read of the discs was written a moment before',
      'what stands in the large files: they are empty',
    ],
  },
  nfs: {
    peers: ['nfs-ganesha', 'rpcbind'],
    runs: 9,
    quickRuns: 5,
    cases: NFS_CASES.map((testCase) => ({
      name: testCase.name,
      sentence: testCase.sentence,
      run: (stage) => runNfsCase(testCase, stage),
    })),
    notMeasured: [
      'anything on a real network card: the client and the server are on one machine with a veth pair between them',
      'the content of what the load program reads: the file is compared before',
      'the NFS server of the kernel, which this machine has not',
    ],
  },
  ftp: {
    peers: ['vsftpd'],
    runs: 9,
    quickRuns: 5,
    cases: FTP_CASES.map((testCase) => ({
      name: testCase.name,
      sentence: testCase.sentence,
      run: (stage) => runFtpCase(testCase, stage),
    })),
    notMeasured: [
      'anything on a real network card: the client and the server are on one machine with a veth pair between them',
      'the content of what the load program receives: one file is compared before',
    ],
  },
  api: {
    peers: [],
    runs: 3,
    cases: [
      {
        name: 'fleet',
        sentence:
          '10,000 machines, of which a hundred boot each second (200 events), while a page and some programs ask; beside fastify with the same bytes',
        run: runApi,
      },
      {
        name: 'page',
        sentence:
          'how long a frame of the web page takes in Chromium with as many machines and events; beside a blank page',
        run: runPage,
      },
    ],
    notMeasured: [
      'anything on a real network card, and TLS',
      'a browser on a computer of its own, with a graphics card: here it shares the processors with Muster and the machines that boot',
      'the first drawing of a page: it is watched once it is there',
      'answers in the first seconds after Muster or the load program was started',
    ],
  },
  dhcp: {
    peers: ['kea', 'perfdhcp', 'isc-dhcpd'],
    runs: 3,
    cases: [
      {
        name: 'dora',
        sentence: 'whole exchanges a second without a loss, from a ladder of offered rates',
        run: runDora,
      },
      {
        name: 'boot-storm',
        sentence:
          '10,000 machines switched on within one second; then kill -9, and what was acknowledged must be there',
        run: runBootStorm,
      },
      {
        name: 'million-leases',
        sentence: 'Muster is started on a database with a million leases',
        run: runMillionLeases,
      },
    ],
    notMeasured: [
      'anything on a real network card',
      'dnsmasq, which writes its lease file anew: an earlier measurement found 250 exchanges a second',
      'the other servers with a million leases; and a disk that has to be read: the leases were written a moment before',
      'clients without a relay: all messages come from one relay agent, as perfdhcp sends them',
    ],
  },
} as const satisfies Record<string, Bench>;

export type BenchName = keyof typeof BENCHES;
