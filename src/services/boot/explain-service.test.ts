import { describe, expect, test } from 'vitest';
import { LOADERS } from '../../core/boot/loaders.ts';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { Lease } from '../../core/network/lease.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import { parseIpv4, parseIpv4Network, parseMac } from '../../lib/addresses.ts';
import { InstallSources } from '../installs/install-sources.ts';
import { ExplainService, isProxied, lastBootClient, subnetOf } from './explain-service.ts';

const MAC = parseMac('52:54:00:12:34:56');

function subnet(name: string, network: string, reserved?: string): Subnet {
  return {
    name,
    network: parseIpv4Network(network),
    mode: 'full',
    ranges: [],
    reservations: reserved === undefined ? [] : [{ mac: MAC, address: parseIpv4(reserved) }],
    routers: [],
    dnsServers: [],
    defaultLeaseSeconds: 600,
    maxLeaseSeconds: 600,
    options: [],
  };
}

const LAB = subnet('lab', '10.1.0.0/24');
const ROOM = subnet('room', '10.2.0.0/24', '10.2.0.9');
const LEASE: Lease = {
  address: parseIpv4('10.1.0.5'),
  subnet: 'lab',
  clientKey: 'key',
  mac: MAC,
  state: 'held',
  startedAtMs: 0,
  expiresAtMs: 1,
};

describe('the subnet a machine would ask in is', () => {
  for (const [title, subnets, lease, expected] of [
    ['that of its lease, before one that keeps an address for it', [LAB, ROOM], LEASE, 'lab'],
    ['the one that keeps an address for it', [LAB, ROOM], undefined, 'room'],
    ['the only one there is', [LAB], undefined, 'lab'],
    ['not known where there are several', [LAB, subnet('hall', '10.3.0.0/24')], undefined, undefined],
    ['not known where that of its lease is gone', [ROOM], LEASE, undefined],
    ['none where there is none', [], undefined, undefined],
  ] as const) {
    test(title, () => {
      expect(subnetOf(subnets, lease, [MAC])?.name).toBe(expected);
    });
  }
});

test('the firmware that asked last is the one that counts', () => {
  const event = (id: number, data?: TimelineEvent['data']): TimelineEvent => ({
    id,
    atMs: id,
    kind: 'dhcp.offered',
    text: '',
    ...(data ? { data } : {}),
  });
  expect(lastBootClient([])).toBeUndefined();
  expect(lastBootClient([event(1, { architecture: 7 }), event(2)])).toBeUndefined();
  const bios = { stage: 'firmware', architecture: 0 };
  const uefi = { stage: 'firmware', architecture: 7 };
  const ipxe = { stage: 'ipxe', architecture: 7, bootsOverHttp: true };
  expect(lastBootClient([event(1, bios), event(2, uefi), event(3, { mode: 'x' })])).toEqual(uefi);
  // iPXE that was fetched asks after the firmware; the firmware is what is told first.
  expect(lastBootClient([event(1, uefi), event(2, ipxe)])).toEqual(uefi);
  expect(lastBootClient([event(1, ipxe)])).toEqual(ipxe);
  expect(lastBootClient([event(1, { stage: 'firmware' })])).toEqual({ stage: 'firmware' });
});

describe('another server gives its address', () => {
  for (const [title, mode, kinds, expected] of [
    ['where its subnet says so', 'proxy', [], true],
    ['and not where that says that Muster does', 'full', ['dhcp.proxied'], false],
    ['where it was so last, in the mode auto', 'auto', ['dhcp.offered', 'dhcp.proxied', 'tftp.sent'], true],
    ['and not where it was so before', 'auto', ['dhcp.proxied', 'dhcp.acknowledged'], false],
    ['where it was so last, in no known subnet', undefined, ['dhcp.proxied'], true],
  ] as const) {
    test(title, () => {
      const past = kinds.map((kind) => ({ kind }));
      expect(isProxied(mode === undefined ? undefined : { mode }, past)).toBe(expected);
    });
  }
});

