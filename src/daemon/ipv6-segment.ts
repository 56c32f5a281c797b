import type { SegmentVerdict } from '../core/dhcp/segment-modes.ts';
import type { Subnet } from '../core/network/subnet.ts';
import type { Settings } from '../core/settings/settings.ts';
import { formatIpv4Network } from '../lib/addresses.ts';
import type { Dhcpv6Segment } from '../services/dhcp/dhcpv6-service.ts';
import { describeMode } from './box-facts.ts';
import type { Served } from './segments.ts';

/** Whether machines on an interface are told over DHCPv6 what to boot, as settings and subnets say. */
export function ipv6SegmentOf(
  served: Pick<Served, 'network'> | undefined,
  subnets: readonly Subnet[],
  settings: Pick<Settings, 'ipv6.boot' | 'dhcp.port'>,
  verdict: SegmentVerdict,
): Dhcpv6Segment {
  const wish = settings['ipv6.boot'];
  if (wish === 'off') return { serves: false, because: 'boots over IPv6 are off (ipv6.boot)' };
  if (served === undefined) return { serves: false, because: 'the interface is not served any more' };
  const { mode, because } = describeMode(served, subnets, settings, verdict);
  if (wish === 'auto' && mode === 'off') {
    return {
      serves: false,
      because: `nothing is done on this segment over IPv4 either (${because}); --set ipv6.boot=on boots over IPv6 all the same`,
    };
  }
  const network = formatIpv4Network(served.network);
  const subnet = subnets.find((one) => formatIpv4Network(one.network) === network);
  return { serves: true, bootsOverIpv4: mode !== 'off', subnet };
}
