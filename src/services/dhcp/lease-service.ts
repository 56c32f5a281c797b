import type { LeaseStore } from '../../core/network/lease-store.ts';
import { bindsAddress, type Lease, type LeaseState } from '../../core/network/lease.ts';
import type { Ipv4Address, MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import { type Outcome, refusal } from '../refusal.ts';

/** As people see it: a lease that is held, and whose time is over, is `expired`. */
export type ShownLeaseState = LeaseState | 'expired';

export interface LeaseFilter {
  readonly subnet?: string;
  readonly state?: ShownLeaseState;
  readonly mac?: MacAddress;
  /** Only higher ones. */
  readonly after?: Ipv4Address;
}

export interface LeaseServiceNeeds {
  readonly leases: Pick<LeaseStore, 'first' | 'byAddress' | 'release' | 'decline'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
}

/** Leases as people look at them, and free them. */
export class LeaseService {
  readonly #needs: LeaseServiceNeeds;

  constructor(needs: LeaseServiceNeeds) {
    this.#needs = needs;
  }

  /** By address, those that are over included. */
  async list({ subnet, state, mac, after }: LeaseFilter, limit: number): Promise<readonly Lease[]> {
    const nowMs = this.#needs.clock.nowMs();
    const fits = (lease: Lease): boolean =>
      (state === undefined || shownState(lease, nowMs) === state) && (mac === undefined || lease.mac === mac);
    return await this.#needs.leases.first({ subnet, after, fits, limit });
  }

  byAddress(address: Ipv4Address): Promise<Lease | undefined> {
    return this.#needs.leases.byAddress(address);
  }

  /** Ends a lease, or the rest of an address that was found in use, so that others can have the address. */
  async free(address: Ipv4Address): Promise<Outcome<{ lease: Lease }>> {
    const { leases, events, clock } = this.#needs;
    const nowMs = clock.nowMs();
    const lease = await leases.byAddress(address);
    if (!lease) return refusal('not found', `there is no lease of "${address}"`);
    if (!bindsAddress(lease, nowMs)) return refusal('refused', `${address} is free already`);
    const { clientKey, subnet, mac } = lease;
    const freed =
      lease.state === 'declined'
        ? await leases.decline(address, clientKey, subnet, nowMs, nowMs)
        : await leases.release(address, clientKey, nowMs);
    const after = await leases.byAddress(address);
    if (!freed || !after)
      return refusal('refused', `the lease of ${address} changed at the same moment: look again`);
    events.note({
      kind: 'dhcp.released',
      text: `${address} was freed by hand`,
      ...(mac === undefined ? {} : { mac }),
      because:
        lease.state === 'declined'
          ? 'it had been found in use by somebody unknown'
          : `${mac ?? clientKey} had it`,
      data: { address, subnet },
    });
    return { done: true, lease: after };
  }
}

export function shownState({ state, expiresAtMs }: Lease, nowMs: number): ShownLeaseState {
  return state === 'held' && expiresAtMs <= nowMs ? 'expired' : state;
}
