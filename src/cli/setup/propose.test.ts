import { describe, expect, test } from 'vitest';
import { objectionToRange, proposeDhcp, proposeRange } from './propose.ts';

const CARD = { name: 'eth1', isChosen: true, because: 'it is wired' };

describe('the range that is proposed', () => {
  for (const [network, address, router, expected] of [
    ['192.168.122.0/24', '192.168.122.1', undefined, '192.168.122.100-192.168.122.200'],
    ['192.168.122.0/24', '192.168.122.150', undefined, '192.168.122.151-192.168.122.200'],
    ['192.168.122.0/24', '192.168.122.110', '192.168.122.190', '192.168.122.111-192.168.122.189'],
    ['10.0.0.0/8', '10.0.0.1', undefined, '10.0.0.100-10.0.0.200'],
    ['192.168.1.0/28', '192.168.1.1', undefined, '192.168.1.8-192.168.1.14'],
    ['192.168.1.0/30', '192.168.1.1', undefined, '192.168.1.2-192.168.1.2'],
    ['192.168.1.0/30', '192.168.1.2', undefined, undefined],
    ['192.168.1.4/32', '192.168.1.4', undefined, undefined],
  ] as const) {
    test(`of ${network}, with ${address}${router === undefined ? '' : ` and ${router}`} taken: ${expected}`, () => {
      const range = proposeRange({ ...CARD, network, address, ...(router === undefined ? {} : { router }) });
      expect(range === undefined ? undefined : `${range.first}-${range.last}`).toBe(expected);
    });
  }
});

for (const [first, last, expected] of [
  ['192.168.1.10', '192.168.1.20', undefined],
  ['192.168.1.1', '192.168.1.254', undefined],
  ['192.168.1.20', '192.168.1.10', /is behind/],
  ['192.168.1.0', '192.168.1.10', /is not within 192\.168\.1\.0\/24/],
  ['192.168.1.10', '192.168.1.255', /is not within/],
  ['192.168.2.10', '192.168.2.20', /is not within/],
] as const) {
  test(`${first}-${last} in 192.168.1.0/24: ${expected ?? 'it is good'}`, () => {
    const objection = objectionToRange(first, last, '192.168.1.0/24');
    if (expected === undefined) expect(objection).toBeUndefined();
    else expect(objection).toMatch(expected);
  });
}

for (const [others, expected] of [
  [{ looked: true, servers: [] }, 'own'],
  [{ looked: true, servers: ['192.168.1.1'] }, 'beside'],
  [{ looked: false, because: 'the right is missing' }, 'auto'],
] as const) {
  test(`where ${JSON.stringify(others)}: ${expected}`, () =>
    expect(proposeDhcp(others).value).toBe(expected));
}
