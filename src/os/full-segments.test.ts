import { expect, test } from 'vitest';
import { FullSegments, fillSegments } from './full-segments.ts';

const KIB = 1024;

/** A kernel that notes what a connection is told. */
function kernel(congestionControl = 'cubic') {
  const told: unknown[] = [];
  return {
    told,
    congestionControl: () => congestionControl,
    setSocketOption: (fd: number, name: string, value: number) => void told.push([fd, name, value]),
  };
}

for (const [what, parts, told] of [
  [
    'a large file',
    [900 * KIB],
    [
      [7, 'TCP_CORK', 1],
      [7, 'TCP_CORK', 0],
    ],
  ],
  [
    'a large file, however often it goes on',
    [900 * KIB, 300 * KIB, 10],
    [
      [7, 'TCP_CORK', 1],
      [7, 'TCP_CORK', 0],
    ],
  ],
  ['a file of 128 KiB', [128 * KIB], []],
] as const) {
  test(`what fills no segment is held back until the end of ${what}: ${told.length} calls`, () => {
    const libc = kernel();
    const segments = new FullSegments();
    for (const bytes of parts) segments.begin(libc, 7, bytes);
    segments.end(libc, 7);
    segments.end(libc, 7);
    expect(libc.told).toEqual(told);
  });
}

for (const [what, congestionControl, bytes, told] of [
  ['a large file', 'cubic', 900 * KIB, [[7, 'TCP_CORK', 1]]],
  ['a file of 128 KiB', 'cubic', 128 * KIB, []],
  ['a large file that BBR sends', 'bbr', 900 * KIB, []],
] as const) {
  test(`of a connection that is there for ${what} it is held back until its end: ${told.length} calls`, () => {
    const libc = kernel(congestionControl);
    expect(fillSegments(libc, 7, bytes)).toBe(told.length > 0);
    expect(libc.told).toEqual(told);
  });
}
