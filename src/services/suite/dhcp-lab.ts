/** A DHCP service over a real store, for tests of all that clients ask of it. */
import { expect } from 'vitest';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import { type LoaderName, LOADERS } from '../../core/boot/loaders.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import type { Stores } from '../../core/stores.ts';
import {
  type Ipv4Address,
  macFromBytes,
  type MacAddress,
  parseIpv4,
  parseIpv4Network,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import type { DhcpArrival } from '../../protocols/dhcp/dhcp-interface.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { MessageType, Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { BootService } from '../boot/boot-service.ts';
import { DhcpService } from '../dhcp/dhcp-service.ts';
import { EnrolmentService } from '../machines/enrolment-service.ts';
import { EventLog } from '../event-log.ts';
import { FactService } from '../machines/fact-service.ts';
import { InstallService } from '../installs/install-service.ts';
import type { LeaseBook } from '../dhcp/lease-book.ts';
import { ProgramWatch } from '../boot/program-watch.ts';
import { SeenAddresses } from '../boot/seen-addresses.ts';
import { WhoAsks } from '../boot/who-asks.ts';
import { openLeaseBook } from './opened-lease-book.ts';

export const NOON = 1_790_000_000_000;
export const MINUTE = 60_000;
export const SERVER = parseIpv4('192.168.122.1');
export const at = (last: number): Ipv4Address => parseIpv4(`192.168.122.${last}`);
export const mac = (last: number): MacAddress => macFromBytes(Uint8Array.of(0x52, 0x54, 0, 0, 1, last));

export const CLASSIC: Subnet = {
  name: 'lab',
  network: parseIpv4Network('192.168.122.0/24'),
  mode: 'full',
  ranges: [{ first: at(100), last: at(103) }],
  reservations: [],
  routers: [SERVER],
  dnsServers: [],
  domainName: 'lab.example',
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  options: [],
};
export const ARRIVAL: DhcpArrival = {
  interfaceName: 'eth0',
  localAddress: SERVER,
  localNetwork: CLASSIC.network,
  sourceAddress: UNSPECIFIED,
  sourcePort: 68,
};

function failed(error: unknown): never {
  throw error;
}

/** A DHCP server over a real store, with a clock that stands still unless it is moved. */
export class Lab {
  readonly stores: Stores;
  readonly events: EventLog;
  readonly programs: ProgramWatch;
  leases: LeaseBook;
  service: DhcpService;
  readonly #time: { nowMs: number };

  readonly seen = new SeenAddresses();
  /** Of each server that was open. */
  readonly #facts: FactService[] = [];
  /** Loaders that this server can hand out; a test may take some away. */
  loaders: ReadonlySet<LoaderName> = new Set(LOADERS.map(({ name }) => name));

  private constructor(stores: Stores, leases: LeaseBook, time: { nowMs: number }) {
    this.stores = stores;
    this.leases = leases;
    this.#time = time;
    const clock = { nowMs: () => this.nowMs };
    this.events = new EventLog({
      events: stores.events,
      clock,
      failed,
    });
    this.programs = new ProgramWatch({
      events: this.events,
      clock,
      whoAsks: new WhoAsks({ machines: stores.machines, leases, events: this.events, clock }),
    });
    this.service = this.#open();
  }

  /** With `CLASSIC` for its only subnet. */
  static async open(): Promise<Lab> {
    const stores = await openEmptyStores();
    const time = { nowMs: NOON };
    const leases = await openLeaseBook(stores.leaseRecords, { nowMs: () => time.nowMs });
    const lab = new Lab(stores, leases, time);
    await lab.add(CLASSIC);
    return lab;
  }

  async close(): Promise<void> {
    await this.events.settled();
    await this.factsSettled();
    await this.leases.close();
    await this.stores.close();
  }

  /** Resolves when what packets told of machines is on disk. */
  async factsSettled(): Promise<void> {
    for (const facts of this.#facts) await facts.settled();
  }

  get nowMs(): number {
    return this.#time.nowMs;
  }

  set nowMs(nowMs: number) {
    this.#time.nowMs = nowMs;
  }

  /** The same stores, and nothing of what was in memory. */
  async restarted(): Promise<DhcpService> {
    await this.leases.close();
    this.leases = await openLeaseBook(this.stores.leaseRecords, { nowMs: () => this.nowMs });
    return this.#open();
  }

  #enrolment(): EnrolmentService {
    const clock = { nowMs: () => this.nowMs };
    const { stores, events } = this;
    let drawn = 0;
    const randomHex = (bytes: number): string => (drawn += 1).toString(16).padStart(bytes * 2, '0');
    const installs = new InstallService({
      ...stores,
      events,
      clock,
      steadyClock: clock,
      randomHex,
      machineHttp: 'on',
    });
    return new EnrolmentService({ ...stores, installs, events, clock, randomHex });
  }

  #open(): DhcpService {
    const clock = { nowMs: () => this.nowMs };
    const { leases } = this;
    const facts = new FactService({ facts: this.stores.facts, clock, failed });
    this.#facts.push(facts);
    const { subnets, machines, installs, policy, profiles, images, waves } = this.stores;
    return new DhcpService({
      programs: this.programs,
      subnets,
      leases,
      whoAsks: new WhoAsks({ machines, leases, events: this.events, clock }),
      boot: new BootService({ machines, installs, policy, profiles, images, waves }),
      enrolment: this.#enrolment(),
      facts,
      loaders: { available: () => Promise.resolve(this.loaders) },
      machineHttpPort: 8080,
      seen: this.seen,
      policy,
      events: this.events,
      clock,
    });
  }

  async add(subnet: Subnet): Promise<void> {
    expect(await this.stores.subnets.put(subnet, () => undefined)).toEqual({ put: true });
  }

  ask(request: DhcpMessage, arrival: Partial<DhcpArrival> = {}): Promise<DhcpMessage | undefined> {
    return this.service.answer(request, { ...ARRIVAL, ...arrival });
  }

  async timeline(): Promise<readonly TimelineEvent[]> {
    await this.events.settled();
    return await this.stores.events.list({}, 1000);
  }

  async kinds(): Promise<readonly string[]> {
    return (await this.timeline()).map((event) => event.kind);
  }

  /** DISCOVER and REQUEST, as any client does. */
  async lease(who: MacAddress): Promise<Ipv4Address> {
    const offer = await this.ask(requestOf('DHCPDISCOVER', { mac: who }));
    const ack = await this.ask(select(who, offer?.yiaddr ?? UNSPECIFIED));
    expect(typeOf(ack)).toBe('DHCPACK');
    return ack?.yiaddr ?? UNSPECIFIED;
  }
}

