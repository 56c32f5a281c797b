import { describe, expect, test } from 'vitest';
import { macFromBytes, parseMac, parseUuid } from '../../lib/addresses.ts';
import { MAX_LABELS } from '../../lib/labels.ts';
import { type Machine, MAX_MACS_PER_MACHINE, MAX_VARIABLES_PER_MACHINE } from './machine.ts';
import { mergeMachines } from './merge-machines.ts';
import { splitMachine } from './split-machine.ts';

const MAC = parseMac('52:54:00:00:00:01');
const OTHER_MAC = parseMac('52:54:00:00:00:02');
const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');
const OTHER_UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564232');
const COPIED_UUID = parseUuid('03000200-0400-0500-0006-000700080009');

const A: Machine = { id: 'm-a', name: 'a', macs: [MAC], labels: {}, variables: {}, createdAtMs: 2 };
const B: Machine = { ...A, id: 'm-b', name: 'b', macs: [OTHER_MAC], createdAtMs: 1 };
const BOTH = { ...A, macs: [MAC, OTHER_MAC], createdAtMs: 1 };
const many = (count: number, prefix: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 'x']));

describe('two machines become one', () => {
  for (const [title, into, from, expected, lost] of [
    ['with the MAC addresses of both, known since the first was', {}, {}, {}, []],
    [
      'with what the second alone has',
      {},
      { uuid: UUID, loader: 'ipxe' },
      { uuid: UUID, loader: 'ipxe' },
      [],
    ],
    [
      'with the same serial number in other letters',
      { serial: 'S1' },
      { serial: 's1' },
      { serial: 'S1' },
      [],
    ],
    ['though one has a UUID of many boards', { uuid: UUID }, { uuid: COPIED_UUID }, { uuid: UUID }, []],
    [
      'and where they differ the first has the last word',
      { labels: { rack: 'a' }, variables: { x: '1', same: 's' }, memoryMegabytes: 1024 },
      {
        labels: { rack: 'b', env: 'lab' },
        variables: { x: '2', same: 's' },
        memoryMegabytes: 2048,
        loader: 'grub',
      },
      {
        labels: { rack: 'a', env: 'lab' },
        variables: { x: '1', same: 's' },
        memoryMegabytes: 1024,
        loader: 'grub',
      },
      [
        'label rack stays "a", and "b" is gone',
        "variable x stays, and the other's is gone",
        'memory stays "1024", and "2048" is gone',
      ],
    ],
    [
      'no secret of either is told',
      { variables: { root_password_hash: '$6$ours', join_key: 'ours' } },
      { variables: { root_password_hash: '$6$theirs', join_key: 'theirs' } },
      { variables: { root_password_hash: '$6$ours', join_key: 'ours' } },
      [
        "variable root_password_hash stays, and the other's is gone",
        "variable join_key stays, and the other's is gone",
      ],
    ],
    [
      'a UUID that many have gives way to one of its own',
      { uuid: COPIED_UUID },
      { uuid: UUID },
      { uuid: UUID },
      [],
    ],
    [
      'a UUID that many have stays where there is no other',
      { uuid: COPIED_UUID },
      {},
      { uuid: COPIED_UUID },
      [],
    ],
  ] as const) {
    test(title, () => {
      const merged = mergeMachines({ ...A, ...into }, { ...B, ...from });
      expect(merged).toEqual({ merge: true, machine: { ...BOTH, ...expected }, lost });
    });
  }

  for (const [title, into, from, because] of [
    ['one machine', {}, A, 'a is one machine already'],
    [
      'two computers',
      { uuid: UUID, serial: 'S1' },
      { uuid: OTHER_UUID, serial: 'S2' },
      /^a and b are two computers, going by their UUID "4c.*31" and "4c.*32", serial number "S1" and "S2": .* --uuid= first$/,
    ],
    [
      'two ports',
      { port: { circuitId: '7' } },
      { port: { circuitId: '7', remoteId: 'r' } },
      /port "7@" and "7@r"/,
    ],
    ['too many labels', { labels: many(MAX_LABELS, 'a') }, { labels: { b: '' } }, /more than 64 labels/],
    [
      'too many variables',
      { variables: many(MAX_VARIABLES_PER_MACHINE, 'a') },
      { variables: { b: '' } },
      /more than 100 variables/,
    ],
    [
      'too many MAC addresses',
      {
        macs: Array.from({ length: MAX_MACS_PER_MACHINE }, (_, at) =>
          macFromBytes(Uint8Array.of(2, 0, 0, 0, 9, at)),
        ),
      },
      {},
      /more than 32 MAC addresses/,
    ],
  ] as const) {
    test(`is refused: ${title}`, () => {
      const merged = mergeMachines({ ...A, ...into }, { ...B, ...from });
      expect(merged).toMatchObject({ merge: false });
      if (!merged.merge) expect(merged.because).toMatch(because);
    });
  }
});

describe('a machine becomes two', () => {
  const wish = { mac: OTHER_MAC, name: 'b', id: 'm-b', nowMs: 5 };

  test('and the new one has the MAC address and nothing else', () => {
    const labelled = { ...BOTH, labels: { rack: 'a' }, serial: 'S1' };
    expect(splitMachine(labelled, wish)).toEqual({
      split: true,
      left: { ...labelled, macs: [MAC] },
      right: { ...B, createdAtMs: 5 },
    });
  });

  test('and the first may be one that is to be met again', () => {
    expect(splitMachine({ ...B, id: 'm-a', serial: 'S1' }, wish)).toMatchObject({
      split: true,
      left: { macs: [] },
    });
  });

  for (const [title, machine, because] of [
    ['it has no such MAC address', A, `${OTHER_MAC} is no MAC address of a`],
    [
      'nothing would be left',
      { ...A, macs: [OTHER_MAC] },
      `without ${OTHER_MAC}, machine a has nothing to be known by`,
    ],
  ] as const) {
    test(`is refused: ${title}`, () => {
      expect(splitMachine(machine, wish)).toEqual({
        split: false,
        because: expect.stringContaining(because),
      });
    });
  }
});
