import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Subnet } from '../../core/network/subnet.ts';
import {
  type Ipv4Address,
  macFromBytes,
  parseIpv4,
  parseIpv4Network,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { DhcpOptionsBuilder, Options } from '../../protocols/dhcp/options.ts';
import { goldenMessage, requestOf, SAMPLE_MAC } from '../../protocols/dhcp/suite/packets.ts';
import { whereToSend } from '../../protocols/dhcp/where-to-send.ts';
import { ARRIVAL, CLASSIC, Lab, renew, SERVER, typeOf } from '../suite/dhcp-lab.ts';

const RELAY = parseIpv4('10.1.0.1');
const OTHER = parseIpv4('10.9.0.2');
/** What the other server gave the client. */
const CLIENT = parseIpv4('10.1.0.77');
/** Circuit identifier `p1`, and the relay's address as the server's (RFC 5107). */
const AGENT = Uint8Array.of(1, 2, 0x70, 0x31, 11, 4, 10, 1, 0, 1);
const FLOOR: Subnet = {
  ...CLASSIC,
  name: 'floor',
  network: parseIpv4Network('10.1.0.0/24'),
  mode: 'proxy',
  ranges: [],
  routers: [RELAY],
};

let lab: Lab;

beforeEach(async () => {
  lab = await Lab.open();
  await lab.add(FLOOR);
});
afterEach(() => lab.close());

/** As a relay agent passes it on. */
function relayed(
  message: DhcpMessage,
  more: (b: DhcpOptionsBuilder) => unknown = () => undefined,
): DhcpMessage {
  const builder = new DhcpOptionsBuilder();
  for (const [code, raw] of message.options.entries()) builder.setRaw(code, raw);
  more(builder);
  return { ...message, giaddr: RELAY, hops: 1, options: builder.set(Options.relayAgent, AGENT).build() };
}

const fromRelay = { sourceAddress: RELAY, sourcePort: 67 };
/** As EDK2 asks at port 4011. */
const askBootServer = (ciaddr: Ipv4Address, source = CLIENT): Promise<DhcpMessage | undefined> =>
  lab.service.answerBootServer(
    requestOf('DHCPREQUEST', {
      ciaddr,
      options: (b) =>
        b.set(Options.classId, 'PXEClient:Arch:00007:UNDI:003000').set(Options.clientSystem, [7]),
    }),
    { ...ARRIVAL, sourceAddress: source, sourcePort: 4011 },
  );
/** The machine of the golden packets of DHCPREQUEST. */
const GOLDEN_MAC = macFromBytes(goldenMessage('edk2-request').chaddr);

describe('beside another DHCP server, through a relay agent', () => {
  test('the offer goes back to it, with its option 82, and names this server', async () => {
    const offer = await lab.ask(relayed(goldenMessage('edk2-discover')), fromRelay);
    expect(typeOf(offer)).toBe('DHCPOFFER');
    expect(offer).toMatchObject({ giaddr: RELAY, yiaddr: UNSPECIFIED, siaddr: SERVER, broadcast: true });
    expect(offer?.options.get(Options.relayAgent)).toEqual(AGENT);
    expect(offer?.options.get(Options.dhcpServerId)).toBe(SERVER);
    expect(offer && whereToSend(offer, 67)).toEqual({ to: 'relay', address: RELAY, port: 67 });
    expect(await lab.leases.list()).toEqual([]);
  });

  test('the offer names another server for its files where the subnet has one', async () => {
    const nextServer = parseIpv4('10.1.0.9');
    await lab.add({ ...FLOOR, nextServer });
    const offer = await lab.ask(relayed(goldenMessage('ipxe-rom-discover')), fromRelay);
    expect(offer).toMatchObject({ siaddr: nextServer, sname: nextServer });
    expect(offer?.options.get(Options.dhcpServerId)).toBe(SERVER);
  });

  test('whose an address is, is heard from the DHCPREQUEST that the relay passes on', async () => {
    const takes = (b: DhcpOptionsBuilder) =>
      b.set(Options.dhcpServerId, OTHER).set(Options.addressRequest, CLIENT);
    expect(await lab.ask(relayed(goldenMessage('edk2-request'), takes), fromRelay)).toBeUndefined();
    expect(lab.seen.get(CLIENT, lab.nowMs)).toMatchObject({ mac: GOLDEN_MAC });
  });

  test('where the relay is in no subnet the timeline says what makes one', async () => {
    const stray = { ...relayed(goldenMessage('edk2-discover')), giaddr: parseIpv4('10.7.0.1') };
    expect(await lab.ask(stray, fromRelay)).toBeUndefined();
    expect((await lab.timeline()).at(-1)?.because).toBe(
      'no subnet is configured for the relay agent (giaddr) 10.7.0.1: muster subnet add makes one',
    );
  });
});

describe('at port 4011 a client of another subnet', () => {
  test('comes past the relay, and is answered by its own subnet, not by that of the interface', async () => {
    const ack = await askBootServer(CLIENT);
    expect(typeOf(ack)).toBe('DHCPACK');
    expect(ack).toMatchObject({ ciaddr: CLIENT, giaddr: UNSPECIFIED, siaddr: SERVER, file: 'snponly.efi' });
    expect((await lab.timeline()).at(-1)?.because).toContain('of subnet floor');
  });

  test('is known by where it asks from, where it does not say its address', async () => {
    expect(await askBootServer(UNSPECIFIED)).toMatchObject({ file: 'snponly.efi' });
    expect(lab.seen.get(CLIENT, lab.nowMs)).toMatchObject({ mac: SAMPLE_MAC });
  });

  test('of no subnet gets nothing, and the timeline says what makes one', async () => {
    await lab.add({ ...CLASSIC, mode: 'proxy', ranges: [] });
    const stranger = parseIpv4('198.51.100.7');
    expect(await askBootServer(stranger, stranger)).toBeUndefined();
    expect((await lab.timeline()).at(-1)?.because).toBe(
      'no subnet is configured for the client address 198.51.100.7: muster subnet add makes one',
    );
  });
});

describe('a subnet behind a relay in the mode auto', () => {
  const chooseOther = (b: DhcpOptionsBuilder) =>
    b.set(Options.dhcpServerId, OTHER).set(Options.addressRequest, CLIENT);

  beforeEach(() =>
    lab.add({
      ...FLOOR,
      mode: 'auto',
      ranges: [{ first: parseIpv4('10.1.0.100'), last: parseIpv4('10.1.0.110') }],
    }),
  );

  test('answers at port 4011 once another server gives the addresses behind the relay', async () => {
    expect(await askBootServer(CLIENT)).toBeUndefined();
    await lab.ask(relayed(goldenMessage('edk2-request'), chooseOther), fromRelay);
    expect(await lab.ask(relayed(goldenMessage('edk2-discover')), fromRelay)).toMatchObject({
      yiaddr: UNSPECIFIED,
      file: 'snponly.efi',
    });
    expect(await askBootServer(CLIENT)).toMatchObject({ file: 'snponly.efi' });
  });

  test('goes on renewing its leases where another server is on the interface alone', async () => {
    const discover = requestOf('DHCPDISCOVER', { mac: GOLDEN_MAC });
    const offer = await lab.ask(relayed(discover), fromRelay);
    const held = offer?.yiaddr ?? UNSPECIFIED;
    const server = offer?.options.get(Options.dhcpServerId) ?? UNSPECIFIED;
    const select = (b: DhcpOptionsBuilder) =>
      b.set(Options.dhcpServerId, server).set(Options.addressRequest, held);
    const taken = await lab.ask(relayed(goldenMessage('edk2-request'), select), fromRelay);
    expect(typeOf(taken)).toBe('DHCPACK');
    lab.service.foundServers(ARRIVAL.interfaceName, [parseIpv4('192.168.122.2')]);
    const renewal = await lab.ask(renew(GOLDEN_MAC, held), { sourceAddress: held });
    expect(renewal).toMatchObject({ yiaddr: held });
  });
});
