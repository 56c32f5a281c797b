import { expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4, parseMac } from '../../lib/addresses.ts';
import { MAX_SEEN, SEEN_FOR_MS, SeenAddresses } from './seen-addresses.ts';

const MAC = parseMac('52:54:00:00:00:01');
const ADDRESS = parseIpv4('10.0.0.1');

test('an address is whose said so last, for a day', () => {
  const seen = new SeenAddresses();
  seen.remember(ADDRESS, { mac: parseMac('52:54:00:00:00:02') }, 0);
  seen.remember(ADDRESS, { mac: MAC, vendorClass: 'PXEClient' }, 1000);
  expect(seen.get(ADDRESS, 1000 + SEEN_FOR_MS)).toMatchObject({ mac: MAC, vendorClass: 'PXEClient' });
  expect(seen.get(ADDRESS, 1001 + SEEN_FOR_MS)).toBeUndefined();
  expect(seen.get(parseIpv4('10.0.0.2'), 0)).toBeUndefined();
});

test('a flood takes the place of the oldest, and no more memory', () => {
  const seen = new SeenAddresses();
  seen.remember(ADDRESS, { mac: MAC }, 0);
  const first = 0x0a01_0000;
  for (let count = 0; count < MAX_SEEN; count += 1)
    seen.remember(ipv4FromNumber(first + count), { mac: MAC }, 1);
  expect(seen.get(ADDRESS, 1)).toBeUndefined();
  expect(seen.get(ipv4FromNumber(first), 1)).toBeDefined();
  // One that is heard of again is young.
  seen.remember(ipv4FromNumber(first), { mac: MAC }, 2);
  seen.remember(ADDRESS, { mac: MAC }, 3);
  expect(seen.get(ipv4FromNumber(first), 3)).toBeDefined();
  expect(seen.get(ipv4FromNumber(first + 1), 3)).toBeUndefined();
});
