import { closeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { ExtentSender } from '../../os/extent-sender.ts';
import { EAGAIN } from '../../os/libc.ts';
import { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import { LinkSending, type LinkSendingNeeds } from './plane-link-sending.ts';
import { newLink } from './plane-link-state.ts';

const CLIENT = parseIpv4('192.0.2.7');

for (const [what, bytes, calls] of [
  ['a large file', 2 ** 30, [[7, 'TCP_CORK', 1], 'a piece by the pipe']],
  ['a small file', 64 * 1024, ['a piece']],
] as const)
  test(`of ${what} the kernel is told before its first byte, and how it gets it`, () => {
    const told: unknown[] = [];
    const needs = {
      libc: {
        congestionControl: () => 'cubic',
        setSocketOption: (...option: unknown[]) => void told.push(option),
        openPipe: () => ({ input: 8, output: 9 }),
        emptyPipe: (_: number, fd: number, length: number) => (fd === 7 ? -EAGAIN : length),
        close: (fd: number) => (fd === 8 || fd === 9 ? undefined : closeSync(fd)),
        fillPipe: (_: number, __: number, ___: number, length: number) => {
          told.push('a piece by the pipe');
          return length;
        },
        sendFile: () => {
          told.push('a piece');
          return -EAGAIN;
        },
      },
      nowMs: () => 0,
      linkDescriptors: { watch: () => {} },
      descriptors: new ThreadDescriptors(),
    } as unknown as LinkSendingNeeds;
    const link = newLink(1, 'connected', 7, CLIENT);
    const extents = [{ offset: 0, length: bytes }];
    link.sender = new ExtentSender({ descriptor: 3, extents }, { first: 0, length: bytes });
    const sending = new LinkSending(needs);
    sending.begin(link);
    sending.free();
    expect(told).toEqual(calls);
    expect(link.phase).toBe('sending');
  });
