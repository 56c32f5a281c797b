import { randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { clockJump } from '../../core/network/lease-clock.ts';
import type { FreeAddress, FreeQuestion, LeaseFates, PoolCount } from '../../core/network/lease-pool.ts';
import type { LeaseRecords, LeaseStore, WantedLeases } from '../../core/network/lease-store.ts';
import type { Lease } from '../../core/network/lease.ts';
import { type LeaseChange, LeaseTable } from '../../core/network/lease-table.ts';
import type { AddressRange, Subnet } from '../../core/network/subnet.ts';
import type { Ipv4Address, MacAddress } from '../../lib/addresses.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { LeaseGroupCounts } from './lease-group-counts.ts';
import { LeaseGroups } from './lease-groups.ts';

export interface LeaseBookNeeds {
  readonly records: LeaseRecords;
  readonly clock: LeaseClock;
  /** Leases cannot be written, with the error; undefined when they can again. */
  readonly trouble: (error: unknown) => void;
  /** The wall clock jumped, in milliseconds, and all leases with it. */
  readonly jumped: (byMs: number, when: 'running' | 'not running') => void;
}

/** Leases read from disk at once when Muster starts; of larger pages less would be garbage that is collected cheaply. */
const PAGE = 5_000;
/** Between two looks at the wall clock. */
const LOOK_EVERY_MS = 1_000;
/** Between two times the clock is kept where nothing else is written. */
const KEEP_CLOCK_EVERY_MS = 60_000;

/** The subnet was taken away while the lease was written. */
export class SubnetGone extends Error {
  override readonly name = 'SubnetGone';
  readonly kind = 'gone';
}

/**
 * All leases: decided in memory, at once, so that no two clients get one address; and on disk before anybody is told.
 * What a promise of it resolved to survives a killed process.
 */
export class LeaseBook implements LeaseStore {
  readonly #needs: LeaseBookNeeds;
  readonly #table = new LeaseTable(randomInt(2 ** 32));
  readonly #groups: LeaseGroups;
  #look: NodeJS.Timeout | undefined;
  #clockKeptAtMs = 0;
  #loadSeconds = 0;

  constructor(needs: LeaseBookNeeds) {
    this.#needs = needs;
    const { records, clock, trouble } = needs;
    this.#groups = new LeaseGroups({ table: this.#table, records, clock, report: trouble });
  }

  /** Reads all leases, once, before anybody asks for one; and looks after the clock from then on. */
  async open(): Promise<void> {
    const beganMs = performance.now();
    await this.#load();
    this.#loadSeconds = (performance.now() - beganMs) / 1_000;
    this.#look = setInterval(() => this.lookAtClock(), LOOK_EVERY_MS);
    this.#look.unref();
  }

  /** Resolves when all that was asked before is on disk, or has failed. */
  async close(): Promise<void> {
    clearInterval(this.#look);
    await this.#groups.settled();
  }

  get size(): number {
    return this.#table.size;
  }

  /** How long `open` took to read all leases. */
  get loadSeconds(): number {
    return this.#loadSeconds;
  }

  /** The lease of an address, whatever its state. */
  get(address: Ipv4Address): Lease | undefined {
    return this.#table.get(address);
  }

  newestOf(subnet: string, clientKey: string): Lease | undefined {
    return this.#table.ofClient(subnet, clientKey);
  }

  /** The address a new client gets, in the order that `LeasePool.nextFree` says. */
  nextFree(subnet: Subnet, isOpen: FreeQuestion['isOpen']): FreeAddress | undefined {
    return this.#table.nextFree(subnet, { nowMs: this.#needs.clock.nowMs(), isOpen });
  }

  /** Addresses that nobody ever had and that will be given next; to look at them ahead of need. */
  candidates(subnet: Subnet, count: number): readonly Ipv4Address[] {
    return this.#table.candidates(subnet, count);
  }

  count(subnet: Subnet): PoolCount {
    return this.#table.count(subnet, this.#needs.clock.nowMs());
  }

  fates(subnet: string): LeaseFates {
    return this.#table.fates(subnet, this.#needs.clock.nowMs());
  }

  get groupCounts(): LeaseGroupCounts {
    return this.#groups.counts;
  }

  async list(subnet?: string): Promise<readonly Lease[]> {
    return this.#table.list(subnet);
  }

  async first(wanted: WantedLeases): Promise<readonly Lease[]> {
    return this.#table.first(wanted);
  }

  async byAddress(address: Ipv4Address): Promise<Lease | undefined> {
    return this.#table.get(address);
  }

  async ofClient(subnet: string, clientKey: string): Promise<Lease | undefined> {
    return this.#table.ofClient(subnet, clientKey);
  }

  async ofMac(mac: MacAddress, nowMs: number): Promise<Lease | undefined> {
    return this.#table.ofMac(mac, nowMs);
  }

  async boundIn(range: AddressRange, nowMs: number): Promise<readonly Ipv4Address[]> {
    return this.#table.boundIn(range, nowMs);
  }

  async claim(lease: Lease, nowMs: number): ReturnType<LeaseStore['claim']> {
    const claim = this.#table.claim(lease, nowMs);
    if (!claim.claimed) return claim;
    await this.#written(claim.changes, lease);
    return { claimed: true };
  }

  async release(address: Ipv4Address, clientKey: string, nowMs: number): Promise<boolean> {
    const changes = this.#table.release(address, clientKey, nowMs);
    if (changes.length === 0) return false;
    await this.#groups.written(changes);
    return true;
  }

  async decline(
    address: Ipv4Address,
    clientKey: string,
    subnet: string,
    untilMs: number,
    nowMs: number,
  ): Promise<boolean> {
    const changes = this.#table.decline({ address, clientKey, subnet, untilMs, nowMs });
    if (changes.length === 0) return false;
    await this.#written(changes, { address, subnet });
    return true;
  }

  /** After the subnet was taken away in the store, which takes its leases along. */
  forgetSubnet(name: string): void {
    this.#table.forget(name);
  }

  /** Called every second: shifts all leases when the wall clock jumped. */
  lookAtClock(): void {
    const jumpMs = this.#needs.clock.look();
    if (jumpMs !== 0) this.#shift(jumpMs, 'running');
    const nowMs = this.#needs.clock.nowMs();
    const isTime = jumpMs !== 0 || nowMs - this.#clockKeptAtMs >= KEEP_CLOCK_EVERY_MS;
    // Where the disk failed this is also how it is noticed that it is well again.
    if (!isTime && !this.#groups.inTrouble) return;
    this.#clockKeptAtMs = nowMs;
    // What comes of it is told through `trouble`.
    void this.#groups.written([]);
  }

  async #written(changes: readonly LeaseChange[], { subnet, address }: Pick<Lease, 'subnet' | 'address'>) {
    const gone = await this.#groups.written(changes);
    if (!gone.includes(subnet)) return;
    this.#table.forget(subnet);
    throw new SubnetGone(
      `Cannot write the lease of ${address}: subnet "${subnet}" is not there (any more): add the subnet, or let the client ask again`,
    );
  }

  #shift(byMs: number, when: 'running' | 'not running'): void {
    this.#table.shift(byMs);
    this.#groups.shift(byMs);
    this.#needs.jumped(byMs, when);
  }

  async #load(): Promise<void> {
    const { records, clock } = this.#needs;
    let page = await records.page(undefined, PAGE);
    while (page.last !== undefined) {
      // The thread of the database reads on while these are put.
      const next = records.page(page.last, PAGE);
      // The request leaves in a later turn of the loop, and this one would only end with the page.
      await turn();
      for (const lease of page.leases()) this.#table.put(lease);
      page = await next;
    }
    this.#table.sortReleased();
    const kept = await records.clock();
    const jumpMs = kept === undefined ? 0 : clockJump(kept, clock.reading());
    if (jumpMs === 0) return;
    this.#shift(jumpMs, 'not running');
    await this.#groups.written([]).catch(() => undefined);
  }
}
