import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { ExtentSender } from '../../os/extent-sender.ts';
import { EAGAIN } from '../../os/libc.ts';
import { LinkSending, type LinkSendingNeeds } from './plane-link-sending.ts';
import { newLink } from './plane-link-state.ts';

const CLIENT = parseIpv4('192.0.2.7');

for (const [what, bytes, options] of [
  ['a large file', 2 ** 30, [[7, 'TCP_CORK', 1]]],
  ['a small file', 64 * 1024, []],
] as const)
  test(`of ${what} the kernel is told before its first byte: ${options.length} options`, () => {
    const told: unknown[] = [];
    const needs = {
      libc: {
        congestionControl: () => 'cubic',
        setSocketOption: (...option: unknown[]) => void told.push(option),
        sendFile: () => {
          told.push('a piece');
          return -EAGAIN;
        },
      },
      nowMs: () => 0,
      descriptors: { watch: () => {} },
    } as unknown as LinkSendingNeeds;
    const link = newLink(1, 'connected', 7, CLIENT);
    const extents = [{ offset: 0, length: bytes }];
    link.sender = new ExtentSender({ descriptor: 3, extents }, { first: 0, length: bytes });
    new LinkSending(needs).begin(link);
    expect(told).toEqual([...options, 'a piece']);
    expect(link.phase).toBe('sending');
  });
