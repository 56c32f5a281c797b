import type { MacAddress } from '../../lib/addresses.ts';
import { objectionToIdentity } from './identify.ts';
import type { Machine } from './machine.ts';

export interface SplitWish {
  readonly mac: MacAddress;
  /** Of the new machine. */
  readonly name: string;
  readonly id: string;
  readonly nowMs: number;
}

export type Split =
  | { readonly split: true; readonly left: Machine; readonly right: Machine }
  | { readonly split: false; readonly because: string };

/**
 * Two machines of one: the new one has the MAC address and nothing else, since nobody can tell whose the rest was. The
 * first keeps it, and its installs and timeline.
 */
export function splitMachine(machine: Machine, { mac, name, id, nowMs }: SplitWish): Split {
  if (!machine.macs.includes(mac))
    return { split: false, because: `${mac} is no MAC address of ${machine.name}` };
  const left = { ...machine, macs: machine.macs.filter((one) => one !== mac) };
  const because = objectionToIdentity(left);
  if (because !== undefined) return { split: false, because: `without ${mac}, ${because}` };
  return {
    split: true,
    left,
    right: { id, name, macs: [mac], labels: {}, variables: {}, createdAtMs: nowMs },
  };
}
