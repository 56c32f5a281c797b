import { expect, test } from 'vitest';
import { MAX_READS_OF_PXELINUX } from '../../core/scripts/script-language.ts';
import { WaitingReads } from './waiting-reads.ts';

/** Which of so many reads wear it, from 1. */
function worn(reads: WaitingReads, key: string, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at + 1).filter(() => reads.wears(key));
}

test('a pxelinux is worn after some reads, again after as many, and counted for each machine', () => {
  const reads = new WaitingReads(10);
  expect(worn(reads, 'a', 2 * MAX_READS_OF_PXELINUX)).toEqual([
    MAX_READS_OF_PXELINUX,
    2 * MAX_READS_OF_PXELINUX,
  ]);
  expect(worn(reads, 'b', MAX_READS_OF_PXELINUX - 1)).toEqual([]);
});

test('a boot begins anew', () => {
  const reads = new WaitingReads(10);
  worn(reads, 'a', MAX_READS_OF_PXELINUX - 1);
  reads.forget('a');
  expect(reads.wears('a')).toBe(false);
});

test('one that comes when as many are remembered as may be is counted, too, and the longest silent is forgotten', () => {
  const reads = new WaitingReads(2);
  worn(reads, 'silent', MAX_READS_OF_PXELINUX - 1);
  worn(reads, 'b', 1);
  expect(worn(reads, 'new', MAX_READS_OF_PXELINUX)).toEqual([MAX_READS_OF_PXELINUX]);
  expect(reads.wears('silent')).toBe(false);
});
