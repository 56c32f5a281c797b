import { type Ipv4Address, ipv4FromNumber, ipv4ToNumber, type MacAddress } from '../../lib/addresses.ts';
import { AddressOrder } from './address-order.ts';
import { bindsAddress, type Lease, macKey } from './lease.ts';
import { LeaseColumns } from './lease-columns.ts';
import {
  type FreeAddress,
  type FreeQuestion,
  type LeaseFates,
  LeasePool,
  type PoolCount,
} from './lease-pool.ts';
import type { WantedLeases } from './lease-store.ts';
import { NumberMap } from './number-map.ts';
import { RowIndex } from './row-index.ts';
import type { AddressRange, Subnet } from './subnet.ts';

/** What a change put in place of, so that it can be taken back. */
export interface LeaseChange {
  readonly address: Ipv4Address;
  readonly before: Lease | undefined;
}

/** Leases in the table at most; the disk and the network hold fewer. */
export const MAX_LEASES = 16_000_000;

/** All leases of the server in memory, found by address, client, MAC address and range. Time is handed in. */
export class LeaseTable {
  readonly #columns = new LeaseColumns();
  readonly #salt: number;
  readonly #byAddress: NumberMap;
  /** Only of those whose client is not their MAC address: the others are found as clients. */
  readonly #byMac: RowIndex;
  readonly #pools = new Map<string, LeasePool>();
  readonly #order = new AddressOrder(() => this.#addresses());

  /** @param salt as `RowIndex` takes it. */
  constructor(salt = 0) {
    this.#salt = salt;
    this.#byAddress = new NumberMap(salt);
    this.#byMac = new RowIndex(this.#columns, salt);
  }

  get size(): number {
    return this.#byAddress.size;
  }

  get(address: Ipv4Address): Lease | undefined {
    const row = this.#rowOf(address);
    return row === undefined ? undefined : this.#columns.read(row);
  }

