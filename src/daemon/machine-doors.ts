import type { IpAddress } from '../lib/addresses.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import { type DhcpServer, serveDhcp } from '../protocols/dhcp/server.ts';
import type { TftpServer } from '../protocols/tftp/server-options.ts';
import type { MachineHttpServer } from '../servers/machine-http.ts';
import { TftpCounts } from '../servers/tftp-counts.ts';
import { DhcpCounts } from '../services/dhcp/dhcp-counts.ts';
import type { TreeDoorsOpen } from '../services/installs/install-sources.ts';
import type { UploadFolder } from '../services/images/upload-folder.ts';
import { BootServerDoors } from './boot-server-doors.ts';
import type { Services } from './compose.ts';
import type { Shortfalls } from './box-facts.ts';
import { type FileDoorsNeeds, openHttpDoor, openTftpDoor, worded } from './file-doors.ts';
import { Ipv6Boots } from './ipv6-boots.ts';
import { faultData, type Log } from './log.ts';
import { PerAddress } from './per-address.ts';
import { chooseHttpWay, type HttpWay } from './http-way.ts';
import { chooseTftpWay, type TftpWay } from './tftp-way.ts';
import { SyslogDoors } from './syslog-doors.ts';
import { TreeDoors } from './tree-doors.ts';
import { RouterAdvertising } from './router-advertising.ts';
import { sayDhcp } from './say-dhcp.ts';
import { dhcpInterfaceOf, type Served } from './segments.ts';

export interface MachineDoorsNeeds {
  readonly settings: Settings;
  readonly services: Services;
  readonly stores: Pick<Stores, 'images' | 'subnets'>;
  readonly log: Log;
  /** Where files go that machines send; undefined while uploads are off. */
  readonly uploads?: UploadFolder | undefined;
}

/** Between two looks for clients that do not follow a proxyDHCP offer, or do not start what they fetched. */
const LOOK_FOR_UNFOLLOWED_MS = 5_000;

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
  readonly #httpWay: HttpWay;
  readonly #http: PerAddress<MachineHttpServer>;
  readonly #trees: TreeDoors;
  readonly #bootServers: BootServerDoors;
  readonly #routerAdvertising: RouterAdvertising;
  readonly ipv6: Ipv6Boots;
  readonly syslog: SyslogDoors;
  readonly dhcpCounts = new DhcpCounts();
  readonly tftpCounts = new TftpCounts();
  #dhcp: DhcpServer | undefined;
  #unfollowed: NodeJS.Timeout | undefined;

  constructor(needs: MachineDoorsNeeds) {
    this.#needs = needs;
    this.#tftpWay = chooseTftpWay(needs);
    this.#httpWay = chooseHttpWay(needs);
    const { tftpCounts } = this;
    const fileDoors: FileDoorsNeeds = {
      ...needs,
      tftpWay: this.#tftpWay,
      httpWay: this.#httpWay,
      tftpCounts,
    };
    this.#tftp = new PerAddress((address) => openTftpDoor(fileDoors, { address }));
    this.#http = new PerAddress((address) => openHttpDoor(fileDoors, { address }));
    this.#trees = new TreeDoors(needs);
    this.syslog = new SyslogDoors(needs);
    this.#bootServers = new BootServerDoors(needs);
    const { settings, services, stores, log } = needs;
    this.#routerAdvertising = new RouterAdvertising({
      settings,
      subnets: stores.subnets,
      verdictOn: (name) => services.dhcp.verdictOn(name),
      events: services.events,
      log,
    });
    this.ipv6 = new Ipv6Boots({
      settings,
      service: services.dhcpv6,
      openTftp: (place) => openTftpDoor(fileDoors, place),
      openHttp: (place) => openHttpDoor(fileDoors, place),
      log,
    });
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
    this.#unfollowed = setInterval(() => {
      services.dhcp.tellUnfollowed();
      services.programs.tellSilent();
    }, LOOK_FOR_UNFOLLOWED_MS).unref();
    await this.#routerAdvertising.setInterfaces(served);
    await this.#setAddresses(served);
    await this.ipv6.setInterfaces(served);
  }

  /** What cannot be opened now is logged and tried again at the next change. */
  async setInterfaces(served: readonly Served[]): Promise<void> {
    try {
      await this.#dhcp?.setInterfaces(served.map(dhcpInterfaceOf));
      await this.#routerAdvertising.setInterfaces(served);
      await this.#setAddresses(served);
      await this.ipv6.setInterfaces(served);
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

  /** Why files go out over HTTP without the plane; undefined where they go out with it. */
  get plainHttp(): string | undefined {
    return this.#httpWay.plainBecause;
  }

  /** Threads that send files over TFTP, died, and were started again. */
  get tftpRestarts(): number {
    return this.#tftpWay.restarts();
  }

  /** What became of each datagram; undefined while DHCP is off. */
  get dhcpDatagrams(): DhcpServer['counts'] | undefined {
    return this.#dhcp?.counts;
  }

  get shortfalls(): Shortfalls {
    const plain = (this.#dhcp?.interfaces ?? []).filter(({ mode }) => mode === 'plain');
    return {
      plain: new Map(plain.map((one) => [one.interfaceName, one.because ?? 'no other can be had'])),
      cannotAdvertise: this.#routerAdvertising.cannot,
      cannotBootOverIpv6: this.ipv6.cannot,
      plainTftp: this.plainTftp,
      plainHttp: this.plainHttp,
      closedTrees: this.#trees.closed,
      closedSyslog: this.syslog.closed,
      plainTrees: this.#trees.plain,
    };
  }

  /** Undefined while no IPv6 router is looked for. */
  get routerMessages(): RouterAdvertising['counts'] {
    return this.#routerAdvertising.counts;
  }

  get tftpTransfers(): number {
    const servers = [...this.#tftp.servers, ...this.ipv6.tftpServers];
    return servers.reduce((sum, { transfers }) => sum + transfers, 0);
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
    return [
      ...dhcp,
      ...this.#bootServers.servers.map(at('pxe')),
      ...this.ipv6.dhcpv6Listening.map(at('dhcpv6')),
      ...[...this.#tftp.servers, ...this.ipv6.tftpServers].map(at('tftp')),
      ...[...this.#http.servers, ...this.ipv6.httpServers].map(at('http')),
      ...this.#trees.listeners,
      ...this.syslog.listeners,
    ];
  }

  /** The doors for whole trees that are open at an address, and why others are not. */
  treesAt(address: IpAddress): TreeDoorsOpen {
    return this.#trees.at(address);
  }

  async close(): Promise<void> {
    clearInterval(this.#unfollowed);
    await this.#routerAdvertising.close();
    await this.#dhcp?.close();
    await Promise.all([
      this.ipv6.close(),
      this.#tftp.setAddresses([]),
      this.#http.setAddresses([]),
      this.#trees.close(),
      this.syslog.close(),
      this.#bootServers.close(),
    ]);
    await this.#tftpWay.close();
    await this.#httpWay.close();
    await this.#needs.services.httpTimeline.close();
  }

  async #setAddresses(served: readonly Served[]): Promise<void> {
    const { settings } = this.#needs;
    const addresses = served.map(({ address }) => address);
    await this.#bootServers.setInterfaces(served);
    if (settings['tftp.port'] !== 'off') await this.#tftp.setAddresses(addresses);
    if (settings['machineHttp.port'] !== 'off') await this.#http.setAddresses(addresses);
    await this.#trees.setAddresses(addresses);
    await this.syslog.setAddresses(addresses);
  }
}
