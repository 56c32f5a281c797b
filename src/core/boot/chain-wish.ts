import { type BootPlan, wayOf } from './boot-plan.ts';
import type { ChainName } from './firmware.ts';

/** A chain that somebody wishes for in place of the firmware table's order, and who. */
export interface ChainWish {
  readonly chain: ChainName;
  /** For people: `machine web01`, `profile web`, `subnet lab`. */
  readonly by: string;
  /** Without it, the firmware table decides. */
  readonly orElse?: 'any';
}

export interface Wishers {
  readonly machine?: Wisher | undefined;
  readonly plan: BootPlan;
  readonly subnet?: Wisher | undefined;
}

interface Wisher {
  readonly name: string;
  readonly loader?: ChainName | undefined;
}

/** Whoever is closest to the machine has the last word: itself, then what is installed on it, then its subnet. */
export function chainWish({ machine, plan, subnet }: Wishers): ChainWish | undefined {
  if (machine?.loader !== undefined) return { chain: machine.loader, by: `machine ${machine.name}` };
  const way = wayOf(plan);
  if (way?.profileLoader !== undefined) return { chain: way.profileLoader, by: `profile ${way.profile}` };
  if (subnet?.loader !== undefined) return { chain: subnet.loader, by: `subnet ${subnet.name}` };
  if (plan.boot === 'nothing' && plan.asks !== undefined) return ASKS;
  if (plan.boot === 'menu' && plan.asks !== undefined) return { ...ASKS, orElse: 'any' };
  return undefined;
}

const ASKS: ChainWish = { chain: 'ipxe', by: 'the question who it is' };
