import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OFFER_LIFE_MS } from '../../core/network/offers.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { type MacAddress, parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from '../../protocols/dhcp/message.ts';
import { type DhcpOptionsBuilder, Options } from '../../protocols/dhcp/options.ts';
import { GOLDEN_PACKETS, goldenMessage, requestOf, SAMPLE_MAC } from '../../protocols/dhcp/suite/packets.ts';
import { DECLINED_AGAIN_MS, DECLINED_MS } from '../../core/network/lease-quarantine.ts';
import {
  at,
  CLASSIC,
  decline,
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

const IPXE_SCRIPT = 'http://192.168.122.1:8080/boot/boot.ipxe';

beforeEach(async () => {
  lab = await Lab.open();
});

afterEach(() => lab.close());

describe('from DISCOVER to ACK', () => {
  test('a PXE ROM gets an address and its boot file, and the lease is on disk before the ACK', async () => {
    const offer = await lab.ask(goldenMessage('ipxe-rom-discover'));
    expect(typeOf(offer)).toBe('DHCPOFFER');
    expect(offer).toMatchObject({ yiaddr: at(100), siaddr: SERVER, file: IPXE_SCRIPT });
    expect(await lab.leases.list()).toEqual([]);

    const ack = await lab.ask(select(SAMPLE_MAC, at(100)));
    expect(typeOf(ack)).toBe('DHCPACK');
    expect(await lab.leases.byAddress(at(100))).toMatchObject({
      clientKey: `mac:${SAMPLE_MAC}`,
      mac: SAMPLE_MAC,
      subnet: 'lab',
      state: 'held',
      startedAtMs: NOON,
      expiresAtMs: NOON + 21_600_000,
    });
  });

  test('the timeline tells what was offered and leased, and because', async () => {
    await lab.ask(goldenMessage('ipxe-rom-discover'));
    await lab.ask(select(SAMPLE_MAC, at(100)));
    const [offered, acknowledged] = await lab.timeline();
    expect(offered).toMatchObject({
      kind: 'dhcp.offered',
      mac: SAMPLE_MAC,
      text: `Offered 192.168.122.100 with boot file ${IPXE_SCRIPT}`,
      because: expect.stringMatching(
        /^192\.168\.122\.100: it is the first .*; boot: iPXE asks, and fetches its script over HTTP; the machine is not known/,
      ),
      data: {
        address: at(100),
        interface: 'eth0',
        subnet: 'lab',
        message: 'DHCPDISCOVER',
        xid: '0x183f3431',
        secs: 4,
        bootFile: IPXE_SCRIPT,
        stage: 'ipxe',
        architecture: 0,
        bootsOverHttp: true,
      },
    });
    expect(acknowledged).toMatchObject({
      kind: 'dhcp.acknowledged',
      text: 'Leased 192.168.122.100 for 21600 s without boot file',
      because: expect.stringMatching(/^the client takes the offer; boot: an operating system asks/),
      data: { address: at(100), leaseSeconds: 21_600, state: 'SELECTING' },
    });
  });

  test('a repeated DISCOVER gets the same OFFER, and a repeated REQUEST the same ACK', async () => {
    const discover = goldenMessage('ipxe-rom-discover');
    const bytes = async (request: DhcpMessage): Promise<Uint8Array | undefined> => {
      const reply = await lab.ask(request);
      return reply && encodeMessage(reply);
    };
    const offer = await bytes(discover);
    lab.nowMs += 4000;
    expect(await bytes(discover)).toEqual(offer);
    const request = select(SAMPLE_MAC, at(100));
    const ack = await bytes(request);
    lab.nowMs += 2000;
    expect(await bytes(request)).toEqual(ack);
    expect(await lab.leases.list()).toHaveLength(1);
  });

  test('the installer and the system get the address the ROM had, whatever they call themselves', async () => {
    const address = await lab.lease(mac(1));
    const duid = (b: DhcpOptionsBuilder): DhcpOptionsBuilder =>
      b.setRaw(61, Uint8Array.of(0xff, 9, 9, 9)).set(Options.classId, 'd-i');
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1), options: duid }))).toMatchObject({
      yiaddr: address,
      file: '',
    });
  });

  test('a known machine is told its name, and the event is in its timeline', async () => {
    const machine = {
      id: 'm-000000000001',
      name: 'web-1',
      macs: [mac(1)],
      labels: {},
      variables: {},
      createdAtMs: NOON,
    };
    await lab.stores.machines.put(machine);
    const offer = await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }));
    expect(offer?.options.get(Options.hostname)).toBe('web-1');
    await lab.events.settled();
    expect(await lab.stores.events.list({ machineId: machine.id }, 10)).toMatchObject([
      { kind: 'dhcp.offered' },
    ]);
  });

  test('a reservation names the address and the host', async () => {
    await lab.add({ ...CLASSIC, reservations: [{ mac: mac(1), address: at(10), hostname: 'db' }] });
    const offer = await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }));
    expect(offer?.yiaddr).toBe(at(10));
    expect(offer?.options.get(Options.hostname)).toBe('db');
  });

  test('the boot server and boot file of the subnet are what the ROM is told', async () => {
    await lab.add({ ...CLASSIC, nextServer: at(9), bootFile: 'custom.0' });
    expect(await lab.ask(goldenMessage('ipxe-rom-discover'))).toMatchObject({
      siaddr: at(9),
      file: 'custom.0',
    });
  });

  test('unknown machines that are ignored get an address and no boot file', async () => {
    await lab.stores.policy.put({ ...DEFAULT_POLICY, unknownMachines: 'ignore' });
    expect(await lab.ask(goldenMessage('ipxe-rom-discover'))).toMatchObject({ yiaddr: at(100), file: '' });
  });
});

