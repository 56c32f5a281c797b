import type { LeaseBook } from './lease-book.ts';
import { DEFAULT_RULES, type Subnet } from '../../core/network/subnet.ts';
import type { SubnetStore } from '../../core/network/subnet-store.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';

/** Who answers, by address; or why nobody could be asked. */
export type ProbeResult =
  | { readonly answered: ReadonlyMap<Ipv4Address, string> }
  | { readonly because: string };

export interface ConflictProberNeeds {
  readonly subnets: Pick<SubnetStore, 'list'>;
  readonly leases: Pick<LeaseBook, 'candidates' | 'get' | 'decline'>;
  readonly probe: (subnet: Subnet, addresses: readonly Ipv4Address[]) => Promise<ProbeResult>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** Addresses cannot be probed; once for each reason. */
  readonly cannot: (because: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Addresses of each subnet that are probed before they are needed. */
export const PROBED_AHEAD = 64;
/** Between two looks for addresses that are not probed yet. */
const LOOK_EVERY_MS = 1_000;
/** How long nobody on an address means that nobody is there; after that it is asked again. */
export const PROBE_HOLDS_MS = 10 * 60_000;
/** How long an address rests on which somebody was found; `muster lease rm` ends the rest. */
export const CONFLICT_REST_MS = 24 * 60 * 60_000;
/** Reasons that are told. */
const MAX_REASONS = 16;

/**
 * Asks, in the background, whether somebody sits on the addresses that new clients are offered next, so that no
 * offer waits for it. Only addresses that nobody ever had, was offered or holds are asked for: a client answers from
 * its own.
 */
export class ConflictProber {
  readonly #needs: ConflictProberNeeds;
  /** When an address was found free, by subnet; only of those that are still to be given. */
  readonly #freeAtMs = new Map<string, ReadonlyMap<Ipv4Address, number>>();
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(needs: ConflictProberNeeds) {
    this.#needs = needs;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Resolves when the next addresses of every subnet are probed, as far as they can be. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAtAll(): Promise<void> {
    try {
      for (const subnet of await this.#needs.subnets.list()) {
        const { mode, conflictProbe = DEFAULT_RULES.conflictProbe } = subnet;
        if ((mode === 'full' || mode === 'auto') && conflictProbe) await this.#lookAt(subnet);
        else this.#freeAtMs.delete(subnet.name);
      }
    } catch (error) {
      this.#needs.failed(error);
    }
  }

  async #lookAt(subnet: Subnet): Promise<void> {
    const { leases, clock, probe } = this.#needs;
    const nowMs = clock.nowMs();
    const known = this.#freeAtMs.get(subnet.name);
    const next = leases.candidates(subnet, PROBED_AHEAD);
    const isFresh = (address: Ipv4Address): boolean => {
      const atMs = known?.get(address);
      return atMs !== undefined && Math.abs(nowMs - atMs) < PROBE_HOLDS_MS;
    };
    const unknown = next.filter((address) => !isFresh(address));
    const result = unknown.length === 0 ? { answered: new Map() } : await probe(subnet, unknown);
    if ('because' in result) return this.#cannot(result.because);
    for (const [address, who] of result.answered) await this.#setAside(subnet, address, who);
    const free = next.filter((address) => !result.answered.has(address));
    const since = free.map(
      (address) => [address, (isFresh(address) && known?.get(address)) || nowMs] as const,
    );
    this.#freeAtMs.set(subnet.name, new Map(since));
  }

  /** Unless a client got it while it was asked for: then it is the client that answers. */
  async #setAside(subnet: Subnet, address: Ipv4Address, who: string): Promise<void> {
    const { leases, clock, events } = this.#needs;
    if (leases.get(address)) return;
    const nowMs = clock.nowMs();
    const untilMs = nowMs + CONFLICT_REST_MS;
    if (!(await leases.decline(address, `found:${who}`, subnet.name, untilMs, nowMs))) return;
    events.note({
      kind: 'dhcp.conflict',
      text: `${address} is in use by somebody unknown; nobody gets it for a day`,
      because: `${who} answers from it: give it another address, or keep this one out of the ranges; muster lease rm ${address} ends the rest`,
      data: { address, subnet: subnet.name, who },
    });
  }

  #cannot(because: string): void {
    if (this.#told.has(because) || this.#told.size >= MAX_REASONS) return;
    this.#told.add(because);
    this.#needs.cannot(because);
  }
}
