import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { objectionToAnswer, objectionToReport } from './objection-to-asker.ts';

const web01 = { id: 'm-1', name: 'web01' };
const address = parseIpv4('192.168.122.100');
const own = { address, mac: parseMac('52:54:00:00:00:01'), machine: web01 };
const other = { address, mac: parseMac('52:54:00:00:00:02'), machine: { id: 'm-2', name: 'web02' } };
const unknown = { address, mac: parseMac('52:54:00:00:00:99') };
const nobody = { address };

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
      expect(objectionToAnswer(web01, asker, { machineHoldsLease }) === undefined).toBe(answer);
      expect(objectionToReport(web01, asker) === undefined).toBe(report);
    });
  }
});

test('the reason names both machines', () => {
  expect(objectionToAnswer(web01, other, { machineHoldsLease: true })).toBe(
    'the address that asks is leased to web02, and not to web01',
  );
});

describe('without a lease the answer file is for the address that was told to boot', () => {
  const learnt = parseIpv4('192.168.122.50');
  const ipv6 = parseIpv6('fd00::50');
  for (const [what, from, bootAddress, given] of [
    ['the same address', learnt, learnt, true],
    ['another', address, learnt, false],
    ['any, where none is known', address, undefined, true],
    [
      'any, where the boot went over IPv6, of which a host has several addresses',
      parseIpv6('fd00::51'),
      ipv6,
      true,
    ],
  ] as const) {
    test(what, () => {
      const objection = objectionToAnswer(
        web01,
        { address: from },
        { machineHoldsLease: false, bootAddress },
      );
      expect(objection === undefined).toBe(given);
    });
  }
});
