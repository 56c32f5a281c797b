import { expect, test } from 'vitest';
import { decideReadiness, type SeenOfServer } from './decide-readiness.ts';

const WELL: SeenOfServer = {
  storeTrouble: undefined,
  interfaces: ['eth1'],
  wanted: ['dhcp', 'tftp'],
  listening: ['dhcp', 'tftp', 'tftp'],
};

for (const [rule, change, because] of [
  ['everything that is switched on listens', {}, undefined],
  ['what is switched off need not listen', { wanted: ['tftp'], listening: ['tftp'] }, undefined],
  [
    'the store is in trouble',
    { storeTrouble: 'the disk is full' },
    'the store does not answer: the disk is full',
  ],
  ['no interface is served', { interfaces: [], listening: [] }, 'no network interface is served'],
  ['a protocol listens nowhere', { listening: ['dhcp'] }, 'tftp is switched on, and listens nowhere'],
] as const) {
  test(`decideReadiness: ${rule}`, () => {
    const expected = because === undefined ? { ready: true } : { ready: false, because };
    expect(decideReadiness({ ...WELL, ...change })).toEqual(expected);
  });
}