/** Asked of an unknown machine in the subnet `lab`, of which this is in the timeline. */
function explaining(past: readonly TimelineEvent[], mode: Subnet['mode']): ExplainService {
  const none = { list: () => Promise.resolve([]) };
  const nothing = { byName: () => Promise.resolve(undefined) };
  return new ExplainService({
    boot: { planFor: () => Promise.resolve({ boot: 'menu', because: 'it is not known' }) },
    installs: none,
    leases: { ofMac: () => Promise.resolve(undefined) },
    subnets: { list: () => Promise.resolve([{ ...LAB, mode }]) },
    profiles: nothing,
    images: nothing,
    groups: none,
    sources: new InstallSources({ machineHttpPort: 8080 }),
    events: { list: () => Promise.resolve(past) },
    loaders: {
      known: () => Promise.resolve([]),
      available: () => Promise.resolve(new Set(LOADERS.map(({ name }) => name))),
    },
    machineHttp: () => ({ address: parseIpv4('10.1.0.1'), port: 8080 }),
    clock: { nowMs: () => 1 },
  });
}

describe('the kinds that explain tells', () => {
  for (const [kind, isTold] of [
    ['dhcp.refused', true],
    ['machine.learned', true],
    ['machine.notIdentified', true],
    ['machine.enrolled', true],
    ['machine.notEnrolled', true],
    ['machine.notArmed', true],
    ['boot.decided', true],
    ['install.failed', true],
    ['wave.machineFailed', true],
    ['tftp.sent', false],
    ['install.progressed', false],
  ] as const) {
    test(`${kind}: ${isTold ? 'with its reason' : 'not, since it decides nothing'}`, async () => {
      const event: TimelineEvent = { id: 1, atMs: 1, kind, text: 'what happened', because: 'and why' };
      const { decisions } = await explaining([event], 'full').explain({ macs: [MAC] });
      expect(decisions).toEqual(isTold ? [event] : []);
    });
  }
});

describe('explain names the loaders, the rule and the reason of', () => {
  const asked = (data: TimelineEvent['data']): TimelineEvent => ({
    id: 1,
    atMs: 1,
    kind: 'dhcp.offered',
    text: '',
    data: data ?? {},
  });
  const DISK = 'http://10.1.0.1:8080/boot/bootx64.img';
  const SCRIPT = 'http://10.1.0.1:8080/boot/boot.ipxe';
  for (const [what, data, mode, expected] of [
    [
      'a BIOS',
      { stage: 'firmware', architecture: 0 },
      'full',
      { rule: 'firmware table', file: 'pxelinux.0', chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg' },
    ],
    [
      'UEFI',
      { stage: 'firmware', architecture: 7 },
      'full',
      { rule: 'firmware table', file: 'shimx64.efi', chain: 'shimx64.efi, grubx64.efi, grub.cfg' },
    ],
    [
      'UEFI on ARM',
      { stage: 'firmware', architecture: 11 },
      'full',
      { rule: 'firmware table', file: 'shimaa64.efi', chain: 'shimaa64.efi, grubaa64.efi, grub.cfg' },
    ],
    [
      'UEFI beside another server',
      { stage: 'firmware', architecture: 7 },
      'proxy',
      { rule: 'firmware table', file: 'snponly.efi', chain: 'snponly.efi, its script over HTTP' },
    ],
    [
      'HTTP Boot',
      { stage: 'firmware', architecture: 16 },
      'full',
      { rule: 'firmware table', file: DISK, chain: 'bootx64.img with shimx64.efi, grubx64.efi, grub.cfg' },
    ],
    [
      'a boot ROM that is iPXE',
      { stage: 'ipxe', architecture: 0, bootsOverHttp: true },
      'full',
      { rule: 'iPXE script', file: SCRIPT, chain: 'iPXE, its script over HTTP' },
    ],
    [
      'U-Boot',
      { stage: 'firmware', architecture: 22 },
      'full',
      { rule: 'U-Boot', give: 'nothing', chain: 'U-Boot, pxelinux.cfg' },
    ],
    [
      'a Raspberry Pi',
      { stage: 'firmware', architecture: 0, raspberryPi: true },
      'full',
      { rule: 'Raspberry Pi', give: 'Raspberry Pi boot', chain: 'its own programs, config.txt' },
    ],
    [
      'firmware without a way',
      { stage: 'firmware', architecture: 2 },
      'full',
      {
        rule: 'firmware table',
        give: 'nothing',
        because: expect.stringContaining('no loader yet for Itanium UEFI'),
      },
    ],
  ] as const) {
    test(what, async () => {
      const service = explaining([asked(data)], mode);
      const { firmware } = await service.explain({ macs: [MAC] });
      expect(firmware.from).toBe('seen');
      expect(firmware.step).toMatchObject({ because: expect.stringMatching(/./), ...expected });
    });
  }
});
