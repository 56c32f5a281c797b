import {
  type IpAddress,
  ipv4ToNumber,
  type MacAddress,
  parseMac,
  parseUuid,
  swapUuidByteOrder,
  type Uuid,
} from '../../lib/addresses.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import type { ScriptLanguageName } from '../scripts/script-language.ts';

/**
 * What a loader means by the name of a script. pxelinux asks below `pxelinux.cfg/`, until something is found: its UUID,
 * its hardware address, its address in upper-case hex with fewer and fewer digits, `default`. GRUB of the Fedora family
 * asks the same after `grub.cfg-`, and at last, as GRUB of the Debian family does at once, for `grub.cfg` alone. iPXE
 * asks for `autoexec.ipxe`.
 */
export type ScriptName = {
  readonly language: ScriptLanguageName;
  /** What stands before the part that says who asks; a loader's own folder is in it. */
  readonly before: string;
  /** The folder the loader puts before its names, with its slash; empty for most. */
  readonly folder: string;
  /** Where the loader was started from; the network unless told. */
  readonly from?: 'RAM disk';
} & ScriptAsker;

type ScriptAsker =
  | {
      readonly asks: 'uuid';
      /**
       * Both readings of the digits: loaders print the bytes of option 97 in wire order, others turn the first three
       * fields round, and the name does not say which.
       */
      readonly uuids: readonly [asSpelled: Uuid, turned: Uuid];
    }
  | {
      readonly asks: 'mac';
      /** IANA hardware type: 1 is Ethernet, 6 IEEE 802. */
      readonly arpType: number;
      readonly mac: MacAddress;
    }
  | {
      readonly asks: 'address';
      /** 8 to 1 digits, from the left of the address. */
      readonly digits: string;
    }
  | { readonly asks: 'default' };

/** iPXE fetches it from beside itself before it asks DHCP (from 2024 on). */
const AUTOEXEC = 'autoexec.ipxe';

/**
 * Undefined for every other name; that is just a file.
 *
 * @param path normalised: no leading slash, no empty and no dot parts.
 */
export function parseScriptName(path: string): ScriptName | undefined {
  const [, folder = '', name = ''] = /^((?:.*\/)?)([^/]*)$/s.exec(path) ?? [];
  if (name === AUTOEXEC) return { language: 'ipxe', before: path, folder, asks: 'default' };
  if (name === 'grub.cfg') return { language: 'grub', before: `${path}-`, folder, asks: 'default' };
  if (name.startsWith('grub.cfg-')) {
    const asker = parseAsker(name.slice('grub.cfg-'.length));
    return asker && { language: 'grub', before: `${folder}grub.cfg-`, folder, ...asker };
  }
  if (folder !== 'pxelinux.cfg/' && !folder.endsWith('/pxelinux.cfg/')) return undefined;
  // U-Boot asks for `default-arm-bcm283x-rpi` and shorter ones before it.
  const asker: ScriptAsker | undefined = /^default(?:-[\w-]+)?$/.test(name)
    ? { asks: 'default' }
    : parseAsker(name);
  const above = folder.slice(0, -'pxelinux.cfg/'.length);
  return asker && { language: 'pxelinux', before: folder, folder: above, ...asker };
}

function parseAsker(name: string): ScriptAsker | undefined {
  // Upper case only: loaders ask so, and a hand-made `feed` is a file.
  if (/^[\dA-F]{1,8}$/.test(name)) return { asks: 'address', digits: name };
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)) {
    const spelled = parseUuid(name);
    return { asks: 'uuid', uuids: [spelled, swapUuidByteOrder(spelled)] };
  }
  if (/^[\da-f]{2}(?:-[\da-f]{2}){6}$/i.test(name)) {
    return { asks: 'mac', arpType: Number.parseInt(name.slice(0, 2), 16), mac: parseMac(name.slice(3)) };
  }
  return undefined;
}

/** `C0A87A64` for 192.168.122.100; empty for an IPv6 address, by which no loader asks. */
export function addressDigits(address: IpAddress): string {
  if (isIpv6(address)) return '';
  return ipv4ToNumber(address).toString(16).toUpperCase().padStart(8, '0');
}

/** Ethernet's name of a machine's configuration: `01-52-54-00-12-34-56`. */
export function macFileName(mac: MacAddress): string {
  return `01-${mac.replaceAll(':', '-')}`;
}

/** Loaders skip a UUID of all zeros or ones; boards send it when nobody wrote one. */
export function namesNobody(uuid: Uuid): boolean {
  return /^[0-]+$/.test(uuid) || /^[f-]+$/.test(uuid);
}
