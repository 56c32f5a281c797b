/** The protocols over which Muster gives out the tree of an image to what was booted from it. */
export type SourceProtocol = 'http' | 'ftp' | 'nfs';

/** Where an installer, or a live system, finds the tree of its image. No part holds a space or ends with a slash. */
export type InstallSource =
  | {
      readonly protocol: 'http' | 'ftp';
      readonly url: string;
      /** The whole disc image as one file, where the image is one. Its name ends with `.iso`. */
      readonly disc?: string;
    }
  | {
      readonly protocol: 'nfs';
      /** An address; one of IPv6 without its brackets. */
      readonly server: string;
      /** From the root of the server, with its slash at the beginning. */
      readonly path: string;
    };

/** A protocol that an installer takes its tree over. */
export interface TakenSource {
  readonly protocol: SourceProtocol;
  /** It wants the disc image as one file, and no tree of files. */
  readonly disc?: 'whole';
}

/**
 * The first of the ways that an installer takes (the best is first) which is offered. Who takes nothing, since
 * everything is in its initrd, is content with whatever there is.
 */
export function chooseSource(
  taken: readonly TakenSource[],
  offered: readonly InstallSource[],
):
  | {
      readonly chosen: true;
      readonly source: InstallSource;
      /** For people: `its tree over NFS`. */
      readonly says: string;
    }
  | { readonly chosen: false; readonly because: string } {
  for (const way of taken) {
    const source = offered.find((one) => fits(way, one));
    if (source) return { chosen: true, source, says: spoken(way) };
  }
  const [first] = offered;
  if (taken.length === 0 && first)
    return { chosen: true, source: first, says: `what it fetches over ${first.protocol.toUpperCase()}` };
  const wants = taken.map(spoken).join(', or ');
  const has = offered.map(({ protocol }) => protocol.toUpperCase()).join(' and ');
  return {
    chosen: false,
    because: `it takes ${wants === '' ? 'nothing' : wants}, and ${has === '' ? 'nothing' : has} is offered`,
  };
}

function fits({ protocol, disc }: TakenSource, source: InstallSource): boolean {
  if (source.protocol !== protocol) return false;
  return disc === undefined || (source.protocol !== 'nfs' && source.disc !== undefined);
}

/** `its tree over NFS`, `the whole disc image over HTTP`. */
export function spoken({ protocol, disc }: TakenSource): string {
  return `${disc === undefined ? 'its tree' : 'the whole disc image'} over ${protocol.toUpperCase()}`;
}

/** `nfs:192.0.2.1:/images/x`, as anaconda and NFS clients write it. */
export function nfsPlace({ server, path }: InstallSource & { readonly protocol: 'nfs' }): string {
  return `${bracketed(server)}:${path}`;
}

/** As a URL: `nfs://192.0.2.1/images/x` (RFC 2224). */
export function sourceUrl(source: InstallSource): string {
  return source.protocol === 'nfs' ? `nfs://${bracketed(source.server)}${source.path}` : source.url;
}

/** Whether it is reached by an address of IPv6. */
export function isOverIpv6(source: InstallSource): boolean {
  return source.protocol === 'nfs' ? source.server.includes(':') : source.url.includes('://[');
}

/** @throws RangeError for a source of IPv6, which this system's initramfs cannot reach. */
export function assertOverIpv4(source: InstallSource, system: string): void {
  if (!isOverIpv6(source)) return;
  throw new RangeError(`Cannot boot ${system} over IPv6: its initramfs knows IPv4 alone`);
}

function bracketed(server: string): string {
  return server.includes(':') ? `[${server}]` : server;
}

/**
 * The files of a disc that is copied into memory over HTTP or FTP, or the tree itself.
 *
 * @throws RangeError where the source is one that this system cannot take.
 */
export function urlOf(source: InstallSource, system: string): string {
  if (source.protocol !== 'nfs') return source.url;
  throw new RangeError(`Cannot give ${system} its files over NFS: it fetches them by URL, over HTTP or FTP`);
}

/** @throws RangeError where there is no disc image to give. */
export function discOf(source: InstallSource, system: string): string {
  if (source.protocol !== 'nfs' && source.disc !== undefined) return source.disc;
  throw new RangeError(
    `Cannot give ${system} its disc: it takes the whole disc image (.iso) over HTTP, and this image is a folder of files: add the disc image itself, or use NFS`,
  );
}
