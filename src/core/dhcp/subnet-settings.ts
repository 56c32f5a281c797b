import { broadcastOf, netmaskOf } from '../../lib/addresses.ts';
import { type OptionRow, Options } from '../../protocols/dhcp/options.ts';
import { optionBytesFromHex } from '../network/option-text.ts';
import type { Subnet } from '../network/subnet.ts';

/** An option that is the same for every client of a subnet. */
export interface SubnetSetting {
  readonly code: number;
  readonly value: Uint8Array;
  /** `asked`: where the client asks for it or does not say what it wants, and where there is room. */
  readonly when: 'always' | 'asked';
}

interface SubnetSettings {
  readonly named: readonly SubnetSetting[];
  /** Those the user wrote by code or name, which stand behind what the client itself sent. */
  readonly extra: readonly SubnetSetting[];
  /** Option 15, which stands behind the name of the host. */
  readonly domainName: SubnetSetting | undefined;
}

/** A subnet is read anew when it changes, so what is known of it is forgotten with it. */
const known = new WeakMap<Subnet, SubnetSettings>();

/** Put together once for each subnet, not for each of its thousand replies. */
export function subnetSettings(subnet: Subnet): SubnetSettings {
  const before = known.get(subnet);
  if (before) return before;
  const settings = settingsOf(subnet);
  known.set(subnet, settings);
  return settings;
}

function settingsOf({ network, routers, dnsServers, domainName, options }: Subnet): SubnetSettings {
  return {
    named: [
      setting(Options.subnetMask, netmaskOf(network), 'always'),
      setting(Options.broadcastAddress, broadcastOf(network), 'asked'),
      ...(routers.length > 0 ? [setting(Options.router, routers, 'always')] : []),
      ...(dnsServers.length > 0 ? [setting(Options.domainServer, dnsServers, 'asked')] : []),
    ],
    extra: options.map(({ code, hex }) => ({ code, value: optionBytesFromHex(hex), when: 'asked' })),
    domainName: domainName === undefined ? undefined : setting(Options.domainName, domainName, 'asked'),
  };
}

function setting<T>(row: OptionRow<T>, value: T, when: SubnetSetting['when']): SubnetSetting {
  return { code: row.code, value: row.format.encode(value), when };
}
