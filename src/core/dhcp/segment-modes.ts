import { type Ipv4Address, type Ipv4Network, networkContains } from '../../lib/addresses.ts';

/** What Muster does on a link in the mode `auto`, and because of whom. */
export type SegmentVerdict =
  | { readonly mode: 'full' }
  | { readonly mode: 'proxy'; readonly server: Ipv4Address };

interface Link {
  readonly server: Ipv4Address;
  readonly seenMs: number;
  readonly probesInVain: number;
}

/** One probe may get lost, and a server may be started anew. */
export const PROBES_IN_VAIN = 2;
/** Behind a relay nobody can be probed: a server that no client chose for so long is gone. */
export const RELAYED_KEEP_MS = 600_000;
/** There are no more relays and interfaces. */
const MAX_LINKS = 4096;

/**
 * Whether another server gives the addresses of a link. It is told what was seen, and its answer changes only then: at
 * once when another server shows itself, and back when probes find none any more.
 */
export class SegmentModes {
  readonly #links = new Map<string, Link>();

  /** @param link the interface's name, or the address of the relay. */
  of(link: string, nowMs: number): SegmentVerdict {
    const known = this.#links.get(link);
    if (known === undefined) return { mode: 'full' };
    if (isRelay(link) && nowMs - known.seenMs > RELAYED_KEEP_MS) {
      this.#links.delete(link);
      return { mode: 'full' };
    }
    return { mode: 'proxy', server: known.server };
  }

  /** The relay in this network behind which another server is known; clients that come past it are on its link. */
  relayIn(network: Ipv4Network): string | undefined {
    return [...this.#links.keys()].find(
      (link) => isRelay(link) && networkContains(network, link as Ipv4Address),
    );
  }

  /**
   * Another server offered an address there, or a client chose it.
   *
   * @returns true when the mode changes by it.
   */
  seen(link: string, server: Ipv4Address, nowMs: number): boolean {
    const isNew = this.of(link, nowMs).mode === 'full';
    if (isNew && this.#links.size >= MAX_LINKS) return false;
    this.#links.set(link, { server, seenMs: nowMs, probesInVain: 0 });
    return isNew;
  }

  /**
   * A probe found these that give addresses.
   *
   * @returns true when the mode changes by it.
   */
  probed(link: string, servers: readonly Ipv4Address[], nowMs: number): boolean {
    const [server] = servers;
    if (server !== undefined) return this.seen(link, server, nowMs);
    const known = this.#links.get(link);
    if (known === undefined) return false;
    const probesInVain = known.probesInVain + 1;
    if (probesInVain < PROBES_IN_VAIN) {
      this.#links.set(link, { ...known, probesInVain });
      return false;
    }
    this.#links.delete(link);
    return true;
  }
}

function isRelay(link: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(link);
}
