import { createHash } from 'node:crypto';
import type { Settings } from '../core/settings/settings.ts';
import type { Ipv6Address, MacAddress } from '../lib/addresses.ts';
import { uuidDuid } from '../protocols/dhcpv6/duid.ts';
import {
  type Dhcpv6Arrival,
  type Dhcpv6Link,
  type Dhcpv6Report,
  type Dhcpv6Server,
  serveDhcpv6,
} from '../protocols/dhcpv6/server.ts';
import type { TftpServer } from '../protocols/tftp/server-options.ts';
import type { MachineHttpServer } from '../servers/machine-http.ts';
import { Dhcpv6Counts } from '../services/dhcp/dhcpv6-counts.ts';
import type { Dhcpv6Service } from '../services/dhcp/dhcpv6-service.ts';
import { faultData, type Log } from './log.ts';
import { PerAddress } from './per-address.ts';
import type { Served } from './segments.ts';

/** An IPv6 address with its interface, as `ip` and `curl` write it: `fe80::1%eth0`. */
type ZonedAddress = string;

/** One address on one interface. */
export interface Ipv6Place {
  readonly address: Ipv6Address;
  readonly interfaceName: string;
}

export interface Ipv6BootsNeeds {
  readonly settings: Pick<Settings, 'ipv6.boot' | 'pxe.port' | 'tftp.port' | 'machineHttp.port'>;
  readonly service: Pick<Dhcpv6Service, 'answer'>;
  readonly openTftp: (place: Ipv6Place) => Promise<TftpServer>;
  readonly openHttp: (place: Ipv6Place) => Promise<MachineHttpServer>;
  readonly log: Pick<Log, 'debug' | 'warn' | 'error'>;
}

/**
 * DHCPv6, TFTP and HTTP on the IPv6 addresses of served interfaces. None of them is needed for anything else: what cannot
 * be opened is logged and tried again at the next change, and Muster runs.
 */
export class Ipv6Boots {
  readonly #needs: Ipv6BootsNeeds;
  readonly #server: Dhcpv6Server | undefined;
  readonly #tftp: PerAddress<TftpServer, ZonedAddress>;
  readonly #http: PerAddress<MachineHttpServer, ZonedAddress>;
  /** By interface: the card whose address makes this server's DUID there. */
  readonly #macs = new Map<string, MacAddress | undefined>();
  #withoutIpv6: readonly string[] = [];
  readonly counts = new Dhcpv6Counts();

  constructor(needs: Ipv6BootsNeeds) {
    this.#needs = needs;
    this.#tftp = new PerAddress((zoned) => needs.openTftp(placeOf(zoned)));
    this.#http = new PerAddress((zoned) => needs.openHttp(placeOf(zoned)));
    if (needs.settings['ipv6.boot'] === 'off') return;
    const { service, settings } = needs;
    this.#server = serveDhcpv6({
      bootServerPort: settings['pxe.port'],
      answer: this.counts.counting<Dhcpv6Arrival>((packet, { link, door, sourceAddress }) =>
        service.answer(packet, {
          interfaceName: link.interfaceName,
          door,
          sourceAddress,
          own: link,
          ownId: serverDuid(link.interfaceName, this.#macs.get(link.interfaceName)),
        }),
      ),
      report: sayDhcpv6(needs.log),
    });
  }

  /** What became of each datagram; undefined while boots over IPv6 are off. */
  get datagrams(): Dhcpv6Server['counts'] | undefined {
    return this.#server?.counts;
  }

  /** By interface: why nobody is served over IPv6. */
  get cannot(): ReadonlyMap<string, string> {
    const without = this.#withoutIpv6.map((name) => [name, 'it has no IPv6 address'] as const);
    return new Map([...without, ...(this.#server?.cannot ?? [])]);
  }

  get tftpServers(): readonly TftpServer[] {
    return this.#tftp.servers;
  }

  get httpServers(): readonly MachineHttpServer[] {
    return this.#http.servers;
  }

  get dhcpv6Listening(): Dhcpv6Server['listening'] {
    return this.#server?.listening ?? [];
  }

  async setInterfaces(served: readonly Served[]): Promise<void> {
    if (this.#server === undefined) return;
    const links = served.flatMap(linkOf);
    for (const { interface: one } of served) this.#macs.set(one.name, one.mac);
    this.#withoutIpv6 = served
      .map(({ interface: one }) => one.name)
      .filter((name) => !links.some((link) => link.interfaceName === name));
    await this.#server.setLinks(links);
    const places = links.flatMap(zonedAddresses);
    const { settings } = this.#needs;
    if (settings['tftp.port'] !== 'off') await this.#set('TFTP', this.#tftp, places);
    if (settings['machineHttp.port'] !== 'off') await this.#set('HTTP', this.#http, places);
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await Promise.all([this.#tftp.setAddresses([]), this.#http.setAddresses([])]);
  }

  async #set(
    what: string,
    servers: Pick<PerAddress<TftpServer, ZonedAddress>, 'setAddresses'>,
    places: readonly ZonedAddress[],
  ): Promise<void> {
    try {
      await servers.setAddresses(places);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      this.#needs.log.warn(`Machines are not served over IPv6 by ${what}: ${because}`);
    }
  }
}

function linkOf({ interface: { name, index, ipv6 } }: Served): readonly Dhcpv6Link[] {
  if (ipv6?.linkLocal === undefined) return [];
  return [{ interfaceName: name, interfaceIndex: index, linkLocal: ipv6.linkLocal, global: ipv6.global }];
}

function zonedAddresses({ interfaceName, linkLocal, global }: Dhcpv6Link): readonly ZonedAddress[] {
  return [...(linkLocal ? [linkLocal] : []), ...global].map((address) => `${address}%${interfaceName}`);
}

function placeOf(zoned: ZonedAddress): Ipv6Place {
  const [address = '', interfaceName = ''] = zoned.split('%');
  return { address: address as Ipv6Address, interfaceName };
}

/** RFC 9562 §5.8. */
const UUID_VERSION_8 = 0x80;
const UUID_VARIANT = 0x80;

/**
 * A DUID made of a UUID that the MAC address makes (RFC 6355): the same after every start, without a file, and that of
 * no other server on this computer, which would have one of the MAC address itself.
 */
function serverDuid(interfaceName: string, mac: MacAddress | undefined): Uint8Array {
  const digest = createHash('sha256')
    .update(`Muster DHCPv6 ${mac ?? interfaceName}`)
    .digest();
  const uuid = Uint8Array.from(digest.subarray(0, 16));
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | UUID_VERSION_8;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | UUID_VARIANT;
  return uuidDuid(uuid);
}

function sayDhcpv6(log: Ipv6BootsNeeds['log']): (report: Dhcpv6Report) => void {
  return (report) => {
    const { interfaceName } = report;
    switch (report.what) {
      case 'dropped':
        return log.debug(`A DHCPv6 message on ${interfaceName} is dropped: ${report.because}`);
      case 'failed':
        return log.error(`DHCPv6 on ${interfaceName} failed`, faultData(report.error));
      case 'cannot':
        return log.warn(
          `Boots over IPv6 are not served on ${interfaceName} as they should be: ${report.because}`,
        );
      default:
        return report satisfies never;
    }
  };
}
