import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { basename } from 'node:path';
import {
  type Ipv4Address,
  type Ipv4Network,
  type MacAddress,
  networkOf,
  parseIpv4,
  parseMac,
} from '../lib/addresses.ts';
import { type InterfaceKind, type InterfaceTraits, kindOfInterface } from './interface-kind.ts';
import { type InterfaceIpv6, listIpv6Addresses } from './ipv6-addresses.ts';
import { readLink, readText } from './read-if-there.ts';
import { type InterfaceAddress, type Libc, loadLibc, type NoLibc } from './libc.ts';

export interface NetworkInterface {
  readonly name: string;
  /** The kernel's number of it; an interface that is made anew gets another. */
  readonly index: number;
  /** Undefined for what has no Ethernet address. */
  readonly mac?: MacAddress;
  readonly kind: InterfaceKind;
  /** Switched on by the administrator. */
  readonly up: boolean;
  /** The other end of the cable is there; for a bridge, of one of its ports. */
  readonly carrier: boolean;
  /** The bridge or bond it is a port of. */
  readonly master?: string;
  /** Largest IP packet it takes, in bytes; undefined when the system does not say. */
  readonly mtu?: number;
  readonly addresses: readonly InterfaceNetwork[];
  /** Absent where it has no IPv6 address that can be served. */
  readonly ipv6?: InterfaceIpv6;
}

interface InterfaceNetwork {
  readonly address: Ipv4Address;
  readonly network: Ipv4Network;
}

const IFF_UP = 0x1;
const NO_MAC = '00:00:00:00:00:00';
const ETHERNET_ADDRESS = /^(?:[\da-f]{2}:){5}[\da-f]{2}$/;

/** Every interface of this network namespace, in the kernel's order. A file that cannot be read is a missing trait. */
export function listInterfaces(libc: Libc | NoLibc = loadLibc()): readonly NetworkInterface[] {
  const addresses = 'unavailable' in libc ? addressesByNode() : libc.interfaceAddresses();
  const ipv6 = listIpv6Addresses();
  return interfaceNames(addresses).flatMap((name) => {
    const shown = readText(`/sys/class/net/${name}/ifindex`)?.trim();
    const index = 'unavailable' in libc ? Number(shown) : libc.interfaceIndex(name);
    // It went away between two looks.
    if (index === undefined || Number.isNaN(index)) return [];
    // In a network namespace without a /sys of its own, what is there under this name is another interface.
    const folder = Number(shown) === index ? `/sys/class/net/${name}` : undefined;
    const rows = addresses.filter((row) => row.interfaceName === name);
    const state = 'unavailable' in libc ? stateByFiles(folder) : stateByFlags(rows);
    const known = ipv6.get(index);
    return [{ ...describeInterface(name, index, folder, rows), ...(known ? { ipv6: known } : {}), ...state }];
  });
}

function describeInterface(
  name: string,
  index: number,
  folder: string | undefined,
  rows: readonly InterfaceAddress[],
): Omit<NetworkInterface, 'up' | 'carrier'> {
  const mac = readTrait(folder, 'address') ?? networkInterfaces()[name]?.[0]?.mac;
  const mtu = Number(readTrait(folder, 'mtu') ?? Number.NaN);
  const master = folder === undefined ? undefined : readLink(`${folder}/master`);
  return {
    name,
    index,
    ...(mac !== undefined && ETHERNET_ADDRESS.test(mac) && mac !== NO_MAC ? { mac: parseMac(mac) } : {}),
    kind: kindOfInterface(readTraits(name, folder)),
    ...(master === undefined ? {} : { master: basename(master) }),
    ...(mtu > 0 ? { mtu } : {}),
    addresses: rows.flatMap((row) =>
      row.ipv4
        ? [{ address: row.ipv4.address, network: networkOf(row.ipv4.address, row.ipv4.prefixLength) }]
        : [],
    ),
  };
}

type InterfaceState = Pick<NetworkInterface, 'up' | 'carrier'>;

function stateByFlags(rows: readonly InterfaceAddress[]): InterfaceState {
  return { up: rows.some((row) => row.up), carrier: rows.some((row) => row.carrier) };
}

/** `carrier` refuses to be read while the interface is down. */
function stateByFiles(folder: string | undefined): InterfaceState {
  const flags = Number(readTrait(folder, 'flags') ?? 0);
  return { up: (flags & IFF_UP) !== 0, carrier: readTrait(folder, 'carrier') === '1' };
}

/** /proc/net/dev shows this process's own namespace, which /sys need not, and interfaces without any address. */
function interfaceNames(addresses: readonly InterfaceAddress[]): readonly string[] {
  const table = readText('/proc/net/dev') ?? '';
  const names = [...table.matchAll(/^\s*([^\s:|]+):/gm)].map(([, name = '']) => name);
  return names.length > 0 ? names : [...new Set(addresses.map((row) => row.interfaceName))];
}

/** What Node tells: only interfaces that are up and have a carrier, so all others show no address here. */
function addressesByNode(): readonly InterfaceAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([label, rows]) =>
    (rows ?? []).map((row) => ({
      interfaceName: label.split(':')[0] ?? label,
      up: true,
      carrier: true,
      ...(row.family === 'IPv4'
        ? { ipv4: { address: parseIpv4(row.address), prefixLength: Number(row.cidr?.split('/')[1] ?? 32) } }
        : {}),
    })),
  );
}

function readTraits(name: string, folder: string | undefined): InterfaceTraits {
  const hardwareType = readTrait(folder, 'type');
  const deviceType = /^DEVTYPE=(.+)$/m.exec(readTrait(folder, 'uevent') ?? '')?.[1];
  const tunFlags = readTrait(folder, 'tun_flags');
  return {
    name,
    ...(hardwareType === undefined ? {} : { hardwareType: Number(hardwareType) }),
    ...(deviceType === undefined ? {} : { deviceType }),
    ...(tunFlags === undefined ? {} : { tunFlags: Number(tunFlags) }),
    isWireless:
      folder !== undefined && (existsSync(`${folder}/wireless`) || existsSync(`${folder}/phy80211`)),
  };
}

function readTrait(folder: string | undefined, trait: string): string | undefined {
  return folder === undefined ? undefined : readText(`${folder}/${trait}`)?.trim();
}
