import type { IpAddress, MacAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import { isIpv6, macOfIpv6 } from '../lib/ipv6-address.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import type { Lease } from '../core/network/lease.ts';
import { bindsAddress } from '../core/network/lease.ts';
import type { LeaseStore } from '../core/network/lease-store.ts';
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

export interface WhoAsksNeeds {
  readonly machines: Pick<MachineStore, 'byMac'>;
  readonly leases: Pick<LeaseStore, 'byAddress'>;
  /** Of networks whose addresses another server gives. */
  readonly seen?: Pick<SeenAddresses, 'get'>;
  readonly clock: Clock;
}

/** The one place that turns a MAC address or a source address into a machine. */
export class WhoAsks {
  readonly #needs: WhoAsksNeeds;

  constructor(needs: WhoAsksNeeds) {
    this.#needs = needs;
  }

  /** For DHCP, where the frame tells the MAC address. */
  async byMac(mac: MacAddress): Promise<Asker> {
    const machine = await this.#needs.machines.byMac(mac);
    return { mac, machine };
  }

  /** For TFTP, HTTP and all else that shows only an address: whose lease is it, or who told of it? */
  async byAddress(address: IpAddress): Promise<Asker> {
    const nowMs = this.#needs.clock.nowMs();
    if (isIpv6(address)) return await this.#bySeen(address, nowMs, macOfIpv6(address));
    const lease = await this.#needs.leases.byAddress(address);
    if (lease?.mac && lease.state === 'held' && bindsAddress(lease, nowMs))
      return { lease, vendorClass: lease.vendorClass, ...(await this.byMac(lease.mac)) };
    return await this.#bySeen(address, nowMs);
  }

  /** @param told the card that an address was made of, as firmware and iPXE make theirs. */
  async #bySeen(address: IpAddress, nowMs: number, told?: MacAddress): Promise<Asker> {
    const seen = this.#needs.seen?.get(address, nowMs);
    if (seen) return { vendorClass: seen.vendorClass, ...(await this.byMac(seen.mac)) };
    return told ? await this.byMac(told) : {};
  }
}
