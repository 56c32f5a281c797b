import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Extent } from '../lib/byte-source.ts';
import { ExtentSender } from './extent-sender.ts';
import { EAGAIN } from './libc.ts';

const MIB = 1024 * 1024;
const EPIPE = 32;

/** A kernel that takes so much at once, of a file of that size, and notes from where. */
function kernel(most: number, fileBytes = Number.MAX_SAFE_INTEGER) {
  const taken: Extent[] = [];
  return {
    taken,
    sendFile(_fd: number, _file: number, offset: number, wanted: number): number {
      const length = Math.max(0, Math.min(wanted, most, fileBytes - offset));
      if (length > 0) taken.push({ offset, length });
      return length;
    },
  };
}

function bytesOf(extents: readonly Extent[]): readonly number[] {
  return extents.flatMap(({ offset, length }) => Array.from({ length }, (_, at) => offset + at));
}

describe('parts of a file', () => {
  test('are sent in their order, whatever the kernel takes at once', () => {
    const extent = fc.record({ offset: fc.nat(1000), length: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(extent), fc.nat(30), fc.integer({ min: 1, max: 9 }), (extents, skipped, most) => {
        const all = bytesOf(extents);
        const first = Math.min(skipped, all.length);
        const sender = new ExtentSender({ descriptor: 3, extents }, { first, length: all.length - first });
        const libc = kernel(most);
        let calls = 0;
        while (sender.send(libc, 4) === 'later') expect(calls++).toBeLessThan(all.length);
        expect(bytesOf(libc.taken)).toEqual(all.slice(first));
        expect([sender.sent, sender.at, sender.isDone]).toEqual([all.length - first, all.length, true]);
      }),
    );
  });

  test('wait once the connection takes no more, without asking it again', () => {
    const extents = [{ offset: 0, length: 10 }];
    const sender = new ExtentSender({ descriptor: 3, extents }, { first: 0, length: 10 });
    const libc = kernel(6);
    expect(sender.send(libc, 4)).toBe('later');
    expect(libc.taken).toEqual([{ offset: 0, length: 6 }]);
    expect([sender.sent, sender.left]).toEqual([6, 4]);
    expect(sender.send(libc, 4)).toBe('done');
  });

  test('give way to other connections after 4 MiB', () => {
    const extents = [{ offset: 0, length: 6 * MIB }];
    const sender = new ExtentSender({ descriptor: 3, extents }, { first: 0, length: 6 * MIB });
    const libc = kernel(Number.MAX_SAFE_INTEGER);
    expect(sender.send(libc, 4)).toBe('later');
    expect(libc.taken.map(({ length }) => length / MIB)).toEqual([4]);
    expect(sender.send(libc, 4)).toBe('done');
  });

  test('that are not there any more are too short', () => {
    const whole = { first: 0, length: 100 };
    const behind = new ExtentSender({ descriptor: 3, extents: [{ offset: 0, length: 100 }] }, whole);
    expect(behind.send(kernel(1000, 60), 4)).toBe('later');
    expect(behind.send(kernel(1000, 60), 4)).toBe('too short');
    expect(behind.at).toBe(60);
    const missing = new ExtentSender({ descriptor: 3, extents: [{ offset: 0, length: 60 }] }, whole);
    expect(missing.send(kernel(1000), 4)).toBe('too short');
  });

  for (const [errno, progress] of [
    [EAGAIN, 'later'],
    [EPIPE, 'broken'],
  ] as const)
    test(`are ${progress} where the system says ${errno}`, () => {
      const extents = [{ offset: 0, length: 10 }];
      const sender = new ExtentSender({ descriptor: 3, extents }, { first: 0, length: 10 });
      expect(sender.send({ sendFile: () => -errno }, 4)).toBe(progress);
      expect([sender.errno, sender.sent]).toEqual([errno, 0]);
    });
});
