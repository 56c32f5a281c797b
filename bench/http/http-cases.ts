import type { Bound } from '../bench-row.ts';
import type { WrkReport } from './wrk.ts';

/** What is compared, from the load's report and the server's processor time in seconds. */
export const HTTP_METRICS = {
  'server CPU': { unit: 's/GB', of: (report, cpu) => cpu / (report.bytes / 1e9) },
  'server CPU per file': { unit: 'us', of: (report, cpu) => (cpu * 1e6) / Math.max(1, report.requests) },
  files: { unit: '1/s', of: (report) => report.requests / report.seconds },
  throughput: { unit: 'MB/s', of: (report) => report.bytes / 1e6 / report.seconds },
  errors: { unit: '', of: (report) => report.errors },
} as const satisfies Record<
  string,
  { readonly unit: string; readonly of: (report: WrkReport, cpuSeconds: number) => number }
>;

/** Muster with the same file in a folder. */
export const PLAIN_FILE = 'the plain file';

export type HttpMetric = keyof typeof HTTP_METRICS;

export interface HttpCase {
  readonly name: string;
  readonly sentence: string;
  readonly files: { readonly count: number; readonly bytes: number };
  /** What Muster has them in: a folder unless it says so, and then the folder is what it is compared with. */
  readonly holder?: 'a disc image';
  readonly connections: number;
  readonly seconds: number;
  readonly compare: readonly {
    readonly metric: HttpMetric;
    readonly target?: Bound & { readonly against: 'nginx' | typeof PLAIN_FILE };
  }[];
  readonly alone: readonly { readonly metric: HttpMetric; readonly target?: Bound }[];
}

const NO_ERROR = { metric: 'errors', target: { is: 'at most', number: 0 } } as const;

export const HTTP_CASES: readonly HttpCase[] = [
  {
    name: 'large',
    sentence: 'a file of 1 GiB over 32 connections',
    files: { count: 1, bytes: 2 ** 30 },
    connections: 32,
    seconds: 5,
    compare: [
      { metric: 'server CPU', target: { is: 'at most', number: 1.2, against: 'nginx' } },
      { metric: 'throughput' },
    ],
    alone: [NO_ERROR],
  },
  {
    name: 'disc',
    sentence: 'the same file on a disc image, beside the one in a folder',
    files: { count: 1, bytes: 2 ** 30 },
    holder: 'a disc image',
    connections: 32,
    seconds: 5,
    compare: [
      { metric: 'server CPU', target: { is: 'at most', number: 1.1, against: PLAIN_FILE } },
      { metric: 'throughput' },
    ],
    alone: [NO_ERROR],
  },
  {
    name: 'small',
    sentence: '1000 files of 64 KiB, one after another over each of 32 connections',
    files: { count: 1000, bytes: 64 * 1024 },
    connections: 32,
    seconds: 5,
    compare: [
      { metric: 'files', target: { is: 'at least', number: 0.7, against: 'nginx' } },
      { metric: 'server CPU per file' },
    ],
    alone: [NO_ERROR],
  },
];