describe('many clients', () => {
  test('that ask at the same moment get different addresses, until there are no more', async () => {
    const offers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((last) => lab.ask(requestOf('DHCPDISCOVER', { mac: mac(last) }))),
    );
    const addresses = offers.flatMap((offer) => (offer ? [offer.yiaddr] : []));
    expect([...addresses].sort()).toEqual([at(100), at(101), at(102), at(103)]);
    expect(await lab.kinds()).toEqual(expect.arrayContaining(['dhcp.silent', 'dhcp.silent']));
  });

  test('that want the same address at the same moment: one gets it, the others are refused', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map((last) => lab.ask(select(mac(last), at(101)))));
    expect(replies.map(typeOf).filter((type) => type === 'DHCPACK')).toHaveLength(1);
    expect(replies.map(typeOf).filter((type) => type === 'DHCPNAK')).toHaveLength(3);
    const leases = await lab.leases.list();
    expect(leases).toHaveLength(1);
    const winner = replies.findIndex((reply) => typeOf(reply) === 'DHCPACK');
    expect(leases[0]?.mac).toBe(mac(winner + 1));
  });

  test('an offer that nobody takes is free after a minute', async () => {
    for (const last of [1, 2, 3, 4]) await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(last) }));
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) }))).toBeUndefined();
    lab.nowMs += OFFER_LIFE_MS;
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) }))).toMatchObject({ yiaddr: at(100) });
  });

  test('a lease that ran out is free for others, and until then for nobody', async () => {
    for (const last of [1, 2, 3, 4]) await lab.lease(mac(last));
    lab.nowMs += 21_600_000 - 1;
    expect(await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(5) }))).toBeUndefined();
    lab.nowMs += MINUTE;
    expect(await lab.lease(mac(5))).toBe(at(100));
    expect(typeOf(await lab.ask(renew(mac(1), at(100))))).toBe('DHCPNAK');
  });
});

