import type { IpAddress, Ipv4Address } from '../lib/addresses.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import { systemErrorCode } from '../os/system-call-error.ts';
import type { NfsServer } from '../protocols/nfs/server-options.ts';
import { serveFtpDoor } from '../servers/ftp.ts';
import { serveNfsDoor } from '../servers/nfs.ts';
import type { TreeDoorsOpen } from '../services/installs/install-sources.ts';
import type { Services } from './compose.ts';
import { sayFaults, worded } from './file-doors.ts';
import { chooseFtpWay, type FtpWay } from './ftp-way.ts';
import { handleMac } from './handle-key.ts';
import type { Log } from './log.ts';
import { chooseNfsWay, type NfsWay } from './nfs-way.ts';
import { type AddressServer, PerAddress } from './per-address.ts';

export interface TreeDoorsNeeds {
  readonly settings: Settings;
  readonly services: Pick<
    Services,
    'imageTrees' | 'installFiles' | 'ftpTimeline' | 'nfsTimeline' | 'programs' | 'clock' | 'events'
  >;
  readonly stores: Pick<Stores, 'images'>;
  readonly log: Log;
}

/** A door, or the reason why there is none. */
interface Door extends AddressServer {
  readonly because: string | undefined;
  /** Why no installer can be sent to it, though it is open. */
  readonly unusable: string | undefined;
}

/** One that is open. */
type OpenDoor = AddressServer & Pick<Door, 'unusable'>;

const NO_PORT_MAPPER =
  'NFS runs without its port mapper (nfs.portmap), where installers ask for its ports: free that port of other programs, or choose another source';

/** Whole images over FTP and NFS. Machines can be installed without them, so a port that is taken keeps nothing else closed. */
export class TreeDoors {
  readonly #needs: TreeDoorsNeeds;
  readonly #ftpWay: FtpWay;
  readonly #ftp: PerAddress<Door>;
  readonly #nfs: PerAddress<Door>;
  readonly #nfsWay: NfsWay;
  readonly #mac: ((bytes: Uint8Array) => Uint8Array) | undefined;

  constructor(needs: TreeDoorsNeeds) {
    const { settings } = needs;
    this.#needs = needs;
    this.#nfsWay = chooseNfsWay(needs);
    this.#ftpWay = chooseFtpWay(needs);
    this.#mac =
      settings['nfs.port'] === 'off' ? undefined : handleMac(settings.dataFolder ?? '/var/lib/muster');
    this.#ftp = new PerAddress((address) => this.#orReason(address, 'FTP', () => this.#openFtp(address)));
    this.#nfs = new PerAddress((address) => this.#orReason(address, 'NFS', () => this.#openNfs(address)));
  }

  async setAddresses(addresses: readonly Ipv4Address[]): Promise<void> {
    const { settings } = this.#needs;
    if (settings['ftp.port'] !== 'off') await this.#ftp.setAddresses(addresses);
    if (settings['nfs.port'] !== 'off') await this.#nfs.setAddresses(addresses);
  }

