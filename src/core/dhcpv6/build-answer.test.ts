import { describe, expect, test } from 'vitest';
import { decodePacket, encodePacket } from '../../protocols/dhcpv6/message.ts';
import { uuidDuid } from '../../protocols/dhcpv6/duid.ts';
import { StatusCode } from '../../protocols/dhcpv6/option-formats.ts';
import { optionOf, Options } from '../../protocols/dhcpv6/options.ts';
import {
  edk2Asks,
  LINK_LAYER_TIME_DUID,
  packetOf,
  relayLayer,
} from '../../protocols/dhcpv6/suite/packets.ts';
import { buildAnswer } from './build-answer.ts';

const OWN = uuidDuid(new Uint8Array(16).fill(1));
const URL = 'http://[fd00::1]:8080/boot/snponly.efi';
const wantsAddress = optionOf(Options.association, { iaid: 9, t1Seconds: 0, t2Seconds: 0, addresses: [] });
const answerTo = (
  request: Parameters<typeof buildAnswer>[0]['request'],
  answer: 'ADVERTISE' | 'REPLY',
  bootClass: 'PXEClient' | 'HTTPClient' | 'none' = 'HTTPClient',
) =>
  buildAnswer({
    answer,
    request,
    client: bootClass === 'none' ? {} : { bootClass },
    ownId: OWN,
    url: URL,
  });

describe('the ADVERTISE', () => {
  const advertise = answerTo(edk2Asks('http', { options: [wantsAddress] }), 'ADVERTISE');
  const { message } = decodePacket(encodePacket(advertise));

  test('says whose it is, from whom, what to boot, and the class that firmware looks for', () => {
    expect(message).toMatchObject({ type: 'ADVERTISE', transactionId: 0x123456 });
    expect([...message.options.get(Options.clientId)!]).toEqual([...LINK_LAYER_TIME_DUID]);
    expect([...message.options.get(Options.serverId)!]).toEqual([...OWN]);
    expect(message.options.get(Options.bootfileUrl)).toBe(URL);
    expect(message.options.get(Options.vendorClass)).toEqual({ enterprise: 343, classes: ['HTTPClient'] });
  });

  test('has neither an address nor a status, by which EDK2 would pass it over, and no preference', () => {
    for (const row of [Options.association, Options.statusCode, Options.preference] as const)
      expect(message.options.has(row)).toBe(false);
  });

  test('has a zero behind the URL, by which EDK2 finds its end', () => {
    const bytes = Buffer.from(encodePacket(advertise));
    expect(bytes[bytes.indexOf(URL) + URL.length]).toBe(0);
  });

  test('has a class as long as EDK2 wants it', () => {
    const lengthOf = (bootClass: 'PXEClient' | 'HTTPClient'): number =>
      answerTo(edk2Asks('pxe'), 'ADVERTISE', bootClass)
        .message.options.raw()
        .find(({ code }) => code === 16)!.value.length;
    // PxeBcParseDhcp6Packet and HttpBootParseDhcp6Packet.
    expect(lengthOf('PXEClient')).toBeGreaterThanOrEqual(13);
    expect(lengthOf('HTTPClient')).toBeGreaterThanOrEqual(16);
  });
});

test('who asks Muster itself for an address hears that it has none, for each that was wanted', () => {
  const request = edk2Asks('pxe', { type: 'REQUEST', options: [wantsAddress, wantsAddress] });
  const { options } = decodePacket(encodePacket(answerTo(request, 'REPLY'))).message;
  expect(options.all(Options.association)).toEqual(
    [9, 9].map((iaid) => ({
      iaid,
      t1Seconds: 0,
      t2Seconds: 0,
      addresses: [],
      status: { code: StatusCode.noAddrsAvail, message: 'Muster gives no IPv6 addresses' },
    })),
  );
});

test('a client without DUID and class gets neither back', () => {
  const { options } = answerTo(packetOf({ type: 'INFORMATION-REQUEST' }), 'REPLY', 'none').message;
  expect(options.raw().map(({ code }) => code)).toEqual([2, 59]);
});

test('an answer goes back through the relay agents, with what they want to see again and no more', () => {
  const interfaceId = optionOf(Options.interfaceId, Uint8Array.of(1, 2));
  const port = optionOf(Options.relayPort, 0);
  const other = { code: 37, value: Uint8Array.of(9) };
  const request = edk2Asks('pxe', { relays: [relayLayer([port], 1), relayLayer([other, interfaceId])] });
  const reply = decodePacket(encodePacket(answerTo(request, 'REPLY')));
  expect(reply.way).toBe('reply');
  expect(reply.relays.map(({ hopCount }) => hopCount)).toEqual([1, 0]);
  expect(reply.relays.map(({ options }) => options.raw().map(({ code }) => code))).toEqual([[135], [18]]);
  expect(reply.relays[1]).toMatchObject({
    linkAddress: '2001:db8:1::1',
    peerAddress: 'fe80::5054:ff:fe12:3456',
  });
});
