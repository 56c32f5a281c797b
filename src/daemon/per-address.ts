import type { IpAddress, Ipv4Address } from '../lib/addresses.ts';

/** How long transfers under way may take to end when their address is no longer served, or Muster stops. */
export const DRAIN_MS = 5_000;

export interface AddressServer {
  readonly address: IpAddress;
  readonly port: number;
  close(options: { readonly drainMs: number }): Promise<void>;
}

/**
 * One server for each local address that is served, so that replies come from the address that was asked. Where an
 * address alone does not say the place, as a link-local one, whoever opens them knows what stands for it.
 */
export class PerAddress<Server extends AddressServer, Place extends string = Ipv4Address> {
  readonly #open: (place: Place) => Promise<Server>;
  readonly #servers = new Map<Place, Server>();
  /** One change at a time. */
  #changing: Promise<void> = Promise.resolve();

  constructor(open: (place: Place) => Promise<Server>) {
    this.#open = open;
  }

  get servers(): readonly Server[] {
    return [...this.#servers.values()];
  }

  /** Rejects with the first that could not be opened; the others are served, and the next call tries again. */
  setAddresses(addresses: readonly Place[]): Promise<void> {
    const change = this.#changing.then(() => this.#change(new Set(addresses)));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #change(wanted: ReadonlySet<Place>): Promise<void> {
    const leaving = [...this.#servers].filter(([address]) => !wanted.has(address));
    for (const [address] of leaving) this.#servers.delete(address);
    await Promise.all(leaving.map(([, server]) => server.close({ drainMs: DRAIN_MS })));
    const coming = [...wanted].filter((address) => !this.#servers.has(address));
    const opened = await Promise.allSettled(
      coming.map(async (address) => this.#servers.set(address, await this.#open(address))),
    );
    const failure = opened.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }
}
