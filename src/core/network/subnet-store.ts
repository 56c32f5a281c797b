import type { Subnet } from './subnet.ts';

/** Says why a subnet may not stand beside the others, or undefined when it may. */
export type SubnetObjection = (subnet: Subnet, others: readonly Subnet[]) => string | undefined;

export interface SubnetStore {
  list(): Promise<readonly Subnet[]>;
  byName(name: string): Promise<Subnet | undefined>;
  /** Adds it, or replaces the one of this name. The objection is asked inside the transaction, with all others. */
  put(subnet: Subnet, objection: SubnetObjection): Promise<{ put: true } | { put: false; because: string }>;
  /** Its leases go with it. */
  remove(name: string): Promise<boolean>;
}
