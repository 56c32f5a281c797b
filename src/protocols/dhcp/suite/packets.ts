/** Real packets and made ones, for tests of everything that reads DHCP. */
import { readdirSync, readFileSync } from 'node:fs';
import { type MacAddress, macToBytes, parseMac, UNSPECIFIED } from '../../../lib/addresses.ts';
import { decodeMessage, type DhcpMessage } from '../message.ts';
import { DhcpOptionsBuilder, MessageType, Options } from '../options.ts';

export interface GoldenPacket {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The packets of the golden folder, as hex digits; lines with # say where they come from. */
export const GOLDEN_PACKETS: readonly GoldenPacket[] = readPackets();

function readPackets(): readonly GoldenPacket[] {
  const folder = new URL('../golden/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.hex'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      const digits = text.replaceAll(/^#.*$/gm, '').replaceAll(/\s/g, '');
      return { name: file.slice(0, -'.hex'.length), bytes: new Uint8Array(Buffer.from(digits, 'hex')) };
    });
}

/** @throws Error where there is no packet of this name. */
export function goldenMessage(name: string): DhcpMessage {
  const packet = GOLDEN_PACKETS.find((candidate) => candidate.name === name);
  if (!packet) throw new Error(`There is no golden packet ${name}`);
  return decodeMessage(packet.bytes);
}

export const SAMPLE_MAC = parseMac('52:54:00:12:34:56');

/** A message as people read it, one line a field. */
export function printMessage(message: DhcpMessage): string {
  const { options, chaddr, ...header } = message;
  const lines = Object.entries({ ...header, chaddr: hex(chaddr) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  for (const [code, raw] of options.entries()) {
    const row = Object.values(Options).find((candidate) => candidate.code === code);
    const value: unknown = row ? options.get<unknown>(row) : raw;
    const shown = value instanceof Uint8Array ? hex(value) : JSON.stringify(value);
    lines.push(`option ${code}${row ? ` ${row.name}` : ''}: ${shown}`);
  }
  return `${lines.join('\n')}\n`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A client's message of this type, with the header fields and options given. */
export function requestOf(
  type: keyof typeof MessageType,
  change: Partial<Omit<DhcpMessage, 'options'>> & {
    readonly mac?: MacAddress;
    readonly options?: (builder: DhcpOptionsBuilder) => DhcpOptionsBuilder;
  } = {},
): DhcpMessage {
  const { mac = SAMPLE_MAC, options = (builder) => builder, ...header } = change;
  return {
    op: 'BOOTREQUEST',
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x12345678,
    secs: 4,
    broadcast: false,
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr: UNSPECIFIED,
    chaddr: macToBytes(mac),
    sname: '',
    file: '',
    ...header,
    options: options(new DhcpOptionsBuilder().set(Options.messageType, MessageType[type])).build(),
  };
}
