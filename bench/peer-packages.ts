import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun } from '../src/lab/run-program.ts';

/**
 * The servers Muster is compared with. They are unpacked from their Debian packages into a cache folder and run from
 * there: nothing is installed, so no service is ever started, and tftpd-hpa and atftpd, which cannot be installed
 * beside each other, can be measured beside each other.
 */
export const PEERS = {
  dnsmasq: { debianPackage: 'dnsmasq-base', program: 'dnsmasq' },
  'tftpd-hpa': { debianPackage: 'tftpd-hpa', program: 'in.tftpd' },
  atftpd: { debianPackage: 'atftpd', program: 'atftpd' },
  kea: { debianPackage: 'kea-dhcp4-server', program: 'kea-dhcp4' },
  perfdhcp: { debianPackage: 'kea-admin', program: 'perfdhcp' },
  'isc-dhcpd': { debianPackage: 'isc-dhcp-server', program: 'dhcpd' },
  nginx: { debianPackage: 'nginx', program: 'nginx' },
  vsftpd: { debianPackage: 'vsftpd', program: 'vsftpd' },
  wrk: { debianPackage: 'wrk', program: 'wrk' },
  'nfs-ganesha': { debianPackage: 'nfs-ganesha-vfs', program: 'ganesha.nfsd' },
  rpcbind: { debianPackage: 'rpcbind', program: 'rpcbind' },
} as const;

export type PeerName = keyof typeof PEERS;

/** A program of a peer, and what it needs to find its libraries. */
export interface PeerProgram {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

const FOLDERS = ['usr/sbin', 'usr/bin', 'sbin', 'bin'] as const;
const DOWNLOAD_TIMEOUT_MS = 300_000;

export class PeerPackages {
  readonly #folder: string;

  /** @param folder where they are unpacked, and found again next time. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The peer's program, unpacked or of this system; undefined when it is not there. */
  find(name: PeerName): PeerProgram | undefined {
    const { program } = PEERS[name];
    const root = join(this.#folder, name);
    const unpacked = FOLDERS.map((folder) => join(root, folder, program)).find((path) => existsSync(path));
    if (unpacked !== undefined)
      return { path: unpacked, environment: { LD_LIBRARY_PATH: libraryPath(root) } };
    const path = FOLDERS.map((folder) => join('/', folder, program)).find((place) => existsSync(place));
    return path === undefined ? undefined : { path, environment: {} };
  }

  /**
   * Fetches and unpacks those that are not there. What cannot be had is said and left out.
   *
   * @param say gets a line for each.
   */
  async fetch(names: readonly PeerName[], say: (line: string) => void): Promise<void> {
    for (const name of names) {
      if (this.find(name) !== undefined) continue;
      const { debianPackage } = PEERS[name];
      say(`Fetching ${debianPackage} and what it needs, to unpack it into ${this.#folder}`);
      try {
        await this.#unpack(name, debianPackage);
      } catch (error) {
        say(`${name} is not measured: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #unpack(name: PeerName, debianPackage: string): Promise<void> {
    const folder = join(this.#folder, `${name}.new`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const plan = await mustRun([
      'apt-get',
      'install',
      '--simulate',
      '--no-install-recommends',
      debianPackage,
    ]);
    // What apt would install: `Inst kea-common (2.2.0-6 Debian:12/oldstable [amd64])`.
    const packages = [...plan.toString('utf8').matchAll(/^Inst (\S+) /gm)].map(([, found]) => found ?? '');
    const wanted = packages.length === 0 ? [debianPackage] : packages;
    await mustRun(['apt-get', 'download', '-qq', ...wanted], { folder, timeoutMs: DOWNLOAD_TIMEOUT_MS });
    for (const file of readdirSync(folder).filter((found) => found.endsWith('.deb')))
      await mustRun(['dpkg-deb', '--extract', file, '.'], { folder });
    renameSync(folder, join(this.#folder, name));
  }
}

/** Every folder of the unpacked tree where libraries lie: `usr/lib/x86_64-linux-gnu` and its like. */
function libraryPath(root: string): string {
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [
      folder,
      ...readdirSync(folder)
        .filter((name) => name.includes('-linux-'))
        .map((name) => join(folder, name)),
    ])
    .join(delimiter);
}
