import { type FileCase, HARDLY_MORE, NO_MORE } from '../files/file-case.ts';

export interface FtpClients {
  /** Each with a control connection that stays open. */
  readonly clients: number;
}

const LARGE = { count: 1, bytes: 2 ** 30 } as const;

export const FTP_CASES: readonly FileCase<FtpClients>[] = [
  {
    name: 'large',
    sentence: 'a file of 1 GiB by 32 clients',
    files: LARGE,
    from: 'a folder',
    load: { clients: 32 },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: NO_MORE }, { metric: 'throughput' }],
  },
  {
    name: 'large-8',
    sentence: 'the same by 8 clients',
    files: LARGE,
    from: 'a folder',
    load: { clients: 8 },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: NO_MORE }, { metric: 'throughput' }],
  },
  {
    name: 'disc',
    sentence: 'the same file on a disc image by 32 clients, beside the one in a folder',
    files: LARGE,
    from: 'a disc image',
    load: { clients: 32 },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: HARDLY_MORE }, { metric: 'throughput' }],
  },
  {
    name: 'small',
    sentence: '1000 files of 64 KiB, one after another by each of 32 clients',
    files: { count: 1000, bytes: 64 * 1024 },
    from: 'a folder',
    load: { clients: 32 },
    seconds: 3,
    compare: [{ metric: 'files' }, { metric: 'server CPU per file' }],
  },
];
