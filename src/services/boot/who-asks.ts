import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { isIpv6, macOfIpv6 } from '../../lib/ipv6-address.ts';
import type { Claims, Seen } from '../../core/machines/identify.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Lease } from '../../core/network/lease.ts';
import { bindsAddress } from '../../core/network/lease.ts';
import type { LeaseStore } from '../../core/network/lease-store.ts';
import { MachineMeetings, type MachineMeetingsNeeds } from '../machines/machine-meetings.ts';
import type { SeenAddresses } from './seen-addresses.ts';

/** Who is at the other end: as much as is known, and nothing that only the other end says. */
export interface Asker {
  /** From the lease of its address, or from the frame itself (DHCP). */
  readonly mac?: MacAddress | undefined;
  readonly lease?: Lease;
  /** What its firmware says of itself (option 60). */
  readonly vendorClass?: string | undefined;
  readonly machine?: Machine | undefined;
}

export interface WhoAsksNeeds extends MachineMeetingsNeeds {
  readonly leases: Pick<LeaseStore, 'byAddress'>;
  /** Of networks whose addresses another server gives. */
  readonly seen?: Pick<SeenAddresses, 'get'>;
  readonly clock: Clock;
}

/** The one place that turns a MAC address, a source address and what is said with them into a machine. */
export class WhoAsks {
  readonly #needs: WhoAsksNeeds;
  readonly #meetings: MachineMeetings;

  constructor(needs: WhoAsksNeeds) {
    this.#needs = needs;
    this.#meetings = new MachineMeetings(needs);
  }

  /** For DHCP, where the frame tells the MAC address, and the firmware what else it is known by. */
  async bySight(sight: Seen): Promise<Asker> {
    return { mac: sight.mac, machine: await this.#meetings.machineOf(sight) };
  }

  /**
   * For TFTP, HTTP and all else that shows only an address: whose lease is it, or who told of it?
   *
   * @param says what the asker says of itself; it counts only beside a MAC address that is sure.
   */
  async byAddress(address: IpAddress, says: Claims = {}): Promise<Asker> {
    const nowMs = this.#needs.clock.nowMs();
    if (isIpv6(address)) return await this.#bySeen(address, nowMs, says, macOfIpv6(address));
    const lease = await this.#needs.leases.byAddress(address);
    if (lease?.mac && lease.state === 'held' && bindsAddress(lease, nowMs)) {
      const uuids = lease.uuid === undefined ? says.uuids : [lease.uuid];
      const asker = await this.bySight({ ...says, mac: lease.mac, uuids });
      return { lease, vendorClass: lease.vendorClass, ...asker };
    }
    return await this.#bySeen(address, nowMs, says);
  }

  /** @param told the card that an address was made of, as firmware and iPXE make theirs. */
  async #bySeen(address: IpAddress, nowMs: number, says: Claims, told?: MacAddress): Promise<Asker> {
    const seen = this.#needs.seen?.get(address, nowMs);
    if (seen) return { vendorClass: seen.vendorClass, ...(await this.bySight({ ...says, mac: seen.mac })) };
    return told ? await this.bySight({ ...says, mac: told }) : {};
  }
}
