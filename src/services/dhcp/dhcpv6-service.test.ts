import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LoaderName, LOADERS } from '../../core/boot/loaders.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { type Ipv6Address, parseMac, parseUuid } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { uuidDuid } from '../../protocols/dhcpv6/duid.ts';
import type { Dhcpv6Packet } from '../../protocols/dhcpv6/message.ts';
import { optionOf, Options } from '../../protocols/dhcpv6/options.ts';
import {
  CARD,
  edk2Asks,
  ipxeAsks,
  LINK_LOCAL,
  relayLayer,
  systemAsks,
} from '../../protocols/dhcpv6/suite/packets.ts';
import { BootService } from '../boot/boot-service.ts';
import { type Dhcpv6Place, type Dhcpv6Segment, Dhcpv6Service } from './dhcpv6-service.ts';
import { CLASSIC, Lab, NOON } from '../suite/dhcp-lab.ts';
import { WhoAsks } from '../boot/who-asks.ts';

const OWN = uuidDuid(new Uint8Array(16).fill(1));
const ours = optionOf(Options.serverId, OWN);
const theirs = optionOf(Options.serverId, uuidDuid(new Uint8Array(16).fill(2)));
const PRIVATE = parseIpv6('fe80::1234:5678:9abc:def0');
const LEASED = parseIpv6('fd00::155');
const takes = optionOf(Options.association, { iaid: 1, t1Seconds: 0, t2Seconds: 0, addresses: [LEASED] });
const PLACE: Dhcpv6Place = {
  interfaceName: 'eth0',
  door: 'server',
  sourceAddress: LINK_LOCAL,
  own: { linkLocal: parseIpv6('fe80::1'), global: [parseIpv6('fd00::1')] },
  ownId: OWN,
};

let lab: Lab;
let segment: Dhcpv6Segment;
let loaders: ReadonlySet<LoaderName>;
let service: Dhcpv6Service;
let whoAsks: WhoAsks;

beforeEach(async () => {
  lab = await Lab.open();
  segment = { serves: true, bootsOverIpv4: false };
  loaders = new Set(LOADERS.map(({ name }) => name));
  const { machines, installs, policy, profiles, images, waves } = lab.stores;
  const clock = { nowMs: () => lab.nowMs };
  whoAsks = new WhoAsks({ machines, leases: lab.leases, seen: lab.seen, events: lab.events, clock });
  service = new Dhcpv6Service({
    segmentOf: () => Promise.resolve(segment),
    whoAsks,
    boot: new BootService({ machines, installs, policy, profiles, images, waves }),
    loaders: { available: () => Promise.resolve(loaders) },
    machineHttpPort: 8080,
    seen: lab.seen,
    events: lab.events,
    clock,
  });
});
afterEach(() => lab.close());

const ask = (request: Dhcpv6Packet, place: Partial<Dhcpv6Place> = {}) =>
  service.answer(request, { ...PLACE, ...place });
const urlOf = (reply: Dhcpv6Packet | undefined) => reply?.message.options.get(Options.bootfileUrl);
const last = async () => (await lab.timeline()).at(-1);

async function addMachine(shape: { macs: string[]; uuid?: string }): Promise<void> {
  const { uuid, macs } = shape;
  await lab.stores.machines.put({
    id: 'm-000000000001',
    name: 'web01',
    macs: macs.map(parseMac),
    ...(uuid === undefined ? {} : { uuid: parseUuid(uuid) }),
    labels: {},
    variables: {},
    createdAtMs: NOON,
  });
}

describe('what firmware is told', () => {
  test('EDK2 over PXE: an offer with the link-local address, and at port 4011 the loader', async () => {
    const offer = await ask(edk2Asks('pxe'));
    expect(offer?.message.type).toBe('ADVERTISE');
    expect(urlOf(offer)).toBe('tftp://[fe80::1]/snponly.efi');
    expect(offer?.message.options.get(Options.vendorClass)?.classes).toEqual(['PXEClient']);
    const reply = await ask(edk2Asks('pxe', { type: 'REQUEST', options: [ours] }), { door: 'boot server' });
    expect(reply?.message.type).toBe('REPLY');
    expect(urlOf(reply)).toBe('tftp://[fd00::1]/snponly.efi');
  });

  test('EDK2 over HTTP: a URL of this server, with the address in brackets', async () => {
    expect(urlOf(await ask(edk2Asks('http')))).toBe('http://[fd00::1]:8080/boot/bootx64.img');
    segment = { serves: true, bootsOverIpv4: false, subnet: { ...CLASSIC, loader: 'ipxe' } };
    expect(urlOf(await ask(edk2Asks('http')))).toBe('http://[fd00::1]:8080/boot/snponly.efi');
  });

  test('iPXE: its script', async () => {
    expect(urlOf(await ask(ipxeAsks('INFORMATION-REQUEST')))).toBe('http://[fd00::1]:8080/boot/boot.ipxe');
  });

  test('the file that the subnet names for everybody', async () => {
    segment = { serves: true, bootsOverIpv4: false, subnet: { ...CLASSIC, bootFile: 'own.efi' } };
    expect(urlOf(await ask(edk2Asks('pxe')))).toBe('tftp://[fe80::1]/own.efi');
  });

  test('behind a relay: the address that reaches there', async () => {
    const reply = await ask(edk2Asks('pxe', { relays: [relayLayer()] }), {
      sourceAddress: parseIpv6('fd00::9'),
    });
    expect(urlOf(reply)).toBe('tftp://[fd00::1]/snponly.efi');
    expect(reply?.relays).toHaveLength(1);
  });

  test('stands in the timeline, once for a question that is repeated, with who it is and by what', async () => {
    await addMachine({ macs: [CARD] });
    await ask(edk2Asks('http'));
    await ask(edk2Asks('http'));
    const told = (await lab.timeline()).filter(({ kind }) => kind === 'dhcpv6.told');
    expect(told).toMatchObject([
      {
        text: 'Told the client over DHCPv6 to boot http://[fd00::1]:8080/boot/bootx64.img',
        because: expect.stringMatching(/^it is web01 by its link-local address; boot: x64 UEFI HTTP Boot/),
        mac: CARD,
        machineId: 'm-000000000001',
        data: { message: 'SOLICIT', knownBy: 'its link-local address', architecture: 16, stage: 'firmware' },
      },
    ]);
  });
});

