import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOfBytes, type ByteSource } from '../../lib/byte-source.ts';
import { CHUNK_BYTES, PacketBuffer } from './packet-buffer.ts';

/** Counts what is asked of a source. */
function watched(bytes: Uint8Array): ByteSource & { reads: [number, number][]; closed: number } {
  const inner = sourceOfBytes(bytes);
  const watch = {
    ...inner,
    reads: [] as [number, number][],
    closed: 0,
    read(offset: number, length: number) {
      watch.reads.push([offset, length]);
      return inner.read(offset, length);
    },
    close() {
      watch.closed += 1;
      return Promise.resolve();
    },
  };
  return watch;
}

function counting(size: number): Uint8Array {
  return new Uint8Array(size).map((_, index) => (index * 7) % 251);
}

async function wholeFile(
  buffer: PacketBuffer,
  size: number,
  blockBytes: number,
  windowBlocks: number,
): Promise<Uint8Array> {
  const lastBlock = Math.floor(size / blockBytes) + 1;
  const heads: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  for (let from = 1; from <= lastBlock; from += windowBlocks) {
    const to = Math.min(from + windowBlocks - 1, lastBlock);
    await buffer.load(from, to);
    for (let block = from; block <= to; block += 1) {
      const packet = buffer.packet(block)!;
      heads.push(packet.subarray(0, 4));
      parts.push(packet.subarray(4));
    }
    buffer.readAhead(from);
  }
  // At once: to expect each of thousands of heads would take most of the time.
  expect(Buffer.concat(heads).equals(headsUpTo(lastBlock))).toBe(true);
  return Buffer.concat(parts);
}

function headsUpTo(lastBlock: number): Buffer {
  return Buffer.from(
    Array.from({ length: lastBlock }, (_, before) => [
      0,
      3,
      ((before + 1) >> 8) & 0xff,
      (before + 1) & 0xff,
    ]).flat(),
  );
}

test('gives every byte of any file in any shape, the last block short or empty', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 8, max: 1500 }),
      fc.integer({ min: 1, max: 64 }),
      async (size, blockBytes, windowBlocks) => {
        const bytes = counting(size);
        const buffer = new PacketBuffer(sourceOfBytes(bytes), { blockBytes, windowBlocks });
        expect(Buffer.compare(await wholeFile(buffer, size, blockBytes, windowBlocks), bytes)).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

for (const [blockBytes, windowBlocks] of [
  [512, 1],
  [1024, 16],
  [8192, 16],
] as const) {
  test(`reads ${blockBytes}-byte blocks in windows of ${windowBlocks} in large chunks, each once`, async () => {
    const size = 1024 * 1024;
    const source = watched(counting(size));
    await wholeFile(new PacketBuffer(source, { blockBytes, windowBlocks }), size, blockBytes, windowBlocks);
    expect(source.reads.length).toBeLessThanOrEqual(size / CHUNK_BYTES);
    expect(source.reads.reduce((sum, [, length]) => sum + length, 0)).toBe(size);
  });
}

test('keeps a whole window ready for a roll-back, and forgets what lies behind it', async () => {
  const source = watched(counting(1024 * 1024));
  const buffer = new PacketBuffer(source, { blockBytes: 1024, windowBlocks: 16 });
  await buffer.load(50, 65); // blocks 1 to 64 are the first chunk
  buffer.readAhead(50);
  expect(buffer.packet(50)).toBeDefined();
  expect(buffer.packet(65)).toBeDefined();
  expect(source.reads.length).toBe(2);
  await buffer.load(129, 144);
  expect(buffer.packet(65)).toBeUndefined();
});

test('an empty file is one empty block, without a read', async () => {
  const source = watched(new Uint8Array(0));
  const buffer = new PacketBuffer(source, { blockBytes: 512, windowBlocks: 1 });
  await buffer.load(1, 1);
  expect([...buffer.packet(1)!]).toEqual([0, 3, 0, 1]);
  expect(source.reads).toEqual([]);
});

test('a file that became shorter is an error, not a shorter file', async () => {
  const source = { ...sourceOfBytes(counting(1000)), size: 5000 };
  const buffer = new PacketBuffer(source, { blockBytes: 512, windowBlocks: 1 });
  await expect(buffer.load(1, 1)).rejects.toThrow(
    'The file became shorter: 1000 of 5000 bytes could be read at 0',
  );
});

test('an error while reading ahead is told when the block is needed', async () => {
  let fail = false;
  const inner = sourceOfBytes(counting(CHUNK_BYTES * 2));
  const source: ByteSource = {
    ...inner,
    read: (offset, length) =>
      fail ? Promise.reject(new Error('the disk is gone')) : inner.read(offset, length),
  };
  const buffer = new PacketBuffer(source, { blockBytes: 1024, windowBlocks: 1 });
  await buffer.load(1, 1);
  fail = true;
  buffer.readAhead(1);
  await expect(buffer.load(65, 65)).rejects.toThrow('the disk is gone');
});

test('the source is closed only after a read under way has ended', async () => {
  const order: string[] = [];
  const source: ByteSource = {
    size: 10,
    read: async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('read');
      return counting(10);
    },
    close: () => Promise.resolve(void order.push('closed')),
  };
  const buffer = new PacketBuffer(source, { blockBytes: 512, windowBlocks: 1 });
  const loading = buffer.load(1, 1);
  await buffer.close();
  await loading;
  expect(order).toEqual(['read', 'closed']);
});