describe('REQUEST in its other states', () => {
  test('a restart of the server loses offers, and no client notices', async () => {
    await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }));
    lab.service = await lab.restarted();
    expect(typeOf(await lab.ask(select(mac(1), at(100))))).toBe('DHCPACK');
    lab.service = await lab.restarted();
    expect(await lab.lease(mac(2))).toBe(at(101));
  });

  test('a client that takes the offer of another server is let go, and that server is told of once a minute', async () => {
    const other = at(2);
    await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }));
    expect(await lab.ask(select(mac(1), at(50), other))).toBeUndefined();
    expect(await lab.ask(select(mac(2), at(51), other))).toBeUndefined();
    expect((await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(3) })))?.yiaddr).toBe(at(100));
    const foreign = (await lab.timeline()).filter((event) => event.kind === 'dhcp.foreignServer');
    expect(foreign).toHaveLength(1);
    expect(foreign[0]).toMatchObject({
      text: 'The DHCP server 192.168.122.2 answers on eth0 too',
      data: { serverId: other },
    });
    lab.nowMs += MINUTE;
    await lab.ask(select(mac(1), at(50), other));
    expect((await lab.kinds()).filter((kind) => kind === 'dhcp.foreignServer')).toHaveLength(2);
  });

  test('another address of this server is no foreign server', async () => {
    await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }), { localAddress: at(5), interfaceName: 'eth1' });
    await lab.ask(select(mac(1), at(100), at(5)));
    expect(await lab.kinds()).not.toContain('dhcp.foreignServer');
  });

  test('a client that comes back gets its address, also after it ran out', async () => {
    const address = await lab.lease(mac(1));
    lab.nowMs += 3 * 86_400_000;
    expect(await lab.ask(reboot(mac(1), address))).toMatchObject({ yiaddr: address });
  });

  test('a stranger that comes back is not answered, unless this server is the authority', async () => {
    expect(await lab.ask(reboot(mac(1), parseIpv4('10.0.0.7')))).toBeUndefined();
    await lab.stores.policy.put({ ...DEFAULT_POLICY, authoritative: true });
    const nak = await lab.ask(reboot(mac(1), parseIpv4('10.0.0.7')));
    expect(typeOf(nak)).toBe('DHCPNAK');
    expect((await lab.timeline()).at(-1)).toMatchObject({
      kind: 'dhcp.refused',
      because: '10.0.0.7 is not in 192.168.122.0/24',
      data: { state: 'INIT-REBOOT' },
    });
  });

  test('a renewal is longer from now on, began when it began, and goes straight to the client', async () => {
    const address = await lab.lease(mac(1));
    lab.nowMs += 10_000_000;
    expect(await lab.ask(renew(mac(1), address), { sourceAddress: address })).toMatchObject({
      ciaddr: address,
      yiaddr: address,
    });
    expect(await lab.leases.byAddress(address)).toMatchObject({
      startedAtMs: NOON,
      expiresAtMs: NOON + 10_000_000 + 21_600_000,
    });
  });
});

