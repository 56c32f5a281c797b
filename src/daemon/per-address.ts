import type { Ipv4Address } from '../lib/addresses.ts';

/** How long transfers under way may take to end when their address is no longer served, or Muster stops. */
export const DRAIN_MS = 5_000;

export interface AddressServer {
  readonly address: Ipv4Address;
  readonly port: number;
  close(options: { readonly drainMs: number }): Promise<void>;
}

/** One server for each local address that is served, so that replies come from the address that was asked. */
export class PerAddress<Server extends AddressServer> {
  readonly #open: (address: Ipv4Address) => Promise<Server>;
  readonly #servers = new Map<Ipv4Address, Server>();
  /** One change at a time. */
  #changing: Promise<void> = Promise.resolve();

  constructor(open: (address: Ipv4Address) => Promise<Server>) {
    this.#open = open;
  }

  get servers(): readonly Server[] {
    return [...this.#servers.values()];
  }

  /** Rejects with the first that could not be opened; the others are served, and the next call tries again. */
  setAddresses(addresses: readonly Ipv4Address[]): Promise<void> {
    const change = this.#changing.then(() => this.#change(new Set(addresses)));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #change(wanted: ReadonlySet<Ipv4Address>): Promise<void> {
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
