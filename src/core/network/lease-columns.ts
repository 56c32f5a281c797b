import { ipv4FromNumber, type MacAddress, type Uuid } from '../../lib/addresses.ts';
import type { Lease, LeaseState } from './lease.ts';
import { macKeyNumber, macKeyText, macOfKeyNumber, NO_MAC_KEY } from './mac-key.ts';

/** No row. */
export const NONE = -1;

const STATES: readonly LeaseState[] = ['held', 'released', 'declined'];
const FIRST_CAPACITY = 1024;

/**
 * Leases as columns: a row has one number, and each field its own array. A million objects would be some hundred
 * megabytes more, and every collection of garbage would walk over them.
 */
export class LeaseColumns {
  address = new Uint32Array(FIRST_CAPACITY);
  startedAtMs = new Float64Array(FIRST_CAPACITY);
  expiresAtMs = new Float64Array(FIRST_CAPACITY);
  /** The neighbours in the `RowList` the row is in. */
  previous = new Int32Array(FIRST_CAPACITY);
  next = new Int32Array(FIRST_CAPACITY);
  /** The place in the `ExpiryHeap` the row is in. */
  heapAt = new Int32Array(FIRST_CAPACITY);
  readonly subnet: string[] = [];
  /** Of a client that is its MAC address, whose key and whose MAC address are no texts here. */
  keyNumber = new Float64Array(FIRST_CAPACITY);
  /** Where there is no number. */
  readonly #keyText: (string | undefined)[] = [];
  /** Where it is not that of the number. */
  readonly #otherMac: (MacAddress | undefined)[] = [];
  #macIsKey = new Uint8Array(FIRST_CAPACITY);
  #state = new Uint8Array(FIRST_CAPACITY);
  readonly #uuid: (Uuid | undefined)[] = [];
  readonly #hostname: (string | undefined)[] = [];
  readonly #vendorClass: (string | undefined)[] = [];
  /** Whole rooms say the same. */
  readonly #sameTexts = new Map<string, string>();
  #lastText = '';
  readonly #free: number[] = [];
  #rows = 0;

  /** A row for the address, with nothing else in it yet. */
  add(address: number): number {
    const row = this.#free.pop() ?? this.#rows;
    if (row === this.#rows) {
      this.#rows += 1;
      if (this.#rows > this.address.length) this.#grow();
    }
    this.address[row] = address;
    this.heapAt[row] = NONE;
    return row;
  }

  remove(row: number): void {
    for (const texts of [this.#keyText, this.#otherMac, this.#uuid, this.#hostname, this.#vendorClass])
      texts[row] = undefined;
    this.keyNumber[row] = NO_MAC_KEY;
    this.#macIsKey[row] = 0;
    this.#free.push(row);
  }

  write(row: number, lease: Lease): void {
    this.subnet[row] = this.#remembered(lease.subnet);
    const number = macKeyNumber(lease.clientKey);
    const macIsKey = number !== NO_MAC_KEY && lease.mac !== undefined && lease.clientKey.endsWith(lease.mac);
    this.keyNumber[row] = number;
    this.#keyText[row] = number === NO_MAC_KEY ? lease.clientKey : undefined;
    this.#macIsKey[row] = macIsKey ? 1 : 0;
    this.#otherMac[row] = macIsKey ? undefined : lease.mac;
    this.#uuid[row] = lease.uuid;
    this.#hostname[row] = lease.hostname;
    this.#vendorClass[row] = lease.vendorClass === undefined ? undefined : this.#same(lease.vendorClass);
    this.#state[row] = STATES.indexOf(lease.state);
    this.startedAtMs[row] = lease.startedAtMs;
    this.expiresAtMs[row] = lease.expiresAtMs;
  }

  read(row: number): Lease {
    const mac = this.mac(row);
    const uuid = this.#uuid[row];
    const hostname = this.#hostname[row];
    const vendorClass = this.#vendorClass[row];
    return {
      address: ipv4FromNumber(this.address[row] ?? 0),
      subnet: this.subnet[row] ?? '',
      clientKey: this.clientKey(row),
      ...(mac === undefined ? {} : { mac }),
      ...(uuid === undefined ? {} : { uuid }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(vendorClass === undefined ? {} : { vendorClass }),
      state: this.state(row),
      startedAtMs: this.startedAtMs[row] ?? 0,
      expiresAtMs: this.expiresAtMs[row] ?? 0,
    };
  }

  clientKey(row: number): string {
    return this.#keyText[row] ?? macKeyText(this.keyNumber[row] ?? 0);
  }

  mac(row: number): MacAddress | undefined {
    if (this.#macIsKey[row] !== 1) return this.#otherMac[row];
    return macOfKeyNumber(this.keyNumber[row] ?? 0);
  }

  /** The client is its MAC address. */
  macIsKey(row: number): boolean {
    return this.#macIsKey[row] === 1;
  }

  state(row: number): LeaseState {
    return STATES[this.#state[row] ?? 0] ?? 'held';
  }

  /** Negative where `one` comes first: held before released before declined, then the newest; else by address. */
  compare(one: number, other: number): number {
    return (
      (this.#state[one] ?? 0) - (this.#state[other] ?? 0) ||
      (this.startedAtMs[other] ?? 0) - (this.startedAtMs[one] ?? 0) ||
      (this.expiresAtMs[other] ?? 0) - (this.expiresAtMs[one] ?? 0) ||
      (this.address[one] ?? 0) - (this.address[other] ?? 0)
    );
  }

  /** The first text of those that are equal, so that a million rows share it. */
  #same(text: string): string {
    if (text === this.#lastText) return this.#lastText;
    this.#lastText = this.#remembered(text);
    return this.#lastText;
  }

  #remembered(text: string): string {
    const known = this.#sameTexts.get(text);
    if (known !== undefined) return known;
    if (this.#sameTexts.size >= MAX_SAME_TEXTS) this.#sameTexts.clear();
    this.#sameTexts.set(text, text);
    return text;
  }

  #grow(): void {
    const capacity = this.address.length * 2;
    this.address = widened(this.address, new Uint32Array(capacity));
    this.startedAtMs = widened(this.startedAtMs, new Float64Array(capacity));
    this.expiresAtMs = widened(this.expiresAtMs, new Float64Array(capacity));
    this.previous = widened(this.previous, new Int32Array(capacity));
    this.next = widened(this.next, new Int32Array(capacity));
    this.heapAt = widened(this.heapAt, new Int32Array(capacity));
    this.keyNumber = widened(this.keyNumber, new Float64Array(capacity));
    this.#macIsKey = widened(this.#macIsKey, new Uint8Array(capacity));
    this.#state = widened(this.#state, new Uint8Array(capacity));
  }
}

/** Texts that are remembered to be shared at most. */
const MAX_SAME_TEXTS = 4096;

function widened<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