  /** Those that are open. */
  get listeners(): readonly { readonly protocol: string; readonly address: string; readonly port: number }[] {
    const of = (protocol: string, doors: PerAddress<Door>) =>
      doors.servers
        .filter(({ because }) => because === undefined)
        .map(({ address, port }) => ({ protocol, address, port }));
    return [...of('ftp', this.#ftp), ...of('nfs', this.#nfs)];
  }

  /** Why there is no FTP, no NFS, where somebody wants them; by the name of the protocol. */
  get closed(): ReadonlyMap<'FTP' | 'NFS', string> {
    const reasons = [
      ...this.#ftp.servers.map(({ because }) => ['FTP', because] as const),
      ...this.#nfs.servers.map(({ because }) => ['NFS', because] as const),
    ];
    return new Map(reasons.flatMap(([name, because]) => (because === undefined ? [] : [[name, because]])));
  }

  /** Why files go out without a plane, where they do; by the name of the protocol. */
  get plain(): ReadonlyMap<'FTP' | 'NFS', string> {
    const reasons = [
      ['FTP', this.#ftpWay.plainBecause],
      ['NFS', this.#nfsWay.plainBecause],
    ] as const;
    return new Map(reasons.flatMap(([name, because]) => (because === undefined ? [] : [[name, because]])));
  }

  /** What installers can be sent to at an address, and why not elsewhere. */
  at(address: IpAddress): TreeDoorsOpen {
    const { settings } = this.#needs;
    const places = [
      { protocol: 'ftp', doors: this.#ftp, setting: 'ftp.port' },
      { protocol: 'nfs', doors: this.#nfs, setting: 'nfs.port' },
    ] as const;
    const found = places.map(({ protocol, doors, setting }) => {
      const door = doors.servers.find((one) => one.address === address);
      const off = settings[setting] === 'off' ? `${setting} is off` : `it is not served at ${address}`;
      return { protocol, port: door?.port ?? 0, closed: door ? (door.because ?? door.unusable) : off };
    });
    return {
      trees: found.filter(({ closed }) => closed === undefined),
      closed: Object.fromEntries(
        found.flatMap(({ protocol, closed }) => (closed === undefined ? [] : [[protocol, closed]])),
      ),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#ftp.setAddresses([]), this.#nfs.setAddresses([])]);
    await Promise.all([this.#ftpWay.close(), this.#nfsWay.close()]);
    await Promise.all([this.#needs.services.ftpTimeline.close(), this.#needs.services.nfsTimeline.close()]);
  }

  async #openFtp(address: Ipv4Address): Promise<OpenDoor> {
    const { settings, services, stores, log } = this.#needs;
    const { imageTrees, installFiles, ftpTimeline, programs, clock } = services;
    const port = Number(settings['ftp.port']);
    const server = await worded({ protocol: 'tcp', port, setting: 'ftp.port' }, () =>
      serveFtpDoor({
        address,
        port,
        trees: imageTrees,
        images: stores.images,
        installFiles,
        timeline: ftpTimeline,
        programs,
        clock,
        plane: this.#ftpWay.plane,
        report: sayFaults(log, 'FTP'),
      }),
    );
    return { address, port: server.port, close: (how) => server.close(how), unusable: undefined };
  }

  async #openNfs(address: Ipv4Address): Promise<OpenDoor> {
    const port = Number(this.#needs.settings['nfs.port']);
    const portmap = this.#needs.settings['nfs.portmap'];
    const server = await worded({ protocol: 'tcp', port, setting: 'nfs.port' }, async () => {
      if (portmap === 'off') return await this.#serveNfs(address, port, undefined);
      try {
        return await this.#serveNfs(address, port, portmap);
      } catch (error) {
        if (systemErrorCode(error) !== 'EADDRINUSE') throw error;
        // Whose port it is that is taken shows when it is left out.
        const without = await this.#serveNfs(address, port, undefined);
        this.#needs.log.warn(
          `Another program is the port mapper on port ${portmap}; NFS clients must be told the ports: -o port=${port},mountport=${port}`,
        );
        return without;
      }
    });
    // Installers mount as the system does unless told, which asks the port mapper.
    const unusable = server.ports.portmap === undefined ? NO_PORT_MAPPER : undefined;
    return { address, port, close: (how) => server.close(how), unusable };
  }

  #serveNfs(address: Ipv4Address, nfs: number, portmap: number | undefined): Promise<NfsServer> {
    const { services, log } = this.#needs;
    const { imageTrees, nfsTimeline, programs } = services;
    if (this.#mac === undefined) throw new Error('NFS is off');
    return serveNfsDoor({
      address,
      ports: portmap === undefined ? { nfs } : { nfs, portmap },
      mac: this.#mac,
      trees: imageTrees,
      timeline: nfsTimeline,
      programs,
      plane: this.#nfsWay.plane,
      report: sayFaults(log, 'NFS'),
    });
  }

  async #orReason(address: Ipv4Address, protocol: string, open: () => Promise<OpenDoor>): Promise<Door> {
    try {
      return { ...(await open()), because: undefined };
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      this.#needs.log.warn(`Images are not served over ${protocol} at ${address}: ${because}`);
      return { address, port: 0, close: () => Promise.resolve(), because, unusable: undefined };
    }
  }
}
