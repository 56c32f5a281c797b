import type { Ipv4Address } from '../../lib/addresses.ts';

/** How long an address rests that a client found somebody else on. */
export const DECLINED_MS = 10 * 60_000;
/** How long it rests when that happens again: whoever is on it does not go away. */
export const DECLINED_AGAIN_MS = 24 * 60 * 60_000;
/** Within this time it is "again". */
const AGAIN_WITHIN_MS = 24 * 60 * 60_000;
/** Addresses that are remembered at most; the one declined longest ago is forgotten. */
const MAX_REMEMBERED = 65_536;

/** Remembers which addresses were declined, to tell the second time from the first. In memory: a restart forgets. */
export class Quarantine {
  /** When it was declined last; in that order. */
  readonly #declinedAtMs = new Map<Ipv4Address, number>();

  /** @returns how long the address rests from now on, in milliseconds. */
  declined(address: Ipv4Address, nowMs: number): number {
    const lastMs = this.#declinedAtMs.get(address);
    this.#declinedAtMs.delete(address);
    this.#declinedAtMs.set(address, nowMs);
    if (this.#declinedAtMs.size > MAX_REMEMBERED) {
      const [oldest = address] = this.#declinedAtMs.keys();
      this.#declinedAtMs.delete(oldest);
    }
    const isAgain = lastMs !== undefined && nowMs - lastMs <= AGAIN_WITHIN_MS;
    return isAgain ? DECLINED_AGAIN_MS : DECLINED_MS;
  }
}
