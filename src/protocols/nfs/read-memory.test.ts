import { expect, test } from 'vitest';
import { ReadMemory } from './read-memory.ts';

const MIB = 1024 * 1024;

test('memory that was given back is lent again, at any length that it has', () => {
  const memory = new ReadMemory();
  const first = memory.lend(MIB);
  first.giveBack();
  expect(memory.keptBytes).toBe(MIB);
  const second = memory.lend(MIB - 1000);
  expect(second.bytes).toHaveLength(MIB - 1000);
  expect(second.bytes.buffer).toBe(first.bytes.buffer);
  expect(memory.lend(MIB).bytes.buffer).not.toBe(first.bytes.buffer);
});

test('small memory is thrown away, and of large no more is kept than it may', () => {
  const memory = new ReadMemory();
  memory.lend(4096).giveBack();
  expect(memory.keptBytes).toBe(0);
  const lent = Array.from({ length: 50 }, () => memory.lend(MIB));
  for (const { giveBack } of lent) giveBack();
  expect(memory.keptBytes).toBe(32 * MIB);
  memory.clear();
  expect(memory.keptBytes).toBe(0);
});
