import { firmwareOf } from '../boot/firmware.ts';
import type { Facts } from '../machines/facts.ts';
import type { DhcpClient } from './read-client.ts';

/**
 * What a DHCP message tells of the hardware. The firmware tells itself; the name a machine gives itself is that of its
 * system, and the vendor class of a system says nothing of the hardware.
 */
export function factsOfClient({ boot, architecture, uuid, hostname, vendorClass }: DhcpClient): Facts {
  const told = uuid === undefined ? {} : { uuid };
  if (boot.stage === 'operating system') return { ...told, ...(hostname === undefined ? {} : { hostname }) };
  const platform = architecture === undefined ? undefined : firmwareOf(architecture)?.platform;
  return {
    ...told,
    ...(platform === undefined ? {} : { firmware: platform }),
    // iPXE repeats the class of the firmware it runs on.
    ...(vendorClass === undefined || boot.stage !== 'firmware' ? {} : { vendorClass }),
  };
}
