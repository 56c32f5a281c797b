import { expect, test } from 'vitest';
import { type Disk, disksHoldingData, type FactReport } from './facts.ts';
import { mergeFacts } from './merge-facts.ts';

const NOON = 1_790_000_000_000;

function disk(change: Partial<Disk>): Disk {
  return { name: 'sda', bytes: 1e12, ...change };
}

for (const [rule, disks, expected] of [
  ['no disk is known', undefined, []],
  ['the disk is blank', [disk({ holdsData: false })], []],
  ['its ends could not be read', [disk({})], []],
  ['what is on it has no name', [disk({ holdsData: true })], ['disk sda holds data']],
  [
    'all is known',
    [
      disk({ holdsData: false }),
      disk({ name: 'nvme0n1', model: 'P5800X', holdsData: true, holds: 'a partition table (GPT)' }),
    ],
    ['disk nvme0n1 (P5800X) holds a partition table (GPT)'],
  ],
] as const) {
  test(`disksHoldingData: ${rule}`, () => {
    expect(disksHoldingData(disks === undefined ? {} : { disks })).toEqual(expected);
  });
}

const dhcp: FactReport = {
  source: 'dhcp',
  atMs: NOON + 3,
  facts: { firmware: 'UEFI', hostname: 'web-1', serial: 'DHCP' },
};
const ipxe: FactReport = { source: 'ipxe', atMs: NOON + 2, facts: { serial: 'IPXE', firmware: 'BIOS' } };
const installer: FactReport = {
  source: 'installer',
  atMs: NOON,
  facts: { serial: 'INSTALLER', memoryMegabytes: 1024, hostname: 'localhost', firmware: 'BIOS' },
};
const discovery: FactReport = { source: 'discovery', atMs: NOON + 1, facts: { memoryMegabytes: 2048 } };

for (const [rule, reports, expected] of [
  ['nobody said anything', [], {}],
  ['what was measured wins over what was said later', [dhcp, ipxe, installer], { serial: 'INSTALLER' }],
  ['iPXE wins over the ROM', [dhcp, ipxe], { serial: 'IPXE' }],
  ['of two that measure, the later', [installer, discovery], { memoryMegabytes: 2048 }],
  ['the firmware is that of the last boot', [dhcp, installer, ipxe], { firmware: 'UEFI' }],
  ['the host name is what its system asks with', [dhcp, installer], { hostname: 'web-1' }],
] as const) {
  test(`mergeFacts: ${rule}`, () => {
    const { facts } = mergeFacts(reports);
    expect(facts).toMatchObject(expected);
    // In whichever order they come.
    expect(mergeFacts(reports.toReversed()).facts).toEqual(facts);
  });
}

test('mergeFacts: each fact has who said it, and when', () => {
  expect(mergeFacts([installer, dhcp]).origins).toEqual({
    serial: { source: 'installer', atMs: NOON },
    memoryMegabytes: { source: 'installer', atMs: NOON },
    hostname: { source: 'dhcp', atMs: NOON + 3 },
    firmware: { source: 'dhcp', atMs: NOON + 3 },
  });
});
