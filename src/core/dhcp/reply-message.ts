import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import { encodeText } from '../../lib/byte-writer.ts';
import { type DhcpMessage, MAX_FILE_BYTES } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { decodeBootClass } from '../../protocols/dhcp/pxe.ts';
import type { DhcpBootStep } from '../boot/next-step.ts';

/** PXE ROMs were seen that ask TFTP for "pxelinux.0" and what stands behind it; a NUL inside the option stops them. */
export function readsPastItsEnd({ options }: DhcpMessage): boolean {
  return decodeBootClass(options.get(Options.classId) ?? '')?.firmware === 'PXE';
}

/** What the fixed header of a reply says of booting. */
export function bootFields(
  server: Ipv4Address,
  step: DhcpBootStep,
): Pick<DhcpMessage, 'siaddr' | 'sname' | 'file'> {
  if (step.give !== 'boot file') return { siaddr: server, sname: '', file: '' };
  return { siaddr: server, sname: server, file: fitsHeader(step.file) ? step.file : '' };
}

/** A longer name stands in option 67 alone. */
function fitsHeader(file: string): boolean {
  return encodeText(file).length <= MAX_FILE_BYTES;
}

export const NO_FIELDS = {
  ciaddr: UNSPECIFIED,
  yiaddr: UNSPECIFIED,
  siaddr: UNSPECIFIED,
  sname: '',
  file: '',
} as const;

type ReplyFields = Pick<DhcpMessage, 'ciaddr' | 'yiaddr' | 'siaddr' | 'sname' | 'file' | 'options'>;

/** RFC 2131 table 3: what every reply repeats, and what is zero. */
export function replyTo(request: DhcpMessage, fields: ReplyFields): DhcpMessage {
  return {
    op: 'BOOTREPLY',
    htype: request.htype,
    hlen: request.hlen,
    hops: 0,
    xid: request.xid,
    secs: 0,
    broadcast: request.broadcast,
    ciaddr: fields.ciaddr,
    yiaddr: fields.yiaddr,
    siaddr: fields.siaddr,
    giaddr: request.giaddr,
    chaddr: request.chaddr,
    sname: fields.sname,
    file: fields.file,
    options: fields.options,
  };
}
