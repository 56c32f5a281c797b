import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Subnet } from '../../core/network/subnet.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import {
  type Ipv4Address,
  ipv4ToBytes,
  type MacAddress,
  parseIpv4,
  parseIpv4Network,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { DhcpOptions, type DhcpOptionsBuilder, Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import {
  at,
  CLASSIC,
  Lab,
  mac,
  MINUTE,
  NOON,
  reboot,
  release,
  renew,
  select,
  SERVER,
  typeOf,
} from '../suite/dhcp-lab.ts';

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

const change = (subnet: Partial<Subnet>): Promise<void> => lab.add({ ...CLASSIC, ...subnet });
const RELAY = parseIpv4('192.168.122.2');
const circuit = (port: string): readonly number[] => [1, port.length, ...Buffer.from(port)];
const fromPort =
  (port: string, ...more: readonly number[]) =>
  (b: DhcpOptionsBuilder): DhcpOptionsBuilder =>
    b.set(Options.relayAgent, Uint8Array.of(...circuit(port), ...more));

describe('rapid commit (RFC 4039)', () => {
  const hasty = (): DhcpMessage =>
    requestOf('DHCPDISCOVER', { mac: mac(1), options: (b) => b.set(Options.rapidCommit, true) });

  test('where it is on, a client that asks for it has its lease after two messages', async () => {
    await change({ rapidCommit: true });
    const reply = await lab.ask(hasty());
    expect(typeOf(reply)).toBe('DHCPACK');
    expect(reply).toMatchObject({ yiaddr: at(100), ciaddr: UNSPECIFIED });
    expect(reply?.options.raw(Options.rapidCommit.code)).toEqual(new Uint8Array(0));
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ mac: mac(1), state: 'held' });
    expect((await lab.timeline()).at(-1)).toMatchObject({
      kind: 'dhcp.acknowledged',
      data: { state: 'rapid commit' },
    });
  });

  test('a client that does not ask for it gets an offer', async () => {
    await change({ rapidCommit: true });
    expect(typeOf(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) })))).toBe('DHCPOFFER');
  });

  test('it is off by default, and the offer does not speak of it', async () => {
    const reply = await lab.ask(hasty());
    expect(typeOf(reply)).toBe('DHCPOFFER');
    expect(reply?.options.has(Options.rapidCommit)).toBe(false);
    expect(await lab.leases.list()).toEqual([]);
  });
});

describe('BOOTP (RFC 951, RFC 1534)', () => {
  const bootp = (who: MacAddress): DhcpMessage => ({
    ...requestOf('DHCPDISCOVER', { mac: who }),
    options: DhcpOptions.none,
  });
  const RESERVED = { reservations: [{ mac: mac(1), address: at(10), hostname: 'old-one' }] };

  test('who has a reservation gets it for ever, its boot file, and no option of DHCP', async () => {
    await change(RESERVED);
    const reply = await lab.ask(bootp(mac(1)));
    expect(reply).toMatchObject({ op: 'BOOTREPLY', yiaddr: at(10), siaddr: SERVER, file: 'pxelinux.0' });
    expect(reply?.options.codes).toEqual([1, 28, 3, 12, 15]);
    const lease = await lab.leases.byAddress(at(10));
    expect(lease?.expiresAtMs).toBe(NOON + 0xffff_ffff * 1000);
    expect((await lab.timeline()).at(-1)).toMatchObject({
      text: 'Leased 192.168.122.10 without end with boot file pxelinux.0',
      data: { state: 'BOOTP', message: 'BOOTP' },
    });
  });

  for (const [bootpRule, who, address] of [
    ['reserved', mac(2), undefined],
    ['dynamic', mac(2), at(100)],
    ['dynamic', mac(1), at(10)],
    ['off', mac(1), undefined],
  ] as const) {
    const gets = address ?? 'nothing';
    test(`where it is ${bootpRule}, a client ${who === mac(1) ? 'with' : 'without'} a reservation gets ${gets}`, async () => {
      await change({ ...RESERVED, bootp: bootpRule });
      expect((await lab.ask(bootp(who)))?.yiaddr).toBe(address);
      if (address === undefined)
        expect((await lab.timeline()).at(-1)?.because).toMatch(/^it is BOOTP .*--bootp dynamic serves all$/);
    });
  }

  test('when its machine speaks DHCP later on, its lease has an end again', async () => {
    await change(RESERVED);
    await lab.ask(bootp(mac(1)));
    expect(await lab.lease(mac(1))).toBe(at(10));
    expect((await lab.leases.byAddress(at(10)))?.expiresAtMs).toBe(NOON + 21_600_000);
  });
});