describe('RELEASE and DECLINE', () => {
  test('an address given back is kept for its client while others are free', async () => {
    const address = await lab.lease(mac(1));
    expect(await lab.ask(release(mac(1), address))).toBeUndefined();
    expect(await lab.lease(mac(2))).toBe(at(101));
    expect(await lab.lease(mac(1))).toBe(address);
    expect(await lab.kinds()).toContain('dhcp.released');
  });

  test("nobody releases or declines another's address", async () => {
    const address = await lab.lease(mac(1));
    await lab.ask(release(mac(2), address));
    await lab.ask(decline(mac(2), address));
    await lab.ask(decline(mac(2), at(103)));
    expect(await lab.leases.list()).toMatchObject([{ address, state: 'held', mac: mac(1) }]);
    const reasons = (await lab.timeline())
      .filter((event) => event.kind === 'dhcp.silent')
      .map((event) => event.because);
    expect(reasons).toEqual([
      `the client releases ${address}, which it does not hold`,
      `the client declines ${address}, which it does not hold`,
      'the client declines 192.168.122.103, which it does not hold',
    ]);
  });

  test('what is for another server is left alone', async () => {
    const address = await lab.lease(mac(1));
    const toOther = (b: DhcpOptionsBuilder): DhcpOptionsBuilder =>
      b.set(Options.dhcpServerId, at(2)).set(Options.addressRequest, address);
    await lab.ask(requestOf('DHCPRELEASE', { mac: mac(1), ciaddr: address, options: toOther }));
    await lab.ask(requestOf('DHCPDECLINE', { mac: mac(1), options: toOther }));
    expect(await lab.leases.byAddress(address)).toMatchObject({ state: 'held' });
  });

  test('a declined address rests for ten minutes, for its client too', async () => {
    const address = await lab.lease(mac(1));
    expect(await lab.ask(decline(mac(1), address))).toBeUndefined();
    expect(await lab.lease(mac(1))).toBe(at(101));
    lab.nowMs += DECLINED_MS - 1;
    expect(typeOf(await lab.ask(select(mac(2), address)))).toBe('DHCPNAK');
    lab.nowMs += 1;
    expect(typeOf(await lab.ask(select(mac(2), address)))).toBe('DHCPACK');
    expect((await lab.timeline()).find((event) => event.kind === 'dhcp.declined')).toMatchObject({
      text: 'The client declines 192.168.122.100; nobody gets it for ten minutes, or a day if this was the second time in one',
    });
  });

  test('an address that is declined twice within a day rests for a day', async () => {
    const address = await lab.lease(mac(1));
    await lab.ask(decline(mac(1), address));
    lab.nowMs += DECLINED_MS;
    expect(typeOf(await lab.ask(select(mac(2), address)))).toBe('DHCPACK');
    await lab.ask(decline(mac(2), address));
    lab.nowMs += DECLINED_AGAIN_MS - 1;
    expect(typeOf(await lab.ask(select(mac(3), address)))).toBe('DHCPNAK');
    lab.nowMs += 1;
    expect(typeOf(await lab.ask(select(mac(3), address)))).toBe('DHCPACK');
  });

  test('what the client says of a declined address is kept, on one line', async () => {
    const address = await lab.lease(mac(1));
    const { options } = decline(mac(1), address);
    const says = (b: DhcpOptionsBuilder): DhcpOptionsBuilder => {
      for (const [code, value] of options.entries()) b.setRaw(code, value);
      return b.set(Options.dhcpMessage, 'Lease is denied\nupon entering bound');
    };
    await lab.ask(requestOf('DHCPDECLINE', { mac: mac(1), options: says }));
    expect((await lab.timeline()).at(-1)?.because).toBe(
      'the client says "Lease is denied upon entering bound"',
    );
  });
});

describe('INFORM', () => {
  test('gets settings and no lease', async () => {
    const reply = await lab.ask(requestOf('DHCPINFORM', { ciaddr: at(77) }), { sourceAddress: at(77) });
    expect(typeOf(reply)).toBe('DHCPACK');
    expect(reply?.options.get(Options.domainName)).toBe('lab.example');
    expect(reply?.options.raw(51)).toBeUndefined();
    expect(await lab.leases.list()).toEqual([]);
    expect((await lab.timeline())[0]).toMatchObject({
      text: 'Sent settings to 192.168.122.77 without boot file',
    });
  });
});

describe('by way of a relay agent', () => {
  const giaddr = parseIpv4('10.9.0.1');
  const FLOOR: Subnet = {
    ...CLASSIC,
    name: 'floor',
    network: parseIpv4Network('10.9.0.0/24'),
    ranges: [{ first: giaddr, last: parseIpv4('10.9.0.9') }],
    routers: [],
  };
  const override = parseIpv4('10.9.0.254');
  const information = Uint8Array.of(1, 2, 7, 7, 11, 4, 10, 9, 0, 254);

  test('a client gets an address of its link, and never that of the relay', async () => {
    await lab.add(FLOOR);
    const offer = await lab.ask(requestOf('DHCPDISCOVER', { giaddr }), { sourceAddress: giaddr });
    expect(offer).toMatchObject({ yiaddr: parseIpv4('10.9.0.2'), giaddr });
    expect(offer?.options.get(Options.dhcpServerId)).toBe(SERVER);
  });

  test('the server id the relay wants is used, and understood', async () => {
    await lab.add(FLOOR);
    const offer = await lab.ask(
      requestOf('DHCPDISCOVER', { giaddr, options: (b) => b.setRaw(82, information) }),
    );
    expect(offer?.options.get(Options.dhcpServerId)).toBe(override);
    expect(offer?.options.raw(82)).toEqual(information);
    const ack = await lab.ask(
      requestOf('DHCPREQUEST', {
        giaddr,
        options: (b) =>
          b
            .set(Options.dhcpServerId, override)
            .set(Options.addressRequest, parseIpv4('10.9.0.2'))
            .setRaw(82, information),
      }),
    );
    expect(typeOf(ack)).toBe('DHCPACK');
  });
});

