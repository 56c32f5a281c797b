import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { at, Lab, SERVER } from '../suite/dhcp-lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(() => lab.close());

/** Discovery control, the prompt PXE, and the words that each model looks for. */
const WORDS = '0601030a0400505845091700001452617370626572727920506920426f6f74202020ff';

const discover = (mac: string, machineId: string): DhcpMessage =>
  requestOf('DHCPDISCOVER', {
    mac: parseMac(mac),
    options: (b) =>
      b
        .set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001')
        .set(Options.clientSystem, [0])
        .set(Options.uuid, Buffer.from(machineId, 'hex')),
  });

/** The ROM, and bootcode.bin after it, of a board seen with these values. */
const PI_3 = [
  discover('b8:27:eb:ef:56:44', `00${'44'.repeat(16)}`),
  discover('b8:27:eb:ef:56:44', `00${'4456efa2'.repeat(4)}`),
] as const;
const PI_4 = discover('e4:5f:01:09:02:f7', '00346950521431d000010902f73df0cd91');

describe('a Raspberry Pi', () => {
  for (const [model, message] of [
    ['3', PI_3[0]],
    ['4', PI_4],
  ] as const) {
    test(`${model} is told the words it looks for, and the server in every place`, async () => {
      const offer = await lab.ask(message);
      expect(offer).toMatchObject({ siaddr: SERVER, file: '' });
      expect(offer?.options.get(Options.classId)).toBe('PXEClient');
      expect(offer?.options.get(Options.serverName)).toBe(SERVER);
      const words = offer?.options.raw(Options.vendorSpecific.code);
      expect(Buffer.from(words ?? []).toString('hex')).toBe(WORDS);
      expect(Buffer.from(offer?.options.raw(Options.uuid.code) ?? [])).toEqual(
        Buffer.from(message.options.raw(Options.uuid.code) ?? []),
      );
    });
  }

  test('3 has its lease with the offer, since it never asks for it', async () => {
    const [rom, bootcode] = PI_3;
    expect((await lab.ask(rom))?.yiaddr).toBe(at(100));
    expect((await lab.ask(bootcode))?.yiaddr).toBe(at(100));
    expect(await lab.leases.byAddress(at(100))).toMatchObject({
      mac: 'b8:27:eb:ef:56:44',
      state: 'held',
      expiresAtMs: lab.nowMs + 21_600_000,
    });
    // Long after offers are forgotten nobody else gets the address.
    lab.nowMs += 600_000;
    expect((await lab.ask(PI_4))?.yiaddr).toBe(at(101));
  });

  test('4 has none before it asks for it', async () => {
    expect((await lab.ask(PI_4))?.yiaddr).toBe(at(100));
    expect(await lab.leases.byAddress(at(100))).toBeUndefined();
  });
});