describe('subnets that share a link', () => {
  const second = (last: number): Ipv4Address => parseIpv4(`10.20.0.${last}`);
  const SECOND: Subnet = {
    ...CLASSIC,
    name: 'second',
    network: parseIpv4Network('10.20.0.0/24'),
    ranges: [{ first: second(100), last: second(109) }],
    routers: [second(1)],
    sharedNetwork: 'hall',
  };
  const discoverFor = (who: MacAddress, options = (b: DhcpOptionsBuilder) => b): DhcpMessage =>
    requestOf('DHCPDISCOVER', { mac: who, giaddr: RELAY, options });
  const relayed = (request: DhcpMessage): DhcpMessage => ({ ...request, giaddr: RELAY });

  beforeEach(async () => {
    await change({ sharedNetwork: 'hall', ranges: [{ first: at(100), last: at(100) }] });
    await lab.add(SECOND);
  });

  test('when one is full, the other gives, with its own settings', async () => {
    await lab.lease(mac(1));
    const offer = await lab.ask(discoverFor(mac(2)));
    expect(offer?.yiaddr).toBe(second(100));
    expect(offer?.options.get(Options.router)).toEqual([second(1)]);
    const ack = await lab.ask(relayed(select(mac(2), second(100))));
    expect(typeOf(ack)).toBe('DHCPACK');
    expect(await lab.leases.byAddress(second(100))).toMatchObject({ subnet: 'second', mac: mac(2) });
  });

  test('a client comes back to its address in whichever of them, and renews it', async () => {
    await lab.lease(mac(1));
    await lab.ask(discoverFor(mac(2)));
    await lab.ask(relayed(select(mac(2), second(100))));
    await lab.ask(release(mac(1), at(100)));
    expect((await lab.ask(discoverFor(mac(2))))?.yiaddr).toBe(second(100));
    expect(typeOf(await lab.ask(relayed(reboot(mac(2), second(100)))))).toBe('DHCPACK');
    expect(typeOf(await lab.ask(renew(mac(2), second(100))))).toBe('DHCPACK');
  });

  test('a reservation in any of them wins over a lease in another, which ends', async () => {
    await lab.lease(mac(1));
    await lab.add({ ...SECOND, reservations: [{ mac: mac(1), address: second(10) }] });
    expect((await lab.ask(discoverFor(mac(1))))?.yiaddr).toBe(second(10));
    expect(typeOf(await lab.ask(relayed(select(mac(1), second(10)))))).toBe('DHCPACK');
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ state: 'released' });
  });

  test('the wanted address is given from whichever has it', async () => {
    const offer = await lab.ask(discoverFor(mac(3), (b) => b.set(Options.addressRequest, second(105))));
    expect(offer?.yiaddr).toBe(second(105));
  });

  test('one that is off gives nothing, and without the name they are two links', async () => {
    await lab.lease(mac(1));
    await lab.add({ ...SECOND, mode: 'off' });
    expect(await lab.ask(discoverFor(mac(2)))).toBeUndefined();
    const { sharedNetwork: _none, ...alone } = SECOND;
    await lab.add(alone);
    expect(await lab.ask(discoverFor(mac(2)))).toBeUndefined();
  });
});

