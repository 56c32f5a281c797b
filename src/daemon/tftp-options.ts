import type { IpAddress } from '../lib/addresses.ts';
import { isIpv6 } from '../lib/ipv6-address.ts';
import type { Settings } from '../core/settings/settings.ts';
import { listInterfaces, type NetworkInterface } from '../os/interfaces.ts';
import type { TftpDoorOptions } from '../servers/tftp.ts';

type TftpSettings = Pick<
  Settings,
  | 'tftp.dataPort'
  | 'tftp.mtu'
  | 'tftp.refuseOptions'
  | 'tftp.transfers'
  | 'tftp.perSource'
  | 'tftp.requestsPerSecond'
  | 'tftp.requestsPerSecondInAll'
  | 'tftp.pauseSeconds'
>;

/** By which the header of IPv6 is longer than that of IPv4. */
const LONGER_HEADER_BYTES = 20;

/** What the settings say of TFTP, as the door on one local address takes it. */
export function tftpOptionsOf(
  settings: TftpSettings,
  address: IpAddress,
  interfaces: readonly Pick<NetworkInterface, 'addresses' | 'ipv6' | 'mtu'>[] = listInterfaces(),
): Pick<TftpDoorOptions, 'dataPort' | 'mtu' | 'limits'> {
  const served = interfaces.find((one) => addressesOf(one).includes(address));
  const longer = isIpv6(address) ? LONGER_HEADER_BYTES : 0;
  return {
    dataPort: plainDataPort(settings['tftp.dataPort']),
    mtu: Math.min(settings['tftp.mtu'], served?.mtu ?? Infinity) - longer,
    limits: {
      refusedOptions: settings['tftp.refuseOptions'],
      transfers: settings['tftp.transfers'],
      transfersPerClient: settings['tftp.perSource'],
      requestsPerSecond: rateOf(settings['tftp.requestsPerSecond']),
      requestsPerSecondInAll: rateOf(settings['tftp.requestsPerSecondInAll']),
      pauseMs: settings['tftp.pauseSeconds'] * 1000,
    },
  };
}

function addressesOf({
  addresses,
  ipv6,
}: Pick<NetworkInterface, 'addresses' | 'ipv6'>): readonly IpAddress[] {
  const { linkLocal, global = [] } = ipv6 ?? {};
  return [...addresses.map(({ address }) => address), ...(linkLocal ? [linkLocal] : []), ...global];
}

/** What the plain server does instead: it has no port between the one that was asked and one for each. */
function plainDataPort(setting: Settings['tftp.dataPort']): 'each' | 'same' {
  return setting === 'same' || typeof setting === 'number' ? 'same' : 'each';
}

function rateOf(setting: number | 'off'): number {
  return setting === 'off' ? Infinity : setting;
}
