import type { IpAddress, MacAddress } from '../../lib/addresses.ts';

/** What is known of an address that another DHCP server gave. */
export interface SeenAddress {
  readonly mac: MacAddress;
  readonly vendorClass?: string | undefined;
}

/** Leases of other servers are of hours, and are asked for again by broadcast or at port 4011 in each boot. */
export const SEEN_FOR_MS = 24 * 3_600_000;
/** A /18 full of machines. */
export const MAX_SEEN = 16_384;

/**
 * Who has which address where another server gives them: from what machines say of themselves to all (DHCPREQUEST) and
 * to port 4011. It tells as much as a lease does of a machine that lies about its card, and no more.
 */
export class SeenAddresses {
  readonly #byAddress = new Map<IpAddress, SeenAddress & { readonly atMs: number }>();
  #whenUsed: (mac: MacAddress) => void = () => undefined;

  /** Told of machines that are asked for by their address: they fetch something from this server. */
  listen(whenUsed: (mac: MacAddress) => void): void {
    this.#whenUsed = whenUsed;
  }

  remember(address: IpAddress, seen: SeenAddress, nowMs: number): void {
    // The newest stand last.
    this.#byAddress.delete(address);
    this.#byAddress.set(address, { ...seen, atMs: nowMs });
    if (this.#byAddress.size <= MAX_SEEN) return;
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined) this.#byAddress.delete(oldest);
  }

  get(address: IpAddress, nowMs: number): SeenAddress | undefined {
    const seen = this.#byAddress.get(address);
    if (!seen || nowMs - seen.atMs > SEEN_FOR_MS) return undefined;
    this.#whenUsed(seen.mac);
    return seen;
  }
}
