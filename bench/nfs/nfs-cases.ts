import type { Bound } from '../bench-row.ts';
import type { NfsLoad, NfsLoadReport } from './nfs-load-report.ts';

/** What is compared, from the load's report and the server's processor time in seconds. */
export const NFS_METRICS = {
  'server CPU': { unit: 's/GB', of: (report, cpu) => cpu / (report.bytes / 1e9) },
  'server CPU per READ': { unit: 'us', of: (report, cpu) => (cpu * 1e6) / Math.max(1, report.reads) },
  throughput: { unit: 'MB/s', of: (report) => report.bytes / 1e6 / report.seconds },
  errors: { unit: '', of: (report) => report.errors },
} as const satisfies Record<
  string,
  { readonly unit: string; readonly of: (report: NfsLoadReport, cpuSeconds: number) => number }
>;

export type NfsMetric = keyof typeof NFS_METRICS;

/** What Muster has the file in: as it is, or on a disc image. */
export type Holder = 'a folder' | 'a disc image';

export interface NfsCase {
  readonly name: string;
  readonly sentence: string;
  readonly load: Pick<NfsLoad, 'connections' | 'callsAtOnce' | 'readBytes' | 'seconds'>;
  readonly holder: Holder;
  readonly against: 'nfs-ganesha' | 'the plain file';
  readonly compare: readonly { readonly metric: NfsMetric; readonly target?: Bound }[];
}

const MIB = 1024 * 1024;
export const NFS_FILE_BYTES = 512 * MIB;
const NO_MORE: Bound = { is: 'at most', number: 1 };
const HARDLY_MORE: Bound = { is: 'at most', number: 1.1 };

export const NFS_CASES: readonly NfsCase[] = [
  {
    name: 'read-1m',
    sentence: 'READs of 1 MiB, as Linux asks for them, two at a time over each of 8 connections',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB, seconds: 5 },
    holder: 'a folder',
    against: 'nfs-ganesha',
    compare: [
      { metric: 'server CPU', target: NO_MORE },
      { metric: 'server CPU per READ' },
      { metric: 'throughput' },
    ],
  },
  {
    name: 'read-128k',
    sentence: 'READs of 128 KiB, two at a time over each of 8 connections',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB / 8, seconds: 5 },
    holder: 'a folder',
    against: 'nfs-ganesha',
    compare: [
      { metric: 'server CPU', target: NO_MORE },
      { metric: 'server CPU per READ' },
      { metric: 'throughput' },
    ],
  },
  {
    name: 'one-at-a-time',
    sentence: 'READs of 128 KiB over one connection, each when the one before was answered',
    load: { connections: 1, callsAtOnce: 1, readBytes: MIB / 8, seconds: 4 },
    holder: 'a folder',
    against: 'nfs-ganesha',
    compare: [{ metric: 'server CPU' }, { metric: 'server CPU per READ' }, { metric: 'throughput' }],
  },
  {
    name: 'disc',
    sentence: 'READs of 1 MiB of a file on a disc image, beside the same file in a folder',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB, seconds: 5 },
    holder: 'a disc image',
    against: 'the plain file',
    compare: [{ metric: 'server CPU', target: HARDLY_MORE }, { metric: 'throughput' }],
  },
];