  /** The client's newest lease in that subnet, whatever its state but `declined`. */
  ofClient(subnet: string, clientKey: string): Lease | undefined {
    const row = this.#pools.get(subnet)?.clients.first(clientKey);
    if (row === undefined || this.#columns.state(row) === 'declined') return undefined;
    return this.#columns.read(row);
  }

  /** The newest lease of that MAC address anywhere that is `held` and has not run out. */
  ofMac(mac: MacAddress, nowMs: number): Lease | undefined {
    let newest: number | undefined;
    const look = (rows: readonly number[]): void => {
      for (const row of rows) {
        if (this.#columns.state(row) !== 'held') return;
        if (this.#columns.mac(row) !== mac || (this.#columns.expiresAtMs[row] ?? 0) <= nowMs) continue;
        if (newest === undefined || this.#columns.compare(row, newest) < 0) newest = row;
        return;
      }
    };
    look(this.#byMac.of(mac));
    for (const pool of this.#pools.values()) look(pool.clients.of(macKey(mac)));
    return newest === undefined ? undefined : this.#columns.read(newest);
  }

  /** By address in numeric order. */
  list(subnet?: string): readonly Lease[] {
    const rows = subnet === undefined ? this.#byAddress.values() : this.#pools.get(subnet)?.clients.all();
    return this.#rowsInOrder(rows ?? []).map((row) => this.#columns.read(row));
  }

  /** As `LeaseStore.first` says. */
  first({ subnet, after, fits, limit }: WantedLeases): readonly Lease[] {
    const found: Lease[] = [];
    for (const address of this.#order.above(after === undefined ? undefined : ipv4ToNumber(after))) {
      if (found.length >= limit) break;
      const row = this.#byAddress.get(address);
      if (row === undefined || (subnet !== undefined && this.#columns.subnet[row] !== subnet)) continue;
      const lease = this.#columns.read(row);
      if (fits(lease)) found.push(lease);
    }
    return found;
  }

  /** Addresses of the range that `bindsAddress` says are bound, in numeric order. */
  boundIn(range: AddressRange, nowMs: number): readonly Ipv4Address[] {
    const first = ipv4ToNumber(range.first);
    const last = ipv4ToNumber(range.last);
    const bound = [...this.#byAddress.values()].filter((row) => {
      const address = this.#columns.address[row] ?? 0;
      const isBound =
        this.#columns.state(row) !== 'released' && (this.#columns.expiresAtMs[row] ?? 0) > nowMs;
      return isBound && first <= address && address <= last;
    });
    return this.#rowsInOrder(bound).map((row) => ipv4FromNumber(this.#columns.address[row] ?? 0));
  }

  nextFree(subnet: Subnet, question: Omit<FreeQuestion, 'isOnRecord'>): FreeAddress | undefined {
    const isOnRecord = (address: number): boolean => this.#byAddress.has(address);
    return this.#pool(subnet.name).nextFree(subnet, { ...question, isOnRecord });
  }

  /** Addresses that nobody ever had and that will be given next. */
  candidates(subnet: Subnet, count: number): readonly Ipv4Address[] {
    const isOnRecord = (address: number): boolean => this.#byAddress.has(address);
    return this.#pool(subnet.name).candidates(subnet, count, isOnRecord);
  }

  count(subnet: Subnet, nowMs: number): PoolCount {
    return this.#pool(subnet.name).count(subnet, nowMs);
  }

  fates(subnet: string, nowMs: number): LeaseFates {
    return this.#pool(subnet).fates(nowMs);
  }

  /** Puts the lease in place of the one of its address. @throws RangeError when the table is full. */
  put(lease: Lease): LeaseChange {
    const number = ipv4ToNumber(lease.address);
    const known = this.#byAddress.get(number);
    if (known === undefined && this.size >= MAX_LEASES)
      throw new RangeError(`Cannot keep another lease: ${MAX_LEASES} is the most`);
    const before = known === undefined ? undefined : this.#columns.read(known);
    const row = known ?? this.#columns.add(number);
    if (before) this.#unlink(row);
    else this.#order.isChanged();
    this.#byAddress.set(number, row);
    this.#columns.write(row, lease);
    const pool = this.#pool(lease.subnet);
    pool.clients.add(lease.clientKey, row);
    if (lease.mac !== undefined && !this.#columns.macIsKey(row)) this.#byMac.add(lease.mac, row);
    pool.put(row);
    return { address: lease.address, before };
  }

  remove(address: Ipv4Address): void {
    const row = this.#rowOf(address);
    if (row === undefined) return;
    this.#unlink(row);
    this.#byAddress.delete(ipv4ToNumber(address));
    this.#order.isChanged();
    this.#columns.remove(row);
  }

  /** Takes a change back; of several, the last one first. */
  undo({ address, before }: LeaseChange): void {
    if (before) this.put(before);
    else this.remove(address);
  }

  /** As `LeaseStore.claim` says. */
  claim(
    lease: Lease,
    nowMs: number,
  ): { claimed: true; changes: readonly LeaseChange[] } | { claimed: false; holder: Lease } {
    const holder = this.get(lease.address);
    // A declined address is in use by somebody we do not know: not even the client that said so gets it.
    if (
      holder &&
      bindsAddress(holder, nowMs) &&
      (holder.state === 'declined' || holder.clientKey !== lease.clientKey)
    )
      return { claimed: false, holder };
    const held = this.#heldOf(lease.subnet, lease.clientKey).filter(
      ({ address }) => address !== lease.address,
    );
    const released = held.map((other) => this.put({ ...other, state: 'released' }));
    return { claimed: true, changes: [...released, this.put(lease)] };
  }

  /** As `LeaseStore.release` says. */
  release(address: Ipv4Address, clientKey: string, nowMs: number): readonly LeaseChange[] {
    const lease = this.get(address);
    if (lease?.clientKey !== clientKey || lease.state !== 'held' || lease.expiresAtMs <= nowMs) return [];
    return [this.put({ ...lease, state: 'released' })];
  }

  /** As `LeaseStore.decline` says. */
  decline(declined: {
    readonly address: Ipv4Address;
    readonly clientKey: string;
    readonly subnet: string;
    readonly untilMs: number;
    readonly nowMs: number;
  }): readonly LeaseChange[] {
    const { address, clientKey, subnet, untilMs, nowMs } = declined;
    const lease = this.get(address);
    const sameClient = lease?.clientKey === clientKey;
    if (lease?.state === 'held' && bindsAddress(lease, nowMs) && !sameClient) return [];
    // Of another client's old lease nothing is kept: it says nothing about who is on the address now.
    const known = lease && sameClient ? lease : { address, clientKey, startedAtMs: nowMs };
    return [this.put({ ...known, subnet, state: 'declined', expiresAtMs: untilMs })];
  }

  /** The subnet was taken away, and its leases with it. */
  forget(subnet: string): void {
    for (const { address } of this.list(subnet)) this.remove(address);
    this.#pools.delete(subnet);
  }

  /** After many were put in any order: those given back are taken in the order of their ends from now on. */
  sortReleased(): void {
    for (const pool of this.#pools.values()) pool.sortReleased();
  }

  /** The wall clock jumped: all times go with it, so that nothing ends sooner or later for it. */
  shift(byMs: number): void {
    const { startedAtMs, expiresAtMs } = this.#columns;
    // The order of ends stays, and with it every heap.
    for (const row of this.#byAddress.values()) {
      startedAtMs[row] = (startedAtMs[row] ?? 0) + byMs;
      expiresAtMs[row] = (expiresAtMs[row] ?? 0) + byMs;
    }
  }

  #heldOf(subnet: string, clientKey: string): readonly Lease[] {
    const held: Lease[] = [];
    for (const row of this.#pools.get(subnet)?.clients.of(clientKey) ?? []) {
      if (this.#columns.state(row) !== 'held') break;
      held.push(this.#columns.read(row));
    }
    return held;
  }

  #unlink(row: number): void {
    const pool = this.#pool(this.#columns.subnet[row] ?? '');
    pool.take(row);
    pool.clients.remove(this.#columns.clientKey(row), row);
    const mac = this.#columns.macIsKey(row) ? undefined : this.#columns.mac(row);
    if (mac !== undefined) this.#byMac.remove(mac, row);
  }

  #rowOf(address: Ipv4Address): number | undefined {
    return this.#byAddress.get(ipv4ToNumber(address));
  }

  #pool(subnet: string): LeasePool {
    const known = this.#pools.get(subnet);
    if (known) return known;
    const pool = new LeasePool(this.#columns, this.#salt);
    this.#pools.set(subnet, pool);
    return pool;
  }

  *#addresses(): Iterable<number> {
    for (const row of this.#byAddress.values()) yield this.#columns.address[row] ?? 0;
  }

  #rowsInOrder(rows: Iterable<number>): readonly number[] {
    const { address } = this.#columns;
    return [...rows].sort((one, other) => (address[one] ?? 0) - (address[other] ?? 0));
  }
}
