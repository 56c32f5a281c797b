import { randomInt } from 'node:crypto';
import type { Subnet } from '../core/network/subnet.ts';
import { type Ipv4Address, networkContains } from '../lib/addresses.ts';
import { loadLibc } from '../os/libc.ts';
import { type ProbedLink, probeAddresses } from '../os/probe-addresses.ts';
import { systemErrorCode } from '../os/system-call-error.ts';
import type { ProbeResult } from '../services/dhcp/conflict-prober.ts';
import type { Served } from './segments.ts';

/** Asks for addresses of a subnet: by ARP where an interface of ours is in it, else by ICMP echo. */
export function probeSubnet(
  served: () => readonly Served[],
): (subnet: Subnet, addresses: readonly Ipv4Address[]) => Promise<ProbeResult> {
  return async (subnet, addresses) => {
    const libc = loadLibc();
    if ('unavailable' in libc) return { because: libc.because };
    const link = linkOf(subnet, served());
    const identification = randomInt(65_536);
    try {
      return {
        answered: await probeAddresses({ libc, addresses, identification, ...(link ? { link } : {}) }),
      };
    } catch (error) {
      if (systemErrorCode(error) !== 'EPERM') throw error;
      return { because: 'the right to raw sockets is missing (CAP_NET_RAW)' };
    }
  };
}

function linkOf(subnet: Subnet, served: readonly Served[]): ProbedLink | undefined {
  const at = served.find(({ address }) => networkContains(subnet.network, address))?.interface;
  return at?.mac === undefined ? undefined : { interfaceIndex: at.index, mac: at.mac };
}
