import { describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED } from '../../src/lib/addresses.ts';
import { DhcpOptionsBuilder, MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { BootingClient } from './booting-client.ts';

const ADDRESS = parseIpv4('10.96.0.1');
const SERVER = parseIpv4('10.77.0.1');

function reply(type: keyof typeof MessageType, yiaddr = ADDRESS) {
  const options = new DhcpOptionsBuilder()
    .set(Options.messageType, MessageType[type])
    .set(Options.dhcpServerId, SERVER)
    .build();
  return { yiaddr, options };
}

describe('BootingClient', () => {
  test('asks when it is switched on, takes the offer and is bound', () => {
    const client = new BootingClient(500);
    expect(client.onTime(499)).toEqual({ do: 'wait' });
    expect(client.onTime(500)).toEqual({ do: 'discover' });
    expect(client.onReply(reply('DHCPOFFER'), 600)).toEqual({
      do: 'request',
      address: ADDRESS,
      serverId: SERVER,
    });
    expect(client.onReply(reply('DHCPOFFER'), 601)).toEqual({ do: 'wait' });
    expect(client.onReply(reply('DHCPACK'), 700)).toEqual({ do: 'bound', address: ADDRESS });
    expect([client.isBound, client.deadlineMs, client.repetitions]).toEqual([true, Infinity, 0]);
  });

  test('asks again after 4, 8, 16 and 32 seconds, and then gives up', () => {
    const client = new BootingClient(0);
    const sent: number[] = [];
    let nowMs = 0;
    for (; nowMs <= 100_000; nowMs += 1000) {
      const step = client.onTime(nowMs);
      if (step.do === 'discover') sent.push(nowMs);
      if (step.do === 'give up') break;
    }
    expect(sent).toEqual([0, 4000, 12_000, 28_000]);
    expect(nowMs).toBe(60_000);
  });

  test('repeats its request in the same way, and not its discover', () => {
    const client = new BootingClient(0);
    client.onTime(0);
    client.onReply(reply('DHCPOFFER'), 10);
    expect(client.onTime(4009)).toEqual({ do: 'wait' });
    expect(client.onTime(4010)).toEqual({ do: 'request', address: ADDRESS, serverId: SERVER });
    expect(client.repetitions).toBe(1);
  });

  test('begins anew after a DHCPNAK', () => {
    const client = new BootingClient(0);
    client.onTime(0);
    client.onReply(reply('DHCPOFFER'), 10);
    expect(client.onReply(reply('DHCPNAK', UNSPECIFIED), 20)).toEqual({ do: 'discover' });
    expect(client.onReply(reply('DHCPACK'), 30)).toEqual({ do: 'wait' });
  });
});