describe('nobody is answered', () => {
  test.each([
    ['noBoot', 'unknown machines are ignored', edk2Asks('pxe'), { policy: 'ignore' }],
    ['noBoot', 'lacks snponly.efi', edk2Asks('http'), { loaders: [] }],
    ['switchedOff', 'it is off', edk2Asks('http'), { segment: { serves: false, because: 'it is off' } }],
    [
      'overIpv4',
      'iPXE asks over IPv4 too',
      ipxeAsks('INFORMATION-REQUEST'),
      { segment: { serves: true, bootsOverIpv4: true } },
    ],
    ['noAddress', 'no IPv6 address', edk2Asks('http'), { place: { own: { global: [] } } }],
    ['malformed', 'is what servers say', edk2Asks('http', { type: 'REPLY' }), {}],
  ] as const)('%s, and the timeline says: %s', async (reason, because, request, change) => {
    if ('policy' in change) await lab.stores.policy.put({ ...DEFAULT_POLICY, unknownMachines: 'ignore' });
    if ('loaders' in change) loaders = new Set();
    if ('segment' in change) segment = change.segment;
    expect(await ask(request, 'place' in change ? change.place : {})).toBeUndefined();
    expect(service.silences.get(reason)).toBe(1);
    expect(await last()).toMatchObject({
      kind: 'dhcpv6.silent',
      because: expect.stringContaining(because),
      data: { reason },
    });
  });

  test('of what is not for Muster, nothing is told but counted', async () => {
    await ask(systemAsks('SOLICIT'));
    await ask(edk2Asks('pxe', { type: 'REQUEST', options: [theirs] }));
    expect([...service.silences]).toEqual([
      ['noFirmware', 1],
      ['otherServer', 1],
    ]);
    expect(await lab.timeline()).toEqual([]);
  });
});

describe('who is at an address', () => {
  const who = async (address: Ipv6Address) => (await whoAsks.byAddress(address)).machine?.name;

  test('is known by the address that its REQUEST to the other server names', async () => {
    await addMachine({ macs: [CARD] });
    expect(await who(LEASED)).toBeUndefined();
    await ask(edk2Asks('pxe', { options: [takes] }));
    expect(await who(LEASED), 'a SOLICIT is a wish').toBeUndefined();
    await ask(edk2Asks('pxe', { type: 'REQUEST', options: [theirs, takes] }));
    expect(await who(LEASED)).toBe('web01');
    expect((await whoAsks.byAddress(LEASED)).vendorClass).toBe('PXEClient:Arch:00007:UNDI:003000');
  });

  test('is known by an address that is made of its MAC address', async () => {
    await addMachine({ macs: [CARD] });
    expect(await who(LINK_LOCAL)).toBe('web01');
    expect(await who(parseIpv6('2001:db8::5054:ff:fe12:3456'))).toBe('web01');
    expect(await who(parseIpv6('2001:db8::1'))).toBeUndefined();
  });

  test('is known by its UUID where its address tells no card', async () => {
    await addMachine({ macs: ['52:54:00:00:00:77'], uuid: '12345678-9abc-def0-1122-334455667788' });
    await ask(ipxeAsks('INFORMATION-REQUEST'), { sourceAddress: PRIVATE });
    expect(await last()).toMatchObject({
      because: expect.stringMatching(/^it is web01 by its UUID \(DUID\); /),
      machineId: 'm-000000000001',
      mac: '52:54:00:00:00:77',
    });
    expect(await who(PRIVATE)).toBe('web01');
  });

  test('is nobody that is known, where nothing tells', async () => {
    await ask(ipxeAsks('INFORMATION-REQUEST'), { sourceAddress: PRIVATE });
    expect((await last())?.because).toMatch(/^nothing tells which machine asks; boot: /);
  });
});

test('where iPXE takes its address from another server, the timeline says what that one has to say', async () => {
  const takesFromOther = ipxeAsks('REQUEST', [theirs, takes]);
  await ask(takesFromOther);
  await ask(takesFromOther);
  const told = (await lab.timeline()).filter(({ kind }) => kind === 'dhcpv6.otherServer');
  expect(told).toMatchObject([
    {
      because: expect.stringContaining(
        'dnsmasq: dhcp-option=tag:ipxe6,option6:bootfile-url,http://[fd00::1]:8080/boot/boot.ipxe',
      ),
    },
  ]);
});

test('nothing of that where iPXE is told over IPv4', async () => {
  segment = { serves: true, bootsOverIpv4: true };
  await ask(ipxeAsks('REQUEST', [theirs, takes]));
  expect(await lab.timeline()).toEqual([]);
});
