import type { Ipv4Address } from '../lib/addresses.ts';
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

/** What the settings say of TFTP, as the door on one local address takes it. */
export function tftpOptionsOf(
  settings: TftpSettings,
  address: Ipv4Address,
  interfaces: readonly Pick<NetworkInterface, 'addresses' | 'mtu'>[] = listInterfaces(),
): Pick<TftpDoorOptions, 'dataPort' | 'mtu' | 'limits'> {
  const served = interfaces.find((one) => one.addresses.some((row) => row.address === address));
  return {
    dataPort: plainDataPort(settings['tftp.dataPort']),
    mtu: Math.min(settings['tftp.mtu'], served?.mtu ?? Infinity),
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

/** What the plain server does instead: it has no port between the one that was asked and one for each. */
function plainDataPort(setting: Settings['tftp.dataPort']): 'each' | 'same' {
  return setting === 'same' || typeof setting === 'number' ? 'same' : 'each';
}

function rateOf(setting: number | 'off'): number {
  return setting === 'off' ? Infinity : setting;
}
