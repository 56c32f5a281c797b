import { expect, test } from 'vitest';
import { addressOf, boundsOf, numberOf } from './address-math.ts';
import { rangeMap, totalsOf } from './range-map.ts';

const SUBNET = {
  network: '192.168.1.0/28',
  ranges: [{ first: '192.168.1.4', last: '192.168.1.9' }],
  reservations: [{ address: '192.168.1.9' }, { address: '192.168.1.12' }],
};

test('each address is a cell with its state', () => {
  const cells = rangeMap(SUBNET, [
    { address: '192.168.1.4', state: 'held' },
    { address: '192.168.1.5', state: 'declined' },
    { address: '192.168.1.6', state: 'expired' },
    { address: '192.168.1.7', state: 'released' },
    { address: '192.168.1.9', state: 'expired' },
    { address: '10.0.0.1', state: 'held' },
  ]);
  expect(cells?.map(({ state }) => state)).toEqual(
    'outside outside outside outside held declined expired free free reserved outside outside reserved outside outside outside'.split(
      ' ',
    ),
  );
  expect(totalsOf(cells ?? [])).toEqual({
    held: 1,
    reserved: 2,
    declined: 1,
    expired: 1,
    free: 2,
    outside: 9,
  });
});

test('a /16 is a map of 1024 cells of 64 addresses', () => {
  const cells = rangeMap(
    { network: '10.1.0.0/16', ranges: [{ first: '10.1.0.64', last: '10.1.255.254' }], reservations: [] },
    [
      { address: '10.1.0.65', state: 'held' },
      { address: '10.1.0.66', state: 'held' },
    ],
  );
  expect(cells).toHaveLength(1024);
  expect(cells?.[1]).toMatchObject({
    first: '10.1.0.64',
    last: '10.1.0.127',
    state: 'held',
    usedPercent: 3.125,
    counts: { held: 2, free: 62 },
  });
  expect(cells?.[1023]).toMatchObject({ last: '10.1.255.255', counts: { free: 63, outside: 1 } });
});

test('what is larger than a /16 has no map', () => {
  expect(rangeMap({ network: '10.0.0.0/15', ranges: [], reservations: [] }, [])).toBeUndefined();
});

for (const [text, number] of [
  ['0.0.0.0', 0],
  ['192.168.1.4', 3_232_235_780],
  ['255.255.255.255', 4_294_967_295],
  ['1.2.3', undefined],
  ['1.2.3.256', undefined],
  ['1.2.3.x', undefined],
] as const)
  test(`${text} is ${number}`, () => {
    expect(numberOf(text)).toBe(number);
    if (number !== undefined) expect(addressOf(number)).toBe(text);
  });

test('a network without a length has no bounds', () => {
  expect(boundsOf('10.0.0.0')).toBeUndefined();
  expect(boundsOf('10.0.0.0/24')).toEqual({ first: 167_772_160, last: 167_772_415 });
});
