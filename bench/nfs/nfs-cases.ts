import { type FileCase, HARDLY_MORE, NO_MORE } from '../files/file-case.ts';
import type { NfsReads } from './nfs-load-wish.ts';

const MIB = 1024 * 1024;
const FILES = { count: 1, bytes: 512 * MIB } as const;

export const NFS_CASES: readonly FileCase<NfsReads>[] = [
  {
    name: 'read-1m',
    sentence: 'READs of 1 MiB, as Linux asks for them, two at a time over each of 8 connections',
    files: FILES,
    from: 'a folder',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB },
    seconds: 3,
    compare: [
      { metric: 'server CPU', target: NO_MORE },
      { metric: 'server CPU per READ' },
      { metric: 'throughput' },
    ],
  },
  {
    name: 'read-128k',
    sentence: 'READs of 128 KiB, two at a time over each of 8 connections',
    files: FILES,
    from: 'a folder',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB / 8 },
    seconds: 3,
    compare: [
      { metric: 'server CPU', target: NO_MORE },
      { metric: 'server CPU per READ' },
      { metric: 'throughput' },
    ],
  },
  {
    name: 'one-at-a-time',
    sentence: 'READs of 128 KiB over one connection, each when the one before was answered',
    files: FILES,
    from: 'a folder',
    load: { connections: 1, callsAtOnce: 1, readBytes: MIB / 8 },
    seconds: 3,
    compare: [{ metric: 'server CPU' }, { metric: 'server CPU per READ' }, { metric: 'throughput' }],
  },
  {
    name: 'disc',
    sentence: 'READs of 1 MiB of a file on a disc image, beside the same file in a folder',
    files: FILES,
    from: 'a disc image',
    load: { connections: 8, callsAtOnce: 2, readBytes: MIB },
    seconds: 3,
    compare: [{ metric: 'server CPU', target: HARDLY_MORE }, { metric: 'throughput' }],
  },
];
