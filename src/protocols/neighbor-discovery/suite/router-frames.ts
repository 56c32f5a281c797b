/** Frames of routers and hosts, made by hand, as tests want them. */
import { internetChecksum } from '../../../lib/internet-checksum.ts';

/** RFC 4861 §4.6.2: 2001:db8::/64, on link and for addresses, valid for 86400 s and preferred for 14400 s. */
export const PREFIX = '030440c000015180000038400000000020010db8000000000000000000000000';

export interface RouterShape {
  readonly source?: string;
  readonly lifetimeSeconds?: number;
  /** In hex. */
  readonly options?: string;
}

export function routerFrame({
  source = 'fe80::1',
  lifetimeSeconds = 1800,
  options = '',
}: RouterShape = {}): Uint8Array {
  const lifetime = lifetimeSeconds.toString(16).padStart(4, '0');
  return frameOf({ source, body: `860000004000${lifetime}0000000000000000${options}` });
}

/** As Linux sends it when a link comes up. */
export function solicitationFrame(): Uint8Array {
  return frameOf({ source: 'fe80::5054:ff:fe00:1', body: '85000000000000000101525400000001' });
}

/** A frame to all nodes; the checksum of the ICMPv6 message in `body`, which is hex, is put in. */
export function frameOf({ source, body }: { readonly source: string; readonly body: string }): Uint8Array {
  const message = Buffer.from(body, 'hex');
  const ends = `${addressHex(source)}ff020000000000000000000000000001`;
  const length = message.length.toString(16).padStart(4, '0');
  const pseudoHeader = Buffer.from(`${ends}0000${length}0000003a`, 'hex');
  message.writeUInt16BE(internetChecksum(Buffer.concat([pseudoHeader, message])), 2);
  const headers = `33330000000152540000000186dd60000000${length}3aff${ends}`;
  return Buffer.concat([Buffer.from(headers, 'hex'), message]);
}

function addressHex(text: string): string {
  const [left = '', right = ''] = text.split('::').map((side) => groupsHex(side));
  return left + '0'.repeat(32 - left.length - right.length) + right;
}

function groupsHex(side: string): string {
  return side === ''
    ? ''
    : side
        .split(':')
        .map((group) => group.padStart(4, '0'))
        .join('');
}
