import type { IpAddress } from '../../lib/addresses.ts';
import { urlHost } from '../../lib/ipv6-address.ts';
import type { InstallSource, SourceProtocol } from '../images/install-source.ts';
import { type MachineHttp, treeUrl } from './machine-urls.ts';

/** A door that gives out whole trees, beside HTTP. */
export interface TreeDoor {
  readonly protocol: 'ftp' | 'nfs';
  readonly port: number;
}

/** What of this server is open at the address that a machine talks to. */
export interface OpenDoors {
  readonly address: IpAddress;
  /** Undefined while HTTP is off. */
  readonly httpPort: number | undefined;
  readonly trees: readonly TreeDoor[];
  /** Why a door is not open, where that is known. */
  readonly closed: Readonly<Partial<Record<SourceProtocol, string>>>;
}

export interface OfferedImage {
  readonly name: string;
  /** Whether the image is one file, a disc image. */
  readonly isDisc: boolean;
}

/** What the name of a disc image as a whole ends with; live systems by casper look at it. */
export const DISC_ENDING = '.iso';
const FTP_PORT = 21;

/** Where a machine can get the tree of an image now, in no order of preference. */
export function offeredSources(
  { address, httpPort, trees }: Pick<OpenDoors, 'address' | 'httpPort' | 'trees'>,
  { name, isDisc }: OfferedImage,
): readonly InstallSource[] {
  const http = httpPort === undefined ? [] : [httpSource({ address, port: httpPort }, name, isDisc)];
  return [...http, ...trees.map((door) => sourceOf(door, address, name))];
}

function httpSource(http: MachineHttp, name: string, isDisc: boolean): InstallSource {
  const url = treeUrl(http, name);
  return { protocol: 'http', url, ...(isDisc ? { disc: `${url}${DISC_ENDING}` } : {}) };
}

function sourceOf({ protocol, port }: TreeDoor, address: IpAddress, name: string): InstallSource {
  const path = `/images/${name}`;
  switch (protocol) {
    case 'ftp': {
      const host = port === FTP_PORT ? urlHost(address) : `${urlHost(address)}:${port}`;
      return { protocol, url: `ftp://${host}${path}` };
    }
    case 'nfs':
      return { protocol, server: address, path };
    default:
      return protocol satisfies never;
  }
}
