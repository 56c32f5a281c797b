import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../lib/byte-source.ts';
import { OpenFiles } from './open-files.ts';
import { exportOf } from './suite/asked-engine.ts';
import { BytesElsewhere, type Content, MemoryTree } from './suite/memory-tree.ts';
import type { Place } from './exports.ts';

const LIMITS = { files: 2, idleMs: 100, oldMs: 1000 };
const CONTENT = Uint8Array.from({ length: 200_000 }, (_, at) => at % 256);

function opened(content: Content = CONTENT): {
  readonly tree: MemoryTree;
  readonly files: OpenFiles;
  readonly failures: unknown[];
  readonly place: (name: string) => Place;
  readonly read: (name: string, nowMs: number) => Promise<Uint8Array>;
} {
  const tree = new MemoryTree({ a: content, b: content, c: content });
  const failures: unknown[] = [];
  const files = new OpenFiles({
    failed: (error) => failures.push(error),
    limits: LIMITS,
  });
  const place = (name: string): Place => ({ export: exportOf(tree), node: tree.at(name) });
  return {
    tree,
    files,
    failures,
    place,
    read: async (name, nowMs) => (await files.read(place(name), 10, 5, nowMs)).bytes,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('OpenFiles', () => {
  test('opens a file once while it is read, and closes it when it has been idle', async () => {
    const { tree, files, read } = opened();
    for (const nowMs of [0, 90, 180, 270])
      expect([...(await read('a', nowMs))]).toEqual([10, 11, 12, 13, 14]);
    files.tidy(369);
    expect([tree.opened, files.size]).toEqual([1, 1]);
    files.tidy(370);
    await settled();
    expect([tree.opened, tree.closed, files.size]).toEqual([1, 1, 0]);
  });

  test('opens it anew after a time, however much it is read', async () => {
    const { tree, read } = opened();
    for (let nowMs = 0; nowMs <= 1000; nowMs += 50) await read('a', nowMs);
    await settled();
    expect([tree.opened, tree.closed]).toEqual([2, 1]);
  });

  test('keeps no more open than it may, and forgets the one not read for longest', async () => {
    const { tree, files, read, place } = opened();
    for (const name of ['a', 'b', 'a', 'c']) await read(name, 0);
    await settled();
    expect([tree.opened, tree.closed, files.size]).toEqual([3, 1, 2]);
    const known = ['a', 'b', 'c'].filter((name) => files.placeOf(7, place(name).node.id, 0) !== undefined);
    expect(known).toEqual(['a', 'c']);
  });

  test('never closes a file that is being read', async () => {
    const waiting: (() => void)[] = [];
    let isClosed = false;
    const slow: ByteSource = {
      size: 100,
      read: async (_, length) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (isClosed) throw new Error('It was closed');
        return new Uint8Array(length);
      },
      close: () => {
        isClosed = true;
        return Promise.resolve();
      },
    };
    const { files, read } = opened(new BytesElsewhere(100, () => Promise.resolve(slow)));
    const reads = [read('a', 0), read('a', 0)];
    await settled();
    files.closeAll();
    for (const go of waiting) go();
    expect(await Promise.all(reads)).toHaveLength(2);
    await settled();
    expect(isClosed).toBe(true);
  });

  test('tries again to open what could not be opened', async () => {
    let tries = 0;
    const broken = new BytesElsewhere(100, () => {
      tries += 1;
      return Promise.reject(new Error('the disk is gone'));
    });
    const { files, read, failures } = opened(broken);
    for (let time = 0; time < 3; time += 1) await expect(read('a', 0)).rejects.toThrow('the disk is gone');
    expect([tries, files.size, failures.length]).toEqual([3, 0, 0]);
  });

  test('says when a file could not be closed', async () => {
    const source = {
      size: 100,
      read: () => Promise.resolve(new Uint8Array(5)),
      close: () => Promise.reject(new Error('no')),
    };
    const { files, read, failures } = opened(new BytesElsewhere(100, () => Promise.resolve(source)));
    await read('a', 0);
    files.closeAll();
    await settled();
    expect(failures).toHaveLength(1);
  });
});

describe('memory is used again', () => {
  const readInto: ByteSource['readInto'] = (offset, into) => {
    const part = CONTENT.subarray(offset, offset + Math.min(into.length, 70_000));
    into.set(part);
    return Promise.resolve(part.length);
  };
  const base = {
    size: CONTENT.length,
    read: () => Promise.reject(new Error('not this way')),
    close: () => Promise.resolve(),
  };
  test('of a source that reads into it, also when it gives less at a time than is asked for', async () => {
    const source = { ...base, readInto };
    const { files, place } = opened(new BytesElsewhere(CONTENT.length, () => Promise.resolve(source)));
    const first = await files.read(place('a'), 1, 150_000, 0);
    expect(Buffer.from(first.bytes).equals(CONTENT.subarray(1, 150_001))).toBe(true);
    const memory = first.bytes.buffer;
    first.giveBack();
    const second = await files.read(place('a'), 50_000, 140_000, 0);
    expect(second.bytes.buffer).toBe(memory);
    expect(Buffer.from(second.bytes).equals(CONTENT.subarray(50_000, 190_000))).toBe(true);
    // It was not given back, so another one gets its own.
    expect((await files.read(place('a'), 0, 140_000, 0)).bytes.buffer).not.toBe(memory);
  });

  test('a file that ends early is an error', async () => {
    const source = { ...base, readInto: () => Promise.resolve(0) };
    const { files, place } = opened(new BytesElsewhere(CONTENT.length, () => Promise.resolve(source)));
    await expect(files.read(place('a'), 0, 10, 0)).rejects.toThrow(/ends at byte 0, where it should have 10/);
  });
});
