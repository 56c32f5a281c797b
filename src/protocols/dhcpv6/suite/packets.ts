/** Messages of real clients: captured ones, those that their sources make, and made ones. */
import { readFileSync } from 'node:fs';
import { type Ipv6Address, type MacAddress, macToBytes } from '../../../lib/addresses.ts';
import { parseIpv6 } from '../../../lib/ipv6-address.ts';
import { decodePacket, type Dhcpv6Packet, type MessageTypeName, type RelayLayer } from '../message.ts';
import type { RawOption } from '../option-formats.ts';
import { Dhcpv6Options, optionOf, Options } from '../options.ts';

/** A captured packet of the golden folder; lines with # say where it comes from. */
export function goldenPacket(name: string): Dhcpv6Packet {
  const text = readFileSync(new URL(`../golden/${name}.hex`, import.meta.url), 'utf8');
  const digits = text.replaceAll(/^#.*$/gm, '').replaceAll(/\s/g, '');
  return decodePacket(Uint8Array.from(Buffer.from(digits, 'hex')));
}

export interface AskShape {
  readonly type?: MessageTypeName;
  readonly transactionId?: number;
  readonly relays?: readonly RelayLayer[];
  /** Behind those of the client. */
  readonly options?: readonly RawOption[];
}

export const EDK2_CLASS = {
  pxe: 'PXEClient:Arch:00007:UNDI:003000',
  http: 'HTTPClient:Arch:00016:UNDI:003000',
};
/** 52:54:00:12:34:56, and a time. */
export const LINK_LAYER_TIME_DUID = Uint8Array.from(Buffer.from('000100012c5d6f00525400123456', 'hex'));
export const CARD = '52:54:00:12:34:56' as MacAddress;
export const LINK_LOCAL: Ipv6Address = parseIpv6('fe80::5054:ff:fe12:3456');

export function packetOf({
  type = 'SOLICIT',
  transactionId = 0x123456,
  relays = [],
  options = [],
}: AskShape): Dhcpv6Packet {
  return {
    message: { type, transactionId, options: Dhcpv6Options.of(...options) },
    relays,
    way: 'forward',
  };
}

/** EDK2 (PxeBcBuildDhcp6Options, HttpBootBuildDhcp6Options and Dhcp6SendSolicitMsg). */
export function edk2Asks(over: 'pxe' | 'http', { options = [], ...shape }: AskShape = {}): Dhcpv6Packet {
  return packetOf({
    ...shape,
    options: [
      optionOf(Options.clientId, LINK_LAYER_TIME_DUID),
      optionOf(Options.optionRequest, [59, 60, 23, 16]),
      optionOf(Options.networkInterface, { type: 1, major: 3, minor: 0 }),
      optionOf(Options.clientArchitecture, [over === 'pxe' ? 7 : 16]),
      optionOf(Options.vendorClass, { enterprise: 343, classes: [EDK2_CLASS[over]] }),
      ...options,
    ],
  });
}

/** iPXE (dhcpv6_tx): a DUID made of its UUID, and no class but PXEClient's. */
export function ipxeAsks(type: MessageTypeName, options: readonly RawOption[] = []): Dhcpv6Packet {
  return packetOf({
    type,
    options: [
      optionOf(Options.clientId, UUID_DUID),
      optionOf(Options.optionRequest, [23, 24, 59, 60]),
      optionOf(Options.vendorClass, { enterprise: 343, classes: ['PXEClient:Arch:00007:UNDI:003010'] }),
      optionOf(Options.clientArchitecture, [7]),
      optionOf(Options.networkInterface, { type: 1, major: 3, minor: 16 }),
      optionOf(Options.userClass, ['iPXE']),
      optionOf(Options.elapsedTime, 0),
      ...options,
    ],
  });
}

/** 12345678-9abc-def0-1122-334455667788, as SMBIOS has it. */
export const UUID_DUID = Uint8Array.from(Buffer.from('000478563412bc9af0de1122334455667788', 'hex'));

/** dhclient -6: settings for an operating system. */
export function systemAsks(type: MessageTypeName, options: readonly RawOption[] = []): Dhcpv6Packet {
  return packetOf({
    type,
    options: [
      optionOf(Options.clientId, LINK_LAYER_TIME_DUID),
      optionOf(Options.optionRequest, [23, 24]),
      optionOf(Options.elapsedTime, 0),
      ...options,
    ],
  });
}

export function relayLayer(options: readonly RawOption[] = [], hopCount = 0): RelayLayer {
  return {
    hopCount,
    linkAddress: parseIpv6('2001:db8:1::1'),
    peerAddress: LINK_LOCAL,
    options: Dhcpv6Options.of(...options),
  };
}

/** RFC 6939: the relay saw the frame. */
export function relayTells(mac: MacAddress): RawOption {
  return optionOf(Options.clientLinkLayer, { hardwareType: 1, address: macToBytes(mac) });
}
