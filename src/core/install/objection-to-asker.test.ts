import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { objectionToAnswer, objectionToReport } from './objection-to-asker.ts';

const web01 = { id: 'm-1', name: 'web01' };
const own = { mac: parseMac('52:54:00:00:00:01'), machine: web01 };
const other = { mac: parseMac('52:54:00:00:00:02'), machine: { id: 'm-2', name: 'web02' } };
const unknown = { mac: parseMac('52:54:00:00:00:99') };
const nobody = {};

describe('who may have the answer file of web01, and who may report for it', () => {
  for (const [who, asker, machineHoldsLease, answer, report] of [
    ['web01 itself', own, true, true, true],
    ['another machine', other, true, false, false],
    ['another machine, when web01 has no lease', other, false, false, false],
    ['the lease of an unknown one', unknown, false, false, false],
    ['an address without a lease, when web01 has one', nobody, true, false, true],
    ['an address without a lease, when nobody has one', nobody, false, true, true],
  ] as const) {
    test(`${who}: ${answer ? 'answer' : 'no answer'}, ${report ? 'report' : 'no report'}`, () => {
      expect(objectionToAnswer(web01, asker, machineHoldsLease) === undefined).toBe(answer);
      expect(objectionToReport(web01, asker) === undefined).toBe(report);
    });
  }
});

test('the reason names both machines', () => {
  expect(objectionToAnswer(web01, other, true)).toBe(
    'the address that asks is leased to web02, and not to web01',
  );
});
