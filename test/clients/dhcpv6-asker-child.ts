/**
 * Firmware that asks over DHCPv6, byte for byte as EDK2 does, in a client's namespace:
 *
 *     dhcpv6-asker-child.ts INTERFACE solicit|binl|noise [SERVER]
 *
 * It prints what was answered as one line of JSON, or `null` after a second of silence. `binl` asks port 4011 of
 * SERVER from port 4011, with the DUID that an ADVERTISE told.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodePacket, type Dhcpv6Packet, encodePacket } from '../../src/protocols/dhcpv6/message.ts';
import { optionOf, Options } from '../../src/protocols/dhcpv6/options.ts';
import { edk2Asks } from '../../src/protocols/dhcpv6/suite/packets.ts';

const PATIENCE_MS = 1_000;
const [interfaceName = 'eth0', what = 'solicit', server = ''] = process.argv.slice(2);
const everyServer = `ff02::1:2%${interfaceName}`;

async function open(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp6', ipv6Only: true });
  socket.bind({ address: '::', port });
  await once(socket, 'listening');
  return socket;
}

async function answerTo(
  socket: Socket,
  bytes: Uint8Array,
  port: number,
  to: string,
): Promise<Dhcpv6Packet | null> {
  const answer = new Promise<Dhcpv6Packet | null>((resolve) => {
    socket.once('message', (datagram) => resolve(decodePacket(datagram)));
    setTimeout(() => resolve(null), PATIENCE_MS);
  });
  socket.send(bytes, port, to);
  return await answer;
}

const client = await open(546);
const asks = edk2Asks(what === 'http' ? 'http' : 'pxe', {
  options: [optionOf(Options.association, { iaid: 1, t1Seconds: 0, t2Seconds: 0, addresses: [] })],
});
let answer: Dhcpv6Packet | null;
if (what === 'noise') answer = await answerTo(client, Uint8Array.of(1, 2, 3, 4, 0), 547, everyServer);
else answer = await answerTo(client, encodePacket(asks), 547, everyServer);
if (what === 'binl' && answer !== null) {
  const serverId = answer.message.options.get(Options.serverId) ?? new Uint8Array();
  const again = edk2Asks('pxe', { type: 'REQUEST', options: [optionOf(Options.serverId, serverId)] });
  const socket = await open(4011);
  answer = await answerTo(socket, encodePacket(again), 4011, server);
  socket.close();
}
client.close();
const told = answer && {
  type: answer.message.type,
  url: answer.message.options.get(Options.bootfileUrl),
  class: answer.message.options.get(Options.vendorClass)?.classes[0],
  codes: answer.message.options.raw().map(({ code }) => code),
};
process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
