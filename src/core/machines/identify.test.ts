import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import { identify, objectionToIdentity, type Seen } from './identify.ts';
import { MachineIndex } from './machine-index.ts';
import type { Machine } from './machine.ts';
import { isWorthlessText } from './worthless-values.ts';

const MAC = parseMac('52:54:00:00:00:01');
const OTHER_MAC = parseMac('52:54:00:00:00:02');
const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');
const OTHER_UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564232');
const COPIED_UUID = parseUuid('03000200-0400-0500-0006-000700080009');

function machine(name: string, change: Partial<Machine>): Machine {
  return { id: `m-${name}`, name, macs: [], labels: {}, variables: {}, createdAtMs: 0, ...change };
}

function found(seen: Seen, machines: readonly Machine[]): string {
  const index = new MachineIndex(machines);
  const ofMac = seen.mac && index.byMac(seen.mac);
  const identified = identify(seen, ofMac, index.byClaims(seen));
  if (!identified.known) return `nobody: ${identified.because ?? 'nothing fits'}`;
  const { machine: one, learns, because } = identified;
  return `${one.name}${learns === undefined ? '' : ' (met)'}: ${because}`;
}

const RACK_PORT = { circuitId: 'eth0/7', remoteId: 'rack1' };

for (const [title, seen, machines, expected] of [
  ['a MAC address that is known', { mac: MAC }, [{ a: { macs: [MAC] } }], 'a: its MAC address is that of a'],
  [
    'a MAC address that is known, whatever else is said',
    { mac: MAC, serial: 'S2', uuids: [UUID] },
    [{ a: { macs: [MAC], serial: 'S1' } }, { b: { serial: 'S2', uuid: UUID } }],
    'a: its MAC address is that of a',
  ],
  ['nothing that is known', { mac: MAC, serial: 'S9' }, [{ a: { serial: 'S1' } }], 'nobody: nothing fits'],
  [
    'the serial number of a machine without MAC address',
    { mac: MAC, serial: ' s1 ' },
    [{ a: { serial: 'S1' } }],
    'a (met): its serial number is that of a, which had no MAC address yet',
  ],
  [
    'the asset tag of one',
    { mac: MAC, assetTag: 'T1' },
    [{ a: { assetTag: 't1' } }],
    'a (met): its asset tag is that of a, which had no MAC address yet',
  ],
  [
    'the UUID and the serial number of one',
    { mac: MAC, uuids: [OTHER_UUID, UUID], serial: 'S1' },
    [{ a: { uuid: UUID, serial: 'S1' } }],
    'a (met): its UUID and serial number are that of a, which had no MAC address yet',
  ],
  [
    'the port of one',
    { mac: MAC, port: RACK_PORT },
    [{ a: { port: { circuitId: 'eth0/7' } } }, { b: { port: { circuitId: 'eth0/7', remoteId: 'rack2' } } }],
    'a (met): its relay port is that of a, which had no MAC address yet',
  ],
  [
    'a port that two machines have',
    { mac: MAC, port: RACK_PORT },
    [{ a: { port: { circuitId: 'eth0/7' } } }, { b: { port: RACK_PORT } }],
    'nobody: its relay port is that of a; its relay port is that of b',
  ],
  [
    'the serial number of a machine that has another MAC address',
    { mac: MAC, serial: 'S1' },
    [{ a: { macs: [OTHER_MAC], serial: 'S1' } }],
    `nobody: its serial number is that of a, which is known by its MAC addresses already, and ${MAC} is none of them: add it with muster machine set a --mac if it is right`,
  ],
  [
    'the UUID of a machine that has MAC addresses, where no card is seen',
    { uuids: [UUID] },
    [{ a: { macs: [OTHER_MAC], uuid: UUID } }],
    'a: its UUID is that of a',
  ],
  [
    'a serial number that two machines have',
    { mac: MAC, serial: 'S1' },
    [{ a: { serial: 'S1' } }, { b: { serial: 's1' } }],
    'nobody: its serial number is that of a; its serial number is that of b',
  ],
  [
    'a serial number that two blades have, and the UUID of one of them',
    { mac: MAC, serial: 'S1', uuids: [UUID] },
    [{ a: { serial: 'S1', uuid: OTHER_UUID } }, { b: { serial: 'S1', uuid: UUID } }],
    'b (met): its UUID and serial number are that of b, which had no MAC address yet',
  ],
  [
    'the UUID of one machine and the serial number of another',
    { mac: MAC, serial: 'S2', uuids: [UUID] },
    [{ a: { uuid: UUID } }, { b: { serial: 'S2' } }],
    'nobody: its UUID is that of a; its serial number is that of b',
  ],
  [
    'the serial number of a machine whose UUID is another',
    { mac: MAC, serial: 'S1', uuids: [UUID] },
    [{ a: { serial: 'S1', uuid: OTHER_UUID } }],
    'nobody: its serial number is that of a, but its UUID is not',
  ],
  [
    'a UUID that makers copy',
    { mac: MAC, uuids: [COPIED_UUID] },
    [{ a: { uuid: COPIED_UUID, serial: 'S1' } }],
    'nobody: nothing fits',
  ],
  [
    'a serial number nobody wrote, beside the UUID of a machine',
    { mac: MAC, uuids: [UUID], serial: 'To Be Filled By O.E.M.' },
    [{ a: { uuid: UUID, serial: 'S1' } }],
    'a (met): its UUID is that of a, which had no MAC address yet',
  ],
] as const) {
  test(`who shows ${title}`, () => {
    const all = machines.flatMap((one: Record<string, Partial<Machine>>) =>
      Object.entries(one).map(([name, change]) => machine(name, change)),
    );
    expect(found(seen, all)).toBe(expected);
    expect(found(seen, all.toReversed()).split(': ')[0]).toBe(expected.split(': ')[0]);
  });
}

