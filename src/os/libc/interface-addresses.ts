import { ipv4FromBytes } from '../../lib/addresses.ts';
import { AF_INET } from '../sockaddr.ts';
import { check, type ForeignCalls, type IfaddrsRow } from './foreign-calls.ts';
import type { InterfaceAddress } from './libc-types.ts';

const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x1_0000;
/** More addresses than this no machine has; a longer list is a broken one. */
const MOST_ADDRESSES = 65_536;
/** Of struct sockaddr_in, as far as the end of its address. */
const SOCKADDR_BYTES = 8;

/** getifaddrs(3). */
export function interfaceAddresses(calls: ForeignCalls): readonly InterfaceAddress[] {
  const list: [unknown] = [undefined];
  check(calls, calls.getifaddrs(list), 'getifaddrs', 'list the addresses of the interfaces');
  const found: InterfaceAddress[] = [];
  for (let at = list[0]; at && found.length < MOST_ADDRESSES; ) {
    const row = calls.ifaddrsAt(at);
    const ipv4 = readIpv4(calls, row);
    found.push({
      // Addresses with a label, `eth0:1`, are of `eth0`.
      interfaceName: row.ifa_name.split(':')[0] ?? '',
      up: (row.ifa_flags & IFF_UP) !== 0,
      carrier: (row.ifa_flags & IFF_LOWER_UP) !== 0,
      ...(ipv4 ? { ipv4 } : {}),
    });
    at = row.ifa_next;
  }
  calls.freeifaddrs(list[0]);
  return found;
}

function readIpv4(calls: ForeignCalls, row: IfaddrsRow): InterfaceAddress['ipv4'] {
  if (!row.ifa_addr || !row.ifa_netmask || calls.uint16At(row.ifa_addr) !== AF_INET) return undefined;
  const address = calls.bytesAt(row.ifa_addr, SOCKADDR_BYTES);
  const netmask = calls.bytesAt(row.ifa_netmask, SOCKADDR_BYTES);
  const ones = [...netmask.subarray(4)].map((octet) => octet.toString(2).replaceAll('0', '')).join('');
  return { address: ipv4FromBytes(address.subarray(4)), prefixLength: ones.length };
}
