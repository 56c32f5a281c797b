import {
  type Ipv4Address,
  ipv4ToNumber,
  type MacAddress,
  parseMac,
  parseUuid,
  swapUuidByteOrder,
  type Uuid,
} from '../../lib/addresses.ts';

/**
 * What a loader means by a name below `pxelinux.cfg/`. pxelinux asks, until something is found: its UUID, its
 * hardware address, its address in upper-case hex with fewer and fewer digits, `default`.
 */
export type PxelinuxName = {
  /** The folder the loader puts before its names, with its slash; empty for most. */
  readonly folder: string;
} & (
  | {
      readonly asks: 'uuid';
      /**
       * Both readings of the digits: pxelinux prints the bytes of option 97 in wire order, other loaders turn the
       * first three fields round, and the name does not say which.
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
  | { readonly asks: 'default' }
);

const FOLDER = 'pxelinux.cfg/';

/**
 * Undefined for every other name; that is just a file.
 *
 * @param path normalised: no leading slash, no empty and no dot parts.
 */
export function parsePxelinuxName(path: string): PxelinuxName | undefined {
  const nameAt = path.lastIndexOf('/') + 1;
  const above = path.slice(0, nameAt);
  if (above !== FOLDER && !above.endsWith(`/${FOLDER}`)) return undefined;
  const folder = above.slice(0, -FOLDER.length);
  const name = path.slice(nameAt);
  if (name === 'default') return { folder, asks: 'default' };
  // Upper case only: pxelinux asks so, and a hand-made `feed` is a file.
  if (/^[\dA-F]{1,8}$/.test(name)) return { folder, asks: 'address', digits: name };
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)) {
    const spelled = parseUuid(name);
    return { folder, asks: 'uuid', uuids: [spelled, swapUuidByteOrder(spelled)] };
  }
  if (/^[\da-f]{2}(?:-[\da-f]{2}){6}$/i.test(name)) {
    return {
      folder,
      asks: 'mac',
      arpType: Number.parseInt(name.slice(0, 2), 16),
      mac: parseMac(name.slice(3)),
    };
  }
  return undefined;
}

/** `C0A87A64` for 192.168.122.100. */
export function addressDigits(address: Ipv4Address): string {
  return ipv4ToNumber(address).toString(16).toUpperCase().padStart(8, '0');
}

/** Ethernet's name of a machine's configuration: `01-52-54-00-12-34-56`. */
export function macFileName(mac: MacAddress): string {
  return `01-${mac.replaceAll(':', '-')}`;
}

/** pxelinux skips a UUID of all zeros or ones; boards send it when nobody wrote one. */
export function namesNobody(uuid: Uuid): boolean {
  return /^[0-]+$/.test(uuid) || /^[f-]+$/.test(uuid);
}
