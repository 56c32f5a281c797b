import type { Bound } from '../bench-row.ts';

/** A case in which clients read files of an image, and what is compared of it: the same for HTTP, FTP and NFS. */

/** What a load program saw. */
export interface FileReport {
  /** That came whole: files over HTTP and FTP, READs over NFS. */
  readonly answers: number;
  /** Of all answers, also of those that the end of the run broke off. */
  readonly bytes: number;
  readonly seconds: number;
  /** Answers that should not be, and connections that broke. */
  readonly errors: number;
  /** The first of them, where the load program tells it. */
  readonly failure?: string;
}

const perAnswer = {
  unit: 'us',
  of: ({ answers }: FileReport, cpu: number): number => (cpu * 1e6) / Math.max(1, answers),
} as const;

/** What is compared, from the load's report and the server's processor time in seconds. */
export const FILE_METRICS = {
  'server CPU': { unit: 's/GB', of: ({ bytes }, cpu) => cpu / (bytes / 1e9) },
  'server CPU per file': perAnswer,
  'server CPU per READ': perAnswer,
  files: { unit: '1/s', of: ({ answers, seconds }) => answers / seconds },
  throughput: { unit: 'MB/s', of: ({ bytes, seconds }) => bytes / 1e6 / seconds },
  errors: { unit: '', of: ({ errors }) => errors },
} as const satisfies Record<
  string,
  { readonly unit: string; readonly of: (report: FileReport, cpuSeconds: number) => number }
>;

export type FileMetric = keyof typeof FILE_METRICS;

/** @typeParam Load how it is asked for: connections, what each asks for. */
export interface FileCase<Load> {
  readonly name: string;
  readonly sentence: string;
  /** `file-0`, `file-1` … */
  readonly files: { readonly count: number; readonly bytes: number };
  /**
   * What Muster has them in. From a folder it is compared with another server that has the same folder; from a disc image
   * with itself and the folder that the disc was made of.
   */
  readonly from: 'a folder' | 'a disc image';
  readonly load: Load;
  readonly seconds: number;
  readonly compare: readonly { readonly metric: FileMetric; readonly target?: Bound }[];
}

/** Muster with the same files in a folder. */
export const PLAIN_FILE = 'the plain file';

/** No more than the peer takes ... */
export const NO_MORE: Bound = { is: 'at most', number: 1 };
/** ... or hardly more than from a folder, for what lies on a disc image. */
export const HARDLY_MORE: Bound = { is: 'at most', number: 1.1 };
export const NO_ERROR: Bound = { is: 'at most', number: 0 };
