import { expect, test } from 'vitest';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import type { Machine } from './machine.ts';
import { type ImportRow, planImport } from './plan-import.ts';

const MAC = parseMac('52:54:00:00:00:01');
const OTHER_MAC = parseMac('52:54:00:00:00:02');
const NEW_MAC = parseMac('52:54:00:00:00:03');
const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');
const COPIED_UUID = parseUuid('03000200-0400-0500-0006-000700080009');

const WEB1: Machine = {
  id: 'm-1',
  name: 'web1',
  macs: [MAC],
  uuid: UUID,
  serial: 'S1',
  labels: { rack: 'a', gpu: '' },
  variables: { x: '1' },
  loader: 'ipxe',
  createdAtMs: 1,
};
const WEB2: Machine = {
  id: 'm-2',
  name: 'web2',
  macs: [OTHER_MAC],
  uuid: COPIED_UUID,
  port: { circuitId: '7' },
  labels: {},
  variables: {},
  createdAtMs: 1,
};

function plan(rows: readonly ImportRow[]): readonly string[] {
  let drawn = 0;
  const planned = planImport(rows, {
    all: [WEB1, WEB2],
    newId: () => `m-new${(drawn += 1)}`,
    nowMs: 9,
    objectionTo: ({ source }) => (source === 'ftp' ? 'ftp.port is off' : undefined),
  });
  return [
    ...planned.rows.map(({ row, machine, what, fields }) =>
      `${row} ${machine.id} ${what} ${fields.join(' ')}`.trim(),
    ),
    ...planned.objections.map(({ row, because }) => `${row} no: ${because}`),
  ];
}

for (const [title, rows, expected] of [
  ['nothing that is said changes nothing', [{ name: 'web1' }], ['0 m-1 unchanged']],
  [
    'the same again changes nothing, in whatever order its entries come',
    [{ name: 'web1', macs: [MAC], labels: { gpu: '', rack: 'a' }, loader: 'ipxe', source: null }],
    ['0 m-1 unchanged'],
  ],
  [
    'every field that differs is named',
    [
      {
        name: 'web1',
        macs: [MAC, NEW_MAC],
        loader: null,
        labels: { rack: null, env: 'lab', gpu: '' },
        variables: { x: '2' },
      },
    ],
    ['0 m-1 changed labels.env labels.rack loader macs variables.x'],
  ],
  [
    'a name and a MAC address nobody has is a new machine',
    [{ name: 'web3', macs: [NEW_MAC] }],
    ['0 m-new1 added'],
  ],
  [
    'a MAC address of one is that machine, under a new name',
    [{ name: 'db1', macs: [MAC] }],
    ['0 m-1 changed name'],
  ],
  ['a serial number of one, too', [{ name: 'db1', serial: 's1' }], ['0 m-1 changed name serial']],
  ['the port of one, too', [{ name: 'db1', port: { circuitId: '7' } }], ['0 m-2 changed name']],
  [
    'the port of one on another relay is another',
    [{ name: 'db1', port: { circuitId: '7', remoteId: 'r' } }],
    ['0 m-new1 added'],
  ],
  [
    'a UUID of many boards is nobody’s',
    [{ name: 'db1', uuid: COPIED_UUID }],
    [expect.stringMatching(/^0 no: machine db1 has nothing to be known by/)],
  ],
  [
    'the name comes before the MAC address',
    [
      { name: 'web1', macs: [OTHER_MAC] },
      { name: 'web2', macs: [MAC] },
    ],
    ['0 m-1 changed macs', '1 m-2 changed macs'],
  ],
  [
    'MAC addresses of two machines are nobody’s',
    [{ name: 'db1', macs: [MAC, OTHER_MAC] }],
    ['0 no: it may be web1 and web2: name one of them, or merge them first'],
  ],
  [
    'a machine is told once',
    [{ name: 'web1' }, { name: 'db1', macs: [MAC] }, { name: 'web1' }],
    [
      '0 m-1 unchanged',
      '1 no: it is about the same machine as "web1" before it',
      '2 no: it is about the same machine as "web1" before it',
    ],
  ],
  [
    'every row that is wrong is told',
    [
      { name: 'a' },
      { name: 'b', serial: 'Default string', macs: [NEW_MAC] },
      { name: 'c', port: { circuitId: '0x0' } },
      { name: 'web2', source: 'ftp' },
    ],
    [
      expect.stringMatching(/^0 no: machine a has nothing to be known by/),
      expect.stringMatching(/^1 no: the serial number "Default string" is what makers/),
      expect.stringMatching(/^2 no: "0x0" is not the identifier of a port/),
      '3 no: ftp.port is off',
    ],
  ],
] as const) {
  test(title, () => {
    expect(plan(rows as readonly ImportRow[])).toEqual(expected);
  });
}