export function typeOf(message: DhcpMessage | undefined): string | undefined {
  const type = message?.options.get(Options.messageType);
  return Object.entries(MessageType).find(([, value]) => value === type)?.[0];
}

export const select = (who: MacAddress, wanted: Ipv4Address, server: Ipv4Address = SERVER): DhcpMessage =>
  requestOf('DHCPREQUEST', {
    mac: who,
    options: (b) => b.set(Options.dhcpServerId, server).set(Options.addressRequest, wanted),
  });
export const reboot = (who: MacAddress, wanted: Ipv4Address): DhcpMessage =>
  requestOf('DHCPREQUEST', { mac: who, options: (b) => b.set(Options.addressRequest, wanted) });
export const renew = (who: MacAddress, held: Ipv4Address): DhcpMessage =>
  requestOf('DHCPREQUEST', { mac: who, ciaddr: held });
export const release = (who: MacAddress, held: Ipv4Address): DhcpMessage =>
  requestOf('DHCPRELEASE', { mac: who, ciaddr: held, options: (b) => b.set(Options.dhcpServerId, SERVER) });
export const decline = (who: MacAddress, held: Ipv4Address): DhcpMessage =>
  requestOf('DHCPDECLINE', {
    mac: who,
    options: (b) => b.set(Options.dhcpServerId, SERVER).set(Options.addressRequest, held),
  });
