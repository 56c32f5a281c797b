import { expect, test } from 'vitest';
import { type ReadSum, ReadSums } from './read-sums.ts';
import { exportOf, PEER } from './suite/asked-engine.ts';
import { MemoryTree } from './suite/memory-tree.ts';

const tree = new MemoryTree({ a: new Uint8Array(9), b: new Uint8Array(9) });
const LIMITS = { quietMs: 100, longestMs: 1000, sums: 3 };

function summed(): {
  readonly sums: ReadSums;
  readonly told: ReadSum[];
  readonly read: (name: string, nowMs: number, client?: string) => void;
} {
  const told: ReadSum[] = [];
  const sums = new ReadSums((sum) => told.push(sum), LIMITS);
  const read = (name: string, nowMs: number, machineName = ''): void => {
    const address = (machineName === '' ? PEER.address : machineName) as typeof PEER.address;
    sums.add(
      { client: { address, machineName }, export: exportOf(tree), node: tree.at(name), bytes: 10, reads: 1 },
      nowMs,
    );
  };
  return { sums, told, read };
}

test('reads of a file by a client are one sum, told when it is quiet', () => {
  const { sums, told, read } = summed();
  for (const nowMs of [0, 50, 140]) read('a', nowMs);
  sums.tellQuiet(239);
  expect(told).toEqual([]);
  sums.tellQuiet(240);
  sums.tellQuiet(500);
  expect(told).toMatchObject([{ bytes: 30, reads: 3, firstMs: 0, lastMs: 140, node: tree.at('a') }]);
});

test('files and clients are summed apart', () => {
  const { sums, told, read } = summed();
  read('a', 0);
  read('b', 0);
  read('a', 0, '192.0.2.9');
  sums.tellAll();
  expect(told.map(({ reads }) => reads)).toEqual([1, 1, 1]);
});

test('a client that never stops is told of now and then', () => {
  const { sums, told, read } = summed();
  for (let nowMs = 0; nowMs < 2500; nowMs += 50) {
    read('a', nowMs);
    sums.tellQuiet(nowMs);
  }
  expect(told.map(({ reads }) => reads)).toEqual([21, 21]);
});

test('of more sums than there may be, the first is told early', () => {
  const { told, read } = summed();
  for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']) read('a', 0, client);
  expect(told.map(({ client }) => client.address)).toEqual(['192.0.2.1']);
});
