import type { Ipv4Address } from '../../lib/addresses.ts';

/** An address kept for a client between OFFER and REQUEST (RFC 2131 §3.1: it need not, but must not be surprised). */
export interface HeldOffer {
  readonly subnet: string;
  readonly clientKey: string;
  readonly address: Ipv4Address;
}

/** EDK2 collects offers for 4 s and iPXE for 2 s; BIOS ROMs may retry for half a minute. */
export const OFFER_LIFE_MS = 60_000;
/** Offers held at most: several halls of machines at once, and no more for a flood of made-up clients. */
export const MAX_OFFERS = 65_536;

interface Entry extends HeldOffer {
  readonly untilMs: number;
}

/**
 * Which address is held for whom, in memory only: an offer that is lost with the process costs the client one more
 * question. Time is handed in.
 */
export class OfferTable {
  /** By client; in the order of their end, since every life is as long and a new one goes to the back. */
  readonly #byClient = new Map<string, Entry>();
  readonly #byAddress = new Map<Ipv4Address, Entry>();
  readonly #max: number;

  constructor(max = MAX_OFFERS) {
    this.#max = max;
  }

  get size(): number {
    return this.#byClient.size;
  }

  /**
   * Holds the address for the client from now on, in place of what was held for it in this subnet.
   *
   * @returns false, and nothing is changed, where another client's offer holds the address.
   */
  hold(offer: HeldOffer, nowMs: number): boolean {
    this.#forgetEnded(nowMs);
    const holder = this.#byAddress.get(offer.address);
    if (holder && keyOf(holder) !== keyOf(offer)) return false;
    this.#forget(this.#byClient.get(keyOf(offer)));
    if (this.#byClient.size >= this.#max) this.#forget(this.#byClient.values().next().value);
    const entry = { ...offer, untilMs: nowMs + OFFER_LIFE_MS };
    this.#byClient.set(keyOf(offer), entry);
    this.#byAddress.set(offer.address, entry);
    return true;
  }

  /** The client the address is held for. */
  holderOf(address: Ipv4Address, nowMs: number): string | undefined {
    const entry = this.#byAddress.get(address);
    return entry && entry.untilMs > nowMs ? entry.clientKey : undefined;
  }

  offeredTo(subnet: string, clientKey: string, nowMs: number): Ipv4Address | undefined {
    const entry = this.#byClient.get(keyOf({ subnet, clientKey }));
    return entry && entry.untilMs > nowMs ? entry.address : undefined;
  }

  /** The client took an address, gave one back, or chose another server. */
  withdraw(subnet: string, clientKey: string): void {
    this.#forget(this.#byClient.get(keyOf({ subnet, clientKey })));
  }

  #forgetEnded(nowMs: number): void {
    for (const entry of this.#byClient.values()) {
      if (entry.untilMs > nowMs) return;
      this.#forget(entry);
    }
  }

  #forget(entry: Entry | undefined): void {
    if (!entry) return;
    this.#byClient.delete(keyOf(entry));
    this.#byAddress.delete(entry.address);
  }
}

/** A subnet's name holds no space. */
function keyOf({ subnet, clientKey }: { subnet: string; clientKey: string }): string {
  return `${subnet} ${clientKey}`;
}
