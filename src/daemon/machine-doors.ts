import type { Ipv4Address } from '../lib/addresses.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import { type DhcpServer, serveDhcp } from '../protocols/dhcp/server.ts';
import type { TftpServer } from '../protocols/tftp/server-options.ts';
import { type MachineHttpServer, serveMachineHttp } from '../servers/machine-http.ts';
import { serveTftpDoor } from '../servers/tftp.ts';
import { TftpCounts } from '../servers/tftp-counts.ts';
import { DhcpCounts } from '../services/dhcp-counts.ts';
import { openInsideFolder } from '../services/folder-tree.ts';
import type { UploadFolder } from '../services/upload-folder.ts';
import type { Services } from './compose.ts';
import { listenError, type WantedPort } from './listen-error.ts';
import { faultData, type Log } from './log.ts';
import { PerAddress } from './per-address.ts';
import { tftpOptionsOf } from './tftp-options.ts';
import { chooseTftpWay, type TftpWay } from './tftp-way.ts';
import { sayDhcp } from './say-dhcp.ts';
import { dhcpInterfaceOf, type Served } from './segments.ts';

export interface MachineDoorsNeeds {
  readonly settings: Settings;
  readonly services: Services;
  readonly stores: Pick<Stores, 'images'>;
  readonly log: Log;
  /** Where files go that machines send; undefined while uploads are off. */
  readonly uploads?: UploadFolder | undefined;
}

export interface Listener {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** DHCP, TFTP and HTTP on every served interface; they follow interfaces that come, go or change their address. */
export class MachineDoors {
  readonly #needs: MachineDoorsNeeds;
  readonly #tftp: PerAddress<TftpServer>;
  readonly #tftpWay: TftpWay;
  readonly #http: PerAddress<MachineHttpServer>;
  readonly dhcpCounts = new DhcpCounts();
  readonly tftpCounts = new TftpCounts();
  #dhcp: DhcpServer | undefined;

  constructor(needs: MachineDoorsNeeds) {
    this.#needs = needs;
    this.#tftpWay = chooseTftpWay(needs);
    this.#tftp = new PerAddress((address) => this.#openTftp(address));
    this.#http = new PerAddress((address) => this.#openHttp(address));
  }

  /** @throws StartError when a port cannot be had. */
  async open(served: readonly Served[]): Promise<void> {
    const { settings, services, log } = this.#needs;
    const port = settings['dhcp.port'];
    const wanted = { protocol: 'udp', port: port === 'off' ? 0 : port, setting: 'dhcp.port' } as const;
    if (port !== 'off') {
      const answer = this.dhcpCounts.counting(services.dhcp.answer.bind(services.dhcp));
      const interfaces = served.map(dhcpInterfaceOf);
      this.#dhcp = await worded(wanted, () =>
        serveDhcp({ interfaces, port, answer, report: sayDhcp(log, services.events) }),
      );
    }
    await this.#setAddresses(served);
  }

  /** What cannot be opened now is logged and tried again at the next change. */
  async setInterfaces(served: readonly Served[]): Promise<void> {
    try {
      await this.#dhcp?.setInterfaces(served.map(dhcpInterfaceOf));
      await this.#setAddresses(served);
    } catch (error) {
      this.#needs.log.error(
        'A network interface changed, and could not be served as it is now',
        faultData(error),
      );
    }
  }

  /** Why TFTP is served without the plane; undefined where it is served with it. */
  get plainTftp(): string | undefined {
    return this.#tftpWay.plainBecause;
  }

  /** Threads that send files over TFTP, died, and were started again. */
  get tftpRestarts(): number {
    return this.#tftpWay.restarts();
  }

  /** Interfaces where a plain socket serves DHCP, and why. */
  get plainDhcp(): ReadonlyMap<string, string> {
    const plain = (this.#dhcp?.interfaces ?? []).filter(({ mode }) => mode === 'plain');
    return new Map(plain.map((one) => [one.interfaceName, one.because ?? 'no other can be had']));
  }

  /** What became of each datagram; undefined while DHCP is off. */
  get dhcpDatagrams(): DhcpServer['counts'] | undefined {
    return this.#dhcp?.counts;
  }

  get tftpTransfers(): number {
    return this.#tftp.servers.reduce((sum, { transfers }) => sum + transfers, 0);
  }

  get listeners(): readonly Listener[] {
    const port = this.#needs.settings['dhcp.port'];
    const dhcp = (this.#dhcp?.interfaces ?? []).map((one) => ({
      protocol: 'dhcp',
      address: one.localAddress,
      port: Number(port),
    }));
    const at = (protocol: string) => (server: { address: string; port: number }) => ({
      protocol,
      address: server.address,
      port: server.port,
    });
    return [...dhcp, ...this.#tftp.servers.map(at('tftp')), ...this.#http.servers.map(at('http'))];
  }

  async close(): Promise<void> {
    await this.#dhcp?.close();
    await Promise.all([this.#tftp.setAddresses([]), this.#http.setAddresses([])]);
    await this.#tftpWay.close();
    await this.#needs.services.httpTimeline.close();
  }

  async #setAddresses(served: readonly Served[]): Promise<void> {
    const { settings } = this.#needs;
    const addresses = served.map(({ address }) => address);
    if (settings['tftp.port'] !== 'off') await this.#tftp.setAddresses(addresses);
    if (settings['machineHttp.port'] !== 'off') await this.#http.setAddresses(addresses);
  }

  #openTftp(address: Ipv4Address): Promise<TftpServer> {
    const { settings, services, log } = this.#needs;
    const port = Number(settings['tftp.port']);
    const { bootFiles, whoAsks, events } = services;
    const options = tftpOptionsOf(settings, address);
    return worded({ protocol: 'udp', port, setting: 'tftp.port' }, () =>
      serveTftpDoor({
        ...options,
        uploads: this.#needs.uploads,
        serve: this.#tftpWay.serve,
        address,
        port,
        bootFiles,
        whoAsks,
        events,
        counts: this.tftpCounts,
        report: sayFaults(log, 'TFTP'),
      }),
    );
  }

  #openHttp(address: Ipv4Address): Promise<MachineHttpServer> {
    const { settings, services, stores, log } = this.#needs;
    const port = Number(settings['machineHttp.port']);
    const { installFiles, httpTimeline: timeline } = services;
    return worded({ protocol: 'tcp', port, setting: 'machineHttp.port' }, () =>
      serveMachineHttp({
        address,
        port,
        images: stores.images,
        openInsideFolder,
        installFiles,
        timeline,
        report: sayFaults(log, 'HTTP'),
      }),
    );
  }
}

async function worded<T>(wanted: WantedPort, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw listenError(error, wanted);
  }
}

function sayFaults(log: Log, door: string): (what: 'dropped' | 'failed', error: unknown) => void {
  return (what, error) => {
    if (what === 'dropped') log.debug(`${door} dropped what makes no sense: ${String(error)}`);
    else log.error(`${door} could not serve a request`, faultData(error));
  };
}
