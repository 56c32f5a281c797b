import type { Ipv4Address } from '../../lib/addresses.ts';

/** Clients remembered at most; the one that was told longest ago goes first. */
export const MAX_TOLD = 65_536;

/**
 * What clients were told to take for their server, where their relay had a wish (RFC 5107): a renewal or a release
 * that comes without the relay's word still names that address. In memory only: after a restart a client that
 * renews is told the server's own address, until its relay speaks again.
 */
export class ServerIdentities {
  readonly #told = new Map<string, Ipv4Address>();

  remember(clientKey: string, serverId: Ipv4Address): void {
    this.#told.delete(clientKey);
    if (this.#told.size >= MAX_TOLD) this.#told.delete(this.#told.keys().next().value ?? '');
    this.#told.set(clientKey, serverId);
  }

  toldTo(clientKey: string): Ipv4Address | undefined {
    return this.#told.get(clientKey);
  }
}
