import { expect, test } from 'vitest';
import { systemLibc } from '../../os/suite/system-libc.ts';
import { encodePacket } from './packet.ts';
import { MAX_REMEMBERED_BYTES, type PlaneFile, PlaneFiles, REMEMBER_MS } from './plane-files.ts';

function handed(files: PlaneFiles, bytes: Uint8Array, key = ''): PlaneFile {
  return files.take({ give: 'bytes', bytes, holdsFor: 'everyone', traits: {} }, key);
}

/** What answers everyone who asks for this name at this time. */
function remembered(files: PlaneFiles, key: string, bytes: Uint8Array, nowMs: number): PlaneFile {
  const file = handed(files, bytes, key);
  files.remember(key, file, nowMs);
  files.release(file);
  files.reap();
  return file;
}

const counted = (bytes: number): Uint8Array => new Uint8Array(bytes).map((_, at) => at * 7);

for (const [size, blockBytes, packets] of [
  [1000, 512, 2],
  [1024, 512, 3],
  [0, 512, 1],
  [100, 1428, 1],
] as const) {
  test(`the packets of ${size} bytes in blocks of ${blockBytes} lie one behind the other, the last one short`, () => {
    const files = new PlaneFiles(systemLibc());
    const bytes = counted(size);
    const file = handed(files, bytes);
    const sheet = files.sheetOf(file, blockBytes);
    const wanted = Array.from({ length: packets }, (_, at) =>
      encodePacket({
        op: 'DATA',
        block: at + 1,
        bytes: bytes.subarray(at * blockBytes, (at + 1) * blockBytes),
      }),
    );
    expect(Buffer.from(sheet!.memory.buffer, 0, sheet!.bytes)).toEqual(Buffer.concat(wanted));
    expect(files.sheetOf(file, blockBytes)).toBe(sheet);
    files.release(file);
    files.reap();
  });
}

test('packets are laid out for four block sizes of a file, and not where it is mapped', () => {
  const files = new PlaneFiles(systemLibc());
  const file = handed(files, counted(100));
  for (const blockBytes of [512, 1024, 1428, 1468]) expect(files.sheetOf(file, blockBytes)).toBeDefined();
  expect(files.sheetOf(file, 1400)).toBeUndefined();
  expect(files.sheetOf(file, 512)).toBeDefined();
  files.release(file);
  files.reap();
  const mapped = files.take(
    { give: 'file', mapping: 1, address: 4096, bytes: 100, holdsFor: 'everyone', traits: {} },
    '',
  );
  expect(files.sheetOf(mapped, 512)).toBeUndefined();
});

test('a file of more blocks than the wire can count is put together packet by packet', () => {
  const files = new PlaneFiles(systemLibc());
  const file = handed(files, new Uint8Array(65_535 * 8));
  expect(files.sheetOf(file, 8)).toBeUndefined();
  files.release(file);
  files.reap();
});

test('what is laid out has its limit, and makes room when its file goes', () => {
  const files = new PlaneFiles(systemLibc());
  const held = Array.from({ length: 9 }, () => handed(files, new Uint8Array(4_000_000)));
  const laid = held.map((file) => files.sheetOf(file, 1428) !== undefined);
  expect(laid).toEqual([true, true, true, true, true, true, true, true, false]);
  files.release(held[0]!);
  files.reap();
  expect(files.sheetOf(held[8]!, 1428)).toBeDefined();
  for (const file of held.slice(1)) files.release(file);
  files.reap();
});

test('a name is remembered for a second, and its packets for as long as the same bytes are answered again', () => {
  const files = new PlaneFiles(systemLibc());
  const first = remembered(files, 'loader', counted(1000), 0);
  const sheet = files.sheetOf(first, 512);
  expect(files.remembered('loader', REMEMBER_MS - 1)).toBe(first);
  expect(files.remembered('loader', REMEMBER_MS)).toBeUndefined();
  files.sweep(REMEMBER_MS + 10);
  const again = remembered(files, 'loader', counted(1000), REMEMBER_MS + 20);
  expect(again).toBe(first);
  expect(files.sheetOf(again, 512)).toBe(sheet);
  expect(files.remembered('loader', 2 * REMEMBER_MS)).toBe(first);

  const other = remembered(files, 'loader', counted(1000).reverse(), 2 * REMEMBER_MS + 20);
  expect(other).not.toBe(first);
  expect(
    Buffer.from(files.sheetOf(other, 512)!.memory.buffer).indexOf(counted(1000).reverse().subarray(0, 512)),
  ).toBe(4);
  files.sweep(10 * REMEMBER_MS);
  files.reap();
});

test('a name that nobody asks for any more is let go of', () => {
  const files = new PlaneFiles(systemLibc());
  const first = remembered(files, 'loader', counted(1000), 0);
  files.sweep(2 * REMEMBER_MS);
  files.reap();
  const later = remembered(files, 'loader', counted(1000), 2 * REMEMBER_MS);
  expect(later).not.toBe(first);
  files.sweep(10 * REMEMBER_MS);
  files.reap();
});

test('bytes that are held for names have a limit, and room is made when a name goes', () => {
  const files = new PlaneFiles(systemLibc());
  const half = new Uint8Array(MAX_REMEMBERED_BYTES / 2);
  for (const key of ['a', 'b', 'c']) remembered(files, key, half, 0);
  expect(['a', 'b', 'c'].map((key) => files.remembered(key, 1) !== undefined)).toEqual([true, true, false]);
  files.forget('a');
  files.reap();
  remembered(files, 'c', half, 1);
  expect(files.remembered('c', 2)).toBeDefined();
  files.sweep(10 * REMEMBER_MS);
  files.reap();
});