describe('ports as clients (RFC 3046)', () => {
  const plugged = (who: MacAddress, port: string): DhcpMessage =>
    requestOf('DHCPDISCOVER', { mac: who, giaddr: RELAY, options: fromPort(port) });
  const take = (who: MacAddress, port: string, address: Ipv4Address): DhcpMessage =>
    requestOf('DHCPREQUEST', {
      mac: who,
      giaddr: RELAY,
      options: (b) =>
        fromPort(port)(b).set(Options.dhcpServerId, SERVER).set(Options.addressRequest, address),
    });
  const leaseAt = async (who: MacAddress, port: string): Promise<Ipv4Address | undefined> => {
    const offer = await lab.ask(plugged(who, port));
    return (await lab.ask(take(who, port, offer?.yiaddr ?? UNSPECIFIED)))?.yiaddr;
  };

  test('a machine that takes the place of another at a port gets its address', async () => {
    await change({ identity: 'relay-port' });
    expect(await leaseAt(mac(1), 'eth0/1')).toBe(at(100));
    expect(await leaseAt(mac(2), 'eth0/2')).toBe(at(101));
    expect(await leaseAt(mac(3), 'eth0/1')).toBe(at(100));
    expect(await lab.leases.byAddress(at(100))).toMatchObject({
      mac: mac(3),
      clientKey: 'port:eth0/1',
    });
  });

  test('the machine renews past the relay, where no port is told', async () => {
    await change({ identity: 'relay-port' });
    await leaseAt(mac(1), 'eth0/1');
    lab.nowMs += MINUTE;
    expect(typeOf(await lab.ask(renew(mac(1), at(100))))).toBe('DHCPACK');
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ clientKey: 'port:eth0/1' });
    expect(typeOf(await lab.ask(renew(mac(9), at(100))))).toBe('DHCPNAK');
    await lab.ask(release(mac(1), at(100)));
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ state: 'released' });
  });

  test('a reservation of a port holds for whatever machine is there, and for no other', async () => {
    await change({ portReservations: [{ circuitId: 'eth0/1', address: at(10), hostname: 'seat-1' }] });
    expect(await leaseAt(mac(1), 'eth0/1')).toBe(at(10));
    const offer = await lab.ask(plugged(mac(2), 'eth0/1'));
    expect(offer?.yiaddr).toBe(at(10));
    expect(offer?.options.get(Options.hostname)).toBe('seat-1');
    expect(await leaseAt(mac(3), 'eth0/2')).toBe(at(100));
    const wanted = await lab.ask(
      requestOf('DHCPDISCOVER', { mac: mac(4), options: (b) => b.set(Options.addressRequest, at(10)) }),
    );
    expect(wanted?.yiaddr).not.toBe(at(10));
  });

  test('a switch that is no relay tells the port too, and has its option back', async () => {
    await change({ identity: 'relay-port' });
    const reply = await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1), options: fromPort('ge-0/0/7') }));
    expect(reply?.options.raw(Options.relayAgent.code)).toEqual(Uint8Array.from(circuit('ge-0/0/7')));
    await lab.ask({ ...take(mac(1), 'ge-0/0/7', at(100)), giaddr: UNSPECIFIED });
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ clientKey: 'port:ge-0/0/7' });
  });

  test('where subnets go by cards, two machines at one port have an address each', async () => {
    expect(await leaseAt(mac(1), 'eth0/1')).toBe(at(100));
    expect(await leaseAt(mac(2), 'eth0/1')).toBe(at(101));
  });
});

describe('the address a relay has its clients take for the server (RFC 5107)', () => {
  const OVERRIDE = [11, 4, ...ipv4ToBytes(RELAY)];
  const viaRelay = { giaddr: RELAY, options: fromPort('eth0/1', ...OVERRIDE) };

  test('is remembered for messages that come past the relay', async () => {
    const offer = await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1), ...viaRelay }));
    expect(offer?.options.get(Options.dhcpServerId)).toBe(RELAY);
    const taken = select(mac(1), at(100), RELAY);
    const ack = await lab.ask({ ...taken, ...viaRelay, options: viaRelayOptions(taken, OVERRIDE) });
    expect(typeOf(ack)).toBe('DHCPACK');
    const renewed = await lab.ask(renew(mac(1), at(100)));
    expect(renewed?.options.get(Options.dhcpServerId)).toBe(RELAY);
    await lab.ask(
      requestOf('DHCPRELEASE', {
        mac: mac(1),
        ciaddr: at(100),
        options: (b) => b.set(Options.dhcpServerId, RELAY),
      }),
    );
    expect(await lab.leases.byAddress(at(100))).toMatchObject({ state: 'released' });
  });

  test('is the server of nobody else: another client that names it is not meant', async () => {
    await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1), ...viaRelay }));
    expect(await lab.ask(select(mac(2), at(100), RELAY))).toBeUndefined();
  });
});

