import type { ItemOf } from '../../data/client.ts';

export type Lease = ItemOf<'listLeases'>;

/** Every word must be somewhere in it; a MAC address may be written with hyphens. */
export function fitting(leases: readonly Lease[], search: string): readonly Lease[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return leases.filter(({ address, mac = '', machine = '', hostname = '' }) => {
    const text = `${address} ${mac} ${mac.replaceAll(':', '-')} ${machine} ${hostname}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
