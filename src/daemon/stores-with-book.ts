import type { Stores } from '../core/stores.ts';
import type { LeaseBook } from '../services/dhcp/lease-book.ts';

/** Leases are the book's; a subnet that goes takes its leases along there too. */
export function storesWithBook(stores: Stores, leases: LeaseBook): Stores & { readonly leases: LeaseBook } {
  const remove: Stores['subnets']['remove'] = async (name) => {
    const removed = await stores.subnets.remove(name);
    if (removed) leases.forgetSubnet(name);
    return removed;
  };
  const change: Stores['site']['change'] = async (decide) => {
    let gone: readonly string[] = [];
    await stores.site.change((contents) => {
      const writes = decide(contents);
      gone = writes?.subnets.remove.map(({ name }) => name) ?? [];
      return writes;
    });
    for (const name of gone) leases.forgetSubnet(name);
  };
  const site = { ...stores.site, change };
  return { ...stores, leases, subnets: { ...stores.subnets, remove }, site };
}
