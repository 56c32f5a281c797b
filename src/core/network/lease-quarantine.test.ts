import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { DECLINED_AGAIN_MS, DECLINED_MS, Quarantine } from './lease-quarantine.ts';

const NOON = 1_790_000_000_000;
const DAY = 86_400_000;
const one = parseIpv4('192.168.122.100');
const other = parseIpv4('192.168.122.101');

test('an address that is declined rests for ten minutes, and for a day when it happens again within one', () => {
  const quarantine = new Quarantine();
  expect(quarantine.declined(one, NOON)).toBe(DECLINED_MS);
  expect(quarantine.declined(other, NOON)).toBe(DECLINED_MS);
  expect(quarantine.declined(one, NOON + DAY)).toBe(DECLINED_AGAIN_MS);
  expect(quarantine.declined(other, NOON + DAY + 1)).toBe(DECLINED_MS);
});