function viaRelayOptions(request: DhcpMessage, override: readonly number[]): DhcpOptions {
  return DhcpOptions.from([
    ...request.options.entries(),
    [Options.relayAgent.code, Uint8Array.of(...circuit('eth0/1'), ...override)],
  ]);
}

describe('more new clients than are let in', () => {
  beforeEach(() => lab.stores.policy.put({ ...DEFAULT_POLICY, newClients: { burst: 2, perSecond: 1 } }));

  test('are not answered, and the timeline says once a minute how many', async () => {
    for (const who of [1, 2]) await lab.lease(mac(who));
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(3) }))).toBeUndefined();
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(4) }))).toBeUndefined();
    const floods = (await lab.timeline()).filter((event) => event.kind === 'dhcp.flood');
    expect(floods).toMatchObject([
      { data: { keptOut: 1, subnet: 'lab' }, because: expect.stringMatching(/^a crowd of 2/) },
    ]);
    lab.nowMs += 2 * MINUTE;
    for (const who of [3, 4]) expect(await lab.lease(mac(who))).toBeDefined();
    await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) }));
    const later = (await lab.timeline()).filter((event) => event.kind === 'dhcp.flood');
    expect(later.at(-1)).toMatchObject({ data: { keptOut: 2 } });
  });

  test('those that had an address, have a reservation or are known machines are none', async () => {
    for (const who of [1, 2]) await lab.lease(mac(who));
    await change({ reservations: [{ mac: mac(3), address: at(10) }] });
    await lab.stores.machines.put({
      id: 'm-000000000004',
      name: 'four',
      macs: [mac(4)],
      labels: {},
      variables: {},
      createdAtMs: NOON,
    });
    for (const who of [1, 2, 3, 4]) expect(await lab.lease(mac(who))).toBeDefined();
  });

  test('a request without an offer before it is no way around', async () => {
    for (const who of [1, 2]) await lab.lease(mac(who));
    expect(await lab.ask(select(mac(3), at(102)))).toBeUndefined();
  });
});

describe('a client that was carried to another link', () => {
  test('is refused its old address, which is on record in another subnet: nobody else can know better', async () => {
    const address = await lab.lease(mac(1));
    const OTHER: Subnet = {
      ...CLASSIC,
      name: 'other',
      network: parseIpv4Network('10.30.0.0/24'),
      ranges: [],
      routers: [],
    };
    await lab.add(OTHER);
    const there = { ...reboot(mac(1), address), giaddr: parseIpv4('10.30.0.1') };
    expect(typeOf(await lab.ask(there))).toBe('DHCPNAK');
    const stranger = { ...reboot(mac(2), address), giaddr: parseIpv4('10.30.0.1') };
    expect(await lab.ask(stranger)).toBeUndefined();
  });
});

describe('ranges that are used up', () => {
  const pools = async (): Promise<unknown> =>
    (await lab.timeline()).filter((event) => event.kind === 'dhcp.pool').map((event) => event.data);

  test('are told once, and when there is enough again', async () => {
    for (const who of [1, 2, 3, 4]) await lab.lease(mac(who));
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) }))).toBeUndefined();
    expect(await pools()).toEqual([{ subnet: 'lab', state: 'full', size: 4, used: 4 }]);
    await lab.ask(release(mac(1), at(100)));
    lab.nowMs += 2 * MINUTE;
    await lab.lease(mac(2));
    expect(await pools()).toEqual([
      { subnet: 'lab', state: 'full', size: 4, used: 4 },
      { subnet: 'lab', state: 'enough', size: 4, used: 3 },
    ]);
  });

  test('are given again from whose lease ended longest ago, and the timeline says whose it was', async () => {
    for (const who of [1, 2, 3, 4]) await lab.lease(mac(who));
    await lab.ask(release(mac(3), at(102)));
    expect((await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) })))?.yiaddr).toBe(at(102));
    expect((await lab.timeline()).at(-1)?.because).toMatch(
      /this one is taken from 52:54:00:00:01:03, who gave it back longest ago/,
    );
  });
});
