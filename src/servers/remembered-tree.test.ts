import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ByteSource } from '../lib/byte-source.ts';
import { MemoryTree } from '../lib/suite/memory-tree.ts';
import { RememberedTree } from './remembered-tree.ts';

const ON_DISK: ByteSource = {
  size: 3,
  file: { descriptor: 7, identity: 'x' },
  read: () => Promise.resolve(Uint8Array.of(1, 2, 3)),
  close: () => Promise.resolve(),
};

let tree: MemoryTree;
let remembered: RememberedTree;
let nowMs: number;
let faults: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 1_000_000;
  faults = [];
  tree = new MemoryTree({ file: ON_DISK, made: 'text', folder: { folder: {} } });
  remembered = new RememberedTree(tree, { nowMs: () => nowMs }, (error) => faults.push(error));
});
afterEach(() => {
  vi.useRealTimers();
});

async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
}

async function node(name: string) {
  const found = await remembered.child(tree.root, name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('a name', () => {
  test('is looked up once in a while', async () => {
    await node('file');
    await node('file');
    expect(tree.lookUps).toBe(1);
    await pass(2_000);
    await node('file');
    expect(tree.lookUps).toBe(2);
  });

  test('is looked up again when the clock was set back', async () => {
    await node('file');
    nowMs -= 3_600_000;
    await node('file');
    expect(tree.lookUps).toBe(2);
  });

  test('that is not there, or could not be looked up, is looked for each time', async () => {
    expect(await remembered.child(tree.root, 'later')).toBeUndefined();
    expect(await remembered.child(tree.root, 'later')).toBeUndefined();
    expect(tree.lookUps).toBe(2);
    const child = tree.child.bind(tree);
    tree.child = () => Promise.reject(new Error('the disk is away'));
    await expect(remembered.child(tree.root, 'file')).rejects.toThrow('away');
    tree.child = child;
    expect((await node('file')).kind).toBe('file');
  });
});

describe('a file', () => {
  test('is opened once for all who ask for it, and closed when they and the time are over', async () => {
    const [one, other] = [
      await remembered.open(await node('file')),
      await remembered.open(await node('file')),
    ];
    expect([one.file, other.size]).toEqual([ON_DISK.file, 3]);
    expect(tree.opened).toBe(1);
    await one.close();
    await one.close();
    await pass(2_000);
    expect(tree.closed).toBe(0);
    await other.close();
    expect(tree.closed).toBe(1);
  });

  test('that nobody uses is closed after its time, and opened again', async () => {
    await (await remembered.open(await node('file'))).close();
    expect(tree.closed).toBe(0);
    await pass(4_000);
    expect(tree.closed).toBe(1);
    await remembered.open(await node('file'));
    expect(tree.opened).toBe(2);
  });

  test('that is in no file of the disk is made for each', async () => {
    const [one, other] = [
      await remembered.open(await node('made')),
      await remembered.open(await node('made')),
    ];
    await one.close();
    await other.close();
    expect([tree.opened, tree.closed]).toEqual([2, 2]);
  });

  test('that cannot be opened is tried again', async () => {
    const open = tree.open.bind(tree);
    tree.open = () => Promise.reject(new Error('no'));
    await expect(remembered.open(await node('file'))).rejects.toThrow('no');
    tree.open = open;
    expect((await remembered.open(await node('file'))).size).toBe(3);
    expect(faults).toEqual([]);
  });

  test('is one of a bounded number', async () => {
    const plan = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`f${at}`, ON_DISK]));
    tree = new MemoryTree(plan);
    remembered = new RememberedTree(tree, { nowMs: () => nowMs }, (error) => faults.push(error));
    for (const name of Object.keys(plan)) await (await remembered.open(await node(name))).close();
    await pass(0);
    expect(tree.opened - tree.closed).toBe(512);
    remembered.forgetAll();
    await pass(0);
    expect(tree.closed).toBe(600);
  });
});
