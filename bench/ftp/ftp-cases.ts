import type { Bound } from '../bench-row.ts';
import type { FtpReport } from './ftp-report.ts';

/** What is compared, from the load's report and the server's processor time in seconds. */
export const FTP_METRICS = {
  'server CPU': { unit: 's/GB', of: (report, cpu) => cpu / (report.bytes / 1e9) },
  'server CPU per file': { unit: 'us', of: (report, cpu) => (cpu * 1e6) / Math.max(1, report.files) },
  files: { unit: '1/s', of: (report) => report.files / report.seconds },
  throughput: { unit: 'MB/s', of: (report) => report.bytes / 1e6 / report.seconds },
  errors: { unit: '', of: (report) => report.errors },
} as const satisfies Record<
  string,
  { readonly unit: string; readonly of: (report: FtpReport, cpuSeconds: number) => number }
>;

export type FtpMetric = keyof typeof FTP_METRICS;

/** Who stands beside Muster: another server, or Muster with the same files in a folder. */
export type FtpPeer = 'vsftpd' | 'plain file';

export interface FtpCase {
  readonly name: string;
  readonly sentence: string;
  readonly files: { readonly count: number; readonly bytes: number };
  /** Where Muster has them. */
  readonly from: 'folder' | 'disc image';
  readonly peer: FtpPeer;
  readonly clients: number;
  readonly seconds: number;
  readonly compare: readonly { readonly metric: FtpMetric; readonly target?: Bound }[];
  readonly alone: readonly { readonly metric: FtpMetric; readonly target?: Bound }[];
}

const NO_ERROR = { metric: 'errors', target: { is: 'at most', number: 0 } } as const;
const LARGE = { count: 1, bytes: 2 ** 30 } as const;

export const FTP_CASES: readonly FtpCase[] = [
  {
    name: 'large',
    sentence: 'a file of 1 GiB by 32 clients',
    files: LARGE,
    from: 'folder',
    peer: 'vsftpd',
    clients: 32,
    seconds: 5,
    compare: [{ metric: 'server CPU', target: { is: 'at most', number: 1 } }, { metric: 'throughput' }],
    alone: [NO_ERROR],
  },
  {
    name: 'large-8',
    sentence: 'the same by 8 clients',
    files: LARGE,
    from: 'folder',
    peer: 'vsftpd',
    clients: 8,
    seconds: 5,
    compare: [{ metric: 'server CPU', target: { is: 'at most', number: 1 } }, { metric: 'throughput' }],
    alone: [NO_ERROR],
  },
  {
    name: 'iso',
    sentence: 'a file of 1 GiB inside a disc image, beside the same file in a folder',
    files: LARGE,
    from: 'disc image',
    peer: 'plain file',
    clients: 32,
    seconds: 5,
    compare: [{ metric: 'server CPU', target: { is: 'at most', number: 1.1 } }, { metric: 'throughput' }],
    alone: [NO_ERROR],
  },
  {
    name: 'small',
    sentence: '1000 files of 64 KiB, one after another by each of 32 clients',
    files: { count: 1000, bytes: 64 * 1024 },
    from: 'folder',
    peer: 'vsftpd',
    clients: 32,
    seconds: 5,
    compare: [{ metric: 'files' }, { metric: 'server CPU per file' }],
    alone: [NO_ERROR],
  },
];
