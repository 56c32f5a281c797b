import type { Bound } from '../bench-row.ts';
import type { PeerName } from '../peer-packages.ts';
import type { TftpLoad, TftpLoadReport } from './load-report.ts';

/** What is compared, from the load's report and the server's processor time in seconds. */
export const TFTP_METRICS = {
  'server CPU': { unit: 's/GB', of: (report, cpu) => cpu / (report.bytes / 1e9) },
  'server CPU per file': { unit: 'us', of: (report, cpu) => (cpu * 1e6) / Math.max(1, report.finished) },
  files: { unit: '1/s', of: (report) => report.finished / report.seconds },
  throughput: { unit: 'MB/s', of: (report) => report.bytes / 1e6 / report.seconds },
  'failed transfers': { unit: '', of: (report) => report.failed },
  'slowest 1 %': { unit: 'ms', of: (report) => report.latencyMs?.p99 ?? Infinity },
} as const satisfies Record<
  string,
  { readonly unit: string; readonly of: (report: TftpLoadReport, cpuSeconds: number) => number }
>;

export type TftpMetric = keyof typeof TFTP_METRICS;

export interface TftpCase {
  readonly name: string;
  readonly sentence: string;
  readonly fileBytes: number;
  readonly load: Pick<TftpLoad, 'clients' | 'transfers' | 'windowBlocks' | 'loss' | 'delayMs'>;
  /** A run ends after this time, whatever is still under way; `--quick` makes it shorter. */
  readonly limitSeconds: number;
  /** Shown beside each peer, with a target where there is one. */
  readonly compare: readonly {
    readonly metric: TftpMetric;
    readonly target?: Bound & { readonly against: PeerName | 'every peer' };
  }[];
  /** Shown of Muster alone. */
  readonly alone: readonly { readonly metric: TftpMetric; readonly target?: Bound }[];
}

/** What fits in an Ethernet frame with the headers of IPv4, UDP and TFTP is 1468; firmware asks for 1428 or so. */
export const BLOCK_BYTES = 1428;

const MIB = 1024 * 1024;
/** pxelinux.0 and its like. */
const LOADER_BYTES = 27 * 1024;
const NO_FAILURE = { metric: 'failed transfers', target: { is: 'at most', number: 0 } } as const;
const LOCK_STEP = { windowBlocks: 1, loss: 0, delayMs: 0 } as const;
/** More than are reached before the time is over. */
const WITHOUT_END = 1_000_000;

export const TFTP_CASES: readonly TftpCase[] = [
  {
    name: 'c32',
    sentence: '32 clients, a kernel of 16 MiB, one block at a time',
    fileBytes: 16 * MIB,
    load: { clients: 32, transfers: WITHOUT_END, ...LOCK_STEP },
    limitSeconds: 5,
    compare: [
      { metric: 'server CPU', target: { is: 'at most', number: 0.8, against: 'dnsmasq' } },
      { metric: 'throughput' },
    ],
    alone: [NO_FAILURE],
  },
  {
    name: 'storm',
    sentence: '10,000 times a loader of 27 KB, 64 clients at a time',
    fileBytes: LOADER_BYTES,
    load: { clients: 64, transfers: 10_000, ...LOCK_STEP },
    limitSeconds: 20,
    compare: [
      { metric: 'server CPU per file', target: { is: 'at most', number: 0.8, against: 'dnsmasq' } },
      { metric: 'server CPU', target: { is: 'at most', number: 0.8, against: 'dnsmasq' } },
      { metric: 'files' },
    ],
    alone: [NO_FAILURE, { metric: 'slowest 1 %' }],
  },
  {
    name: 'w16-c32',
    sentence: '32 clients, a kernel of 16 MiB, windows of 16 blocks',
    fileBytes: 16 * MIB,
    load: { clients: 32, transfers: WITHOUT_END, ...LOCK_STEP, windowBlocks: 16 },
    limitSeconds: 5,
    compare: [
      { metric: 'server CPU', target: { is: 'at most', number: 0.3, against: 'atftpd' } },
      { metric: 'throughput' },
    ],
    alone: [NO_FAILURE],
  },
  {
    name: 'c256',
    sentence: '256 clients, a file of 2 MiB, one block at a time, each to its end',
    fileBytes: 2 * MIB,
    load: { clients: 256, transfers: 256, ...LOCK_STEP },
    limitSeconds: 60,
    compare: [{ metric: 'server CPU' }, { metric: 'throughput' }],
    alone: [NO_FAILURE, { metric: 'slowest 1 %' }],
  },
  {
    name: 'storm-loss1',
    sentence: 'the storm over a link that loses 1 % of the packets each way',
    fileBytes: LOADER_BYTES,
    load: { clients: 64, transfers: 10_000, ...LOCK_STEP, loss: 0.01 },
    limitSeconds: 10,
    compare: [{ metric: 'files', target: { is: 'at least', number: 5, against: 'every peer' } }],
    alone: [NO_FAILURE, { metric: 'slowest 1 %' }],
  },
  {
    name: 'one-client',
    sentence: 'one client, a file of 16 MiB, one block at a time',
    fileBytes: 16 * MIB,
    load: { clients: 1, transfers: WITHOUT_END, ...LOCK_STEP },
    limitSeconds: 4,
    compare: [{ metric: 'server CPU' }, { metric: 'throughput' }],
    alone: [NO_FAILURE],
  },
  {
    name: 'delay10-c256',
    sentence: '256 clients that are 10 ms away, a loader of 27 KB',
    fileBytes: LOADER_BYTES,
    load: { clients: 256, transfers: WITHOUT_END, ...LOCK_STEP, delayMs: 10 },
    limitSeconds: 4,
    compare: [{ metric: 'files' }],
    alone: [NO_FAILURE],
  },
];