describe('silence has its reason', () => {
  for (const [what, request, because] of [
    [
      'BOOTP',
      {
        ...requestOf('DHCPDISCOVER'),
        options: requestOf('DHCPDISCOVER', { options: (b) => b.delete(53) }).options,
      },
      /^it is BOOTP/,
    ],
    ['a reply type', requestOf('DHCPACK'), /^DHCPACK is nothing a client asks this server$/],
    [
      'a relay nobody configured',
      requestOf('DHCPDISCOVER', { giaddr: parseIpv4('10.7.0.1') }),
      /giaddr\) 10\.7\.0\.1: muster subnet add/,
    ],
    ['a request for nothing', requestOf('DHCPREQUEST'), /neither a server \(option 54\) nor an address/],
    [
      'a client without identity',
      requestOf('DHCPDISCOVER', { chaddr: new Uint8Array(6) }),
      /neither a hardware address/,
    ],
    ['a DECLINE of nothing', requestOf('DHCPDECLINE'), /without saying which/],
    ['an INFORM from nowhere', requestOf('DHCPINFORM'), /tells no address/],
  ] as const) {
    test(`for ${what}`, async () => {
      expect(await lab.ask(request)).toBeUndefined();
      expect(await lab.timeline()).toMatchObject([
        { kind: 'dhcp.silent', because: expect.stringMatching(because) },
      ]);
    });
  }

  test('where a subnet is off', async () => {
    await lab.add({ ...CLASSIC, mode: 'off' });
    expect(await lab.ask(requestOf('DHCPDISCOVER'))).toBeUndefined();
    expect((await lab.timeline())[0]?.because).toBe('subnet lab (192.168.122.0/24) is off');
  });

  test('where none is configured', async () => {
    await lab.stores.subnets.remove('lab');
    expect(await lab.ask(requestOf('DHCPDISCOVER'))).toBeUndefined();
    expect((await lab.timeline())[0]?.because).toBe(
      'no subnet is configured for 192.168.122.0/24 on eth0: muster subnet add makes one',
    );
  });

  test('which is told once a minute for each client and reason', async () => {
    const ask = (who: MacAddress): Promise<unknown> => lab.ask(reboot(who, at(100)));
    for (const who of [mac(1), mac(1), mac(2), mac(1)]) await ask(who);
    expect(await lab.kinds()).toEqual(['dhcp.silent', 'dhcp.silent']);
    lab.nowMs += MINUTE;
    await ask(mac(1));
    expect(await lab.kinds()).toHaveLength(3);
  });

  test('and a reply that strays in is nobody to be told of', async () => {
    expect(await lab.ask(goldenMessage('dnsmasq-offer'))).toBeUndefined();
    expect(await lab.timeline()).toEqual([]);
  });
});

test('whatever decodes is answered or met with silence, and is never an error', async () => {
  const packet = fc.constantFrom(...GOLDEN_PACKETS.map(({ bytes }) => bytes));
  const patches = fc.array(fc.tuple(fc.nat({ max: 299 }), fc.nat({ max: 255 })), { maxLength: 20 });
  const type = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(packet, patches, type, async (bytes, changes, messageType) => {
      const changed = bytes.slice();
      changed.set([53, 1, messageType], 240);
      for (const [offset, value] of changes) changed[offset] = value;
      let request: DhcpMessage;
      try {
        request = decodeMessage(changed);
      } catch {
        return;
      }
      const reply = await lab.ask(request);
      if (reply) expect(encodeMessage(reply).length).toBeLessThanOrEqual(1472);
    }),
    { numRuns: 500 },
  );
});
