import { type Ipv4Address, ipv4FromNumber } from '../../lib/addresses.ts';
import { ExpiryHeap } from './expiry-heap.ts';
import { FreshAddresses } from './fresh-addresses.ts';
import type { Lease } from './lease.ts';
import type { LeaseColumns } from './lease-columns.ts';
import { RowIndex } from './row-index.ts';
import { RowList } from './row-list.ts';
import type { Subnet } from './subnet.ts';
import { isForAnybody, type SubnetIndex, subnetIndex } from './subnet-index.ts';

/** An address that a new client may get, and whose it was. */
export type FreeAddress =
  | { readonly address: Ipv4Address; readonly was: 'never leased' }
  | { readonly address: Ipv4Address; readonly was: 'run out' | 'released'; readonly before: Lease };

/** The addresses of a subnet's ranges that are for anybody. */
export interface PoolCount {
  readonly size: number;
  /** Held or declined, and not run out. */
  readonly used: number;
}

/** Leases on record by what became of them; ended ones that no range has any more may be left out. */
export type LeaseFates = Readonly<Record<'held' | 'declined' | 'released' | 'run out', number>>;

/** What `nextFree` must know of the moment. */
export interface FreeQuestion {
  readonly nowMs: number;
  /** Whether the table has a lease of the address, whatever became of it. */
  readonly isOnRecord: (address: number) => boolean;
  /** Whether the address is nobody's at the moment: not offered, not this server's own. */
  readonly isOpen: (address: Ipv4Address) => boolean;
}

/** Ended leases that are looked at for one client at most; the next client looks on from there. */
const MAX_LOOKS = 64;

/** The leases of one subnet by what becomes of them: bound until their end, then free in the order of that end. */
export class LeasePool {
  readonly clients: RowIndex;
  readonly #columns: LeaseColumns;
  readonly #bound: ExpiryHeap;
  readonly #runOut: RowList;
  readonly #released: RowList;
  /** By row: the list it is in. One that no range has any more is in none. */
  readonly #listOf = new Map<number, RowList>();
  #subnet: Subnet | undefined;
  #index: SubnetIndex | undefined;
  #fresh: FreshAddresses | undefined;
  #boundForAnybody = 0;
  #declined = 0;

  constructor(columns: LeaseColumns, salt: number) {
    this.#columns = columns;
    this.clients = new RowIndex(columns, salt);
    this.#bound = new ExpiryHeap(columns);
    this.#runOut = new RowList(columns);
    this.#released = new RowList(columns);
  }

  /** Puts a row where its state says; before it changes, `take` takes it out. */
  put(row: number): void {
    if (this.#columns.state(row) === 'released') this.#enlist(this.#released, row);
    else {
      this.#bound.push(row);
      if (this.#columns.state(row) === 'declined') this.#declined += 1;
      if (this.#isForAnybody(row)) this.#boundForAnybody += 1;
    }
  }

  take(row: number): void {
    const list = this.#listOf.get(row);
    if (list) {
      list.remove(row);
      this.#listOf.delete(row);
    } else if ((this.#columns.heapAt[row] ?? -1) >= 0) {
      this.#bound.remove(row);
      if (this.#columns.state(row) === 'declined') this.#declined -= 1;
      if (this.#isForAnybody(row)) this.#boundForAnybody -= 1;
    }
  }

  count(subnet: Subnet, nowMs: number): PoolCount {
    this.#configure(subnet);
    this.#runThemOut(nowMs);
    return { size: this.#index?.size ?? 0, used: this.#boundForAnybody };
  }

  fates(nowMs: number): LeaseFates {
    this.#runThemOut(nowMs);
    return {
      held: this.#bound.size - this.#declined,
      declined: this.#declined,
      released: this.#released.size,
      'run out': this.#runOut.size,
    };
  }

  /** Addresses nobody ever had come first, then the longest run out, then the one given back longest ago. */
  nextFree(subnet: Subnet, question: FreeQuestion): FreeAddress | undefined {
    this.#configure(subnet);
    this.#runThemOut(question.nowMs);
    const { isOnRecord, isOpen } = question;
    const fresh = this.#fresh?.take(isOnRecord, (address) => isOpen(ipv4FromNumber(address)));
    if (fresh !== undefined) return { address: ipv4FromNumber(fresh), was: 'never leased' };
    return this.#ended(this.#runOut, 'run out', isOpen) ?? this.#ended(this.#released, 'released', isOpen);
  }

  /** The next addresses that nobody ever had, in the order in which `nextFree` gives them. */
  candidates(subnet: Subnet, count: number, isOnRecord: FreeQuestion['isOnRecord']): readonly Ipv4Address[] {
    this.#configure(subnet);
    return (this.#fresh?.ahead(count, isOnRecord) ?? []).map(ipv4FromNumber);
  }

  sortReleased(): void {
    const { expiresAtMs } = this.#columns;
    const rows: number[] = [];
    for (let row = this.#released.first; row !== undefined; row = this.#released.first) {
      rows.push(row);
      this.take(row);
    }
    rows.sort((one, other) => (expiresAtMs[one] ?? 0) - (expiresAtMs[other] ?? 0));
    for (const row of rows) this.#enlist(this.#released, row);
  }

  #ended(
    list: RowList,
    was: 'run out' | 'released',
    isOpen: FreeQuestion['isOpen'],
  ): FreeAddress | undefined {
    for (let looks = Math.min(MAX_LOOKS, list.size); looks > 0; looks -= 1) {
      const row = list.first;
      if (row === undefined) return undefined;
      this.take(row);
      // What no range has any more is not looked at again until the subnet changes.
      if (!this.#isForAnybody(row)) continue;
      this.#enlist(list, row);
      const before = this.#columns.read(row);
      if (isOpen(before.address)) return { address: before.address, was, before };
    }
    return undefined;
  }

  #runThemOut(nowMs: number): void {
    for (let row = this.#bound.first; row !== undefined; row = this.#bound.first) {
      if ((this.#columns.expiresAtMs[row] ?? 0) > nowMs) return;
      this.take(row);
      this.#enlist(this.#runOut, row);
    }
  }

  #enlist(list: RowList, row: number): void {
    list.push(row);
    this.#listOf.set(row, list);
  }

  #isForAnybody(row: number): boolean {
    return this.#index !== undefined && isForAnybody(this.#index, this.#columns.address[row] ?? 0);
  }

  /** Where the subnet's record is another than before, everything that was known of its ranges is found anew. */
  #configure(subnet: Subnet): void {
    if (this.#subnet === subnet) return;
    this.#subnet = subnet;
    this.#index = subnetIndex(subnet);
    this.#fresh = new FreshAddresses(this.#index);
    this.#boundForAnybody = 0;
    for (const row of this.clients.all()) {
      if (this.#listOf.has(row)) continue;
      if ((this.#columns.heapAt[row] ?? -1) < 0) this.put(row);
      else if (this.#isForAnybody(row)) this.#boundForAnybody += 1;
    }
  }
}
