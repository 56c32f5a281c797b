import { expect, test } from 'vitest';
import { systemLibc } from '../../os/suite/system-libc.ts';
import { encodePacket } from './packet.ts';
import { PlaneFiles } from './plane-files.ts';

function handed(files: PlaneFiles, bytes: Uint8Array) {
  return files.take({ give: 'bytes', bytes, holdsFor: 'everyone', traits: {} });
}

const counted = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, at) => at * 7);

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
  const mapped = files.take({
    give: 'file',
    mapping: 1,
    address: 4096,
    bytes: 100,
    holdsFor: 'everyone',
    traits: {},
  });
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