test('whatever is said, no machine that has MAC addresses gets another one by it', () => {
  const texts = fc.option(fc.constantFrom('S1', 'S2'), { nil: undefined });
  const uuids = fc.option(fc.constantFrom(UUID, OTHER_UUID, COPIED_UUID), { nil: undefined });
  const macs = fc.subarray([OTHER_MAC], { maxLength: 1 });
  const machines = fc.array(fc.record({ serial: texts, assetTag: texts, uuid: uuids, macs }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(machines, texts, texts, uuids, (all, serial, assetTag, uuid) => {
      const known = all.map((one, at) => machine(`m${at}`, one as Partial<Machine>));
      const seen = { mac: MAC, serial, assetTag, uuids: uuid === undefined ? [] : [uuid] };
      const identified = identify(seen, undefined, known);
      if (!identified.known) return;
      expect(identified.learns).toBe(MAC);
      expect(identified.machine.macs).toEqual([]);
    }),
  );
});

describe('what a machine is known by', () => {
  for (const [title, change, expected] of [
    ['a MAC address is enough', { macs: [MAC] }, undefined],
    ['a UUID is enough', { uuid: UUID }, undefined],
    ['a port is enough', { port: { circuitId: '7' } }, undefined],
    ['a UUID that makers copy is not', { uuid: COPIED_UUID }, /^machine a has nothing to be known by/],
    ['a UUID that makers copy may stand beside something', { uuid: COPIED_UUID, serial: 'S1' }, undefined],
    ['nothing is not', {}, /^machine a has nothing to be known by: a MAC address, a UUID/],
    [
      'a serial number that is none is refused',
      { macs: [MAC], serial: 'Default string' },
      /tells no machine/,
    ],
    [
      'an asset tag that is none, too',
      { macs: [MAC], assetTag: 'N/A' },
      /^the asset tag "N\/A" is what makers/,
    ],
  ] as const) {
    test(title, () => {
      const objection = objectionToIdentity(machine('a', change));
      if (expected === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(expected);
    });
  }

  for (const [text, isWorthless] of [
    ['To Be Filled By O.E.M.', true],
    [' default string ', true],
    ['................', true],
    ['0', true],
    ['XXXXXXX', true],
    ['', true],
    ['7CX00', false],
    ['001', false],
    ['VMware-56 4d 11 22', false],
  ] as const) {
    test(`"${text}" ${isWorthless ? 'tells nothing' : 'is a number'}`, () => {
      expect(isWorthlessText(text)).toBe(isWorthless);
    });
  }
});
