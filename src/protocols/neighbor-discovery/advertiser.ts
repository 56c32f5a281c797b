import type { Ipv6Address } from '../../lib/addresses.ts';
import type { RouterAdvertisement, RouterMessage } from './router-message.ts';

/** What is to be done now. */
export type AdvertiserTurn =
  | { readonly do: 'advertise' }
  /** The first real router came, or the last one went. */
  | { readonly do: 'tell'; readonly router: 'came' | 'went'; readonly address: Ipv6Address };

/** A ROM waits for each answer; one to all nodes answers everybody who asked since the last. */
const ADVERTISEMENTS_PER_SECOND = 4;
const BETWEEN_ADVERTISEMENTS_MS = 1000 / ADVERTISEMENTS_PER_SECOND;
/** It listens before it speaks: a router answers a solicitation within half a second (RFC 4861 §10). */
export const LISTEN_FIRST_MS = 1_000;
/** A router that comes counts as there for so long at least: one that is made up fills no timeline. */
export const ROUTER_STAYS_MS = 10_000;
/** A router that gives prefixes and no route says no lifetime of its own: as the usual one of RFC 4861 §6.2.1. */
export const PREFIX_ROUTER_MS = 1_800_000;
/** Routers of a segment that are remembered; one is enough to be silent. */
export const MAX_ROUTERS = 16;

interface SeenRouter {
  readonly untilMs: number;
  readonly isDefault: boolean;
}

/**
 * When to say on one segment that there is no IPv6 router: at once to whoever asks, unless a real one is there. Time
 * is handed in, in milliseconds of a clock that only goes forward.
 */
export class Advertiser {
  /** By address, the longest known first. */
  readonly #routers = new Map<Ipv6Address, SeenRouter>();
  #told: { readonly address: Ipv6Address; readonly sinceMs: number } | undefined;
  #silentUntilMs: number;
  #isWanted = false;

  constructor(openedAtMs: number) {
    this.#silentUntilMs = openedAtMs + LISTEN_FIRST_MS;
  }

  heard(message: RouterMessage, nowMs: number): void {
    switch (message.type) {
      case 'router solicitation':
        return this.wanted();
      case 'router advertisement':
        return this.#see(message, nowMs);
      default:
        message satisfies never;
    }
  }

  /** Somebody waits for a router, asked or not. */
  wanted(): void {
    this.#isWanted = true;
  }

  /** To be asked every so often; what it says is done from then on. */
  turn(nowMs: number): readonly AdvertiserTurn[] {
    const change = this.#change(nowMs);
    if (this.#told) this.#isWanted = false;
    const speaks = this.#isWanted && nowMs >= this.#silentUntilMs;
    if (!speaks) return change;
    this.#isWanted = false;
    this.#silentUntilMs = nowMs + BETWEEN_ADVERTISEMENTS_MS;
    return [...change, { do: 'advertise' }];
  }

  /** An advertisement without lifetime and prefix, as Muster's own are, is that of no router. */
  #see({ source, lifetimeSeconds, hasPrefix }: RouterAdvertisement, nowMs: number): void {
    const known = this.#routers.get(source);
    const isDefault = lifetimeSeconds > 0;
    // The last words of a router have its prefixes still, and no lifetime any more (RFC 4861 §6.2.5).
    const gives = isDefault || (hasPrefix && known?.isDefault !== true);
    if (!gives) this.#routers.delete(source);
    else if (known || this.#routers.size < MAX_ROUTERS) {
      const staysMs = isDefault ? lifetimeSeconds * 1000 : PREFIX_ROUTER_MS;
      this.#routers.set(source, { untilMs: nowMs + staysMs, isDefault });
    }
  }

  #change(nowMs: number): readonly AdvertiserTurn[] {
    for (const [address, { untilMs }] of this.#routers) if (untilMs <= nowMs) this.#routers.delete(address);
    const [address] = this.#routers.keys();
    const told = this.#told;
    if (address !== undefined && !told) {
      this.#told = { address, sinceMs: nowMs };
      return [{ do: 'tell', router: 'came', address }];
    }
    if (address !== undefined || !told || nowMs - told.sinceMs < ROUTER_STAYS_MS) return [];
    this.#told = undefined;
    return [{ do: 'tell', router: 'went', address: told.address }];
  }
}
