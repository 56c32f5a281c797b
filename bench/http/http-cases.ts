import { type FileCase, HARDLY_MORE } from '../files/file-case.ts';

export interface HttpLoad {
  /** That stay open. */
  readonly connections: number;
}

const LARGE = { count: 1, bytes: 2 ** 30 } as const;

export const HTTP_CASES: readonly FileCase<HttpLoad>[] = [
  {
    name: 'large',
    sentence: 'a file of 1 GiB over 32 connections',
    files: LARGE,
    from: 'a folder',
    load: { connections: 32 },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: { is: 'at most', number: 1.2 } }, { metric: 'throughput' }],
  },
  {
    name: 'disc',
    sentence: 'the same file on a disc image, beside the one in a folder',
    files: LARGE,
    from: 'a disc image',
    load: { connections: 32 },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: HARDLY_MORE }, { metric: 'throughput' }],
  },
  {
    name: 'small',
    sentence: '1000 files of 64 KiB, one after another over each of 32 connections',
    files: { count: 1000, bytes: 64 * 1024 },
    from: 'a folder',
    load: { connections: 32 },
    seconds: 3,
    compare: [
      { metric: 'files', target: { is: 'at least', number: 0.7 } },
      { metric: 'server CPU per file' },
    ],
  },
];
