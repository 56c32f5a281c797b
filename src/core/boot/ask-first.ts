import type { Machine } from '../machines/machine.ts';
import type { BootPlan } from './boot-plan.ts';

/**
 * DHCP tells no serial number and no asset tag, and some ROMs no UUID; iPXE knows all of them. So while there are
 * machines that nobody met yet, one that is not known is asked by iPXE who it is, before it gets what unknown ones get.
 *
 * @param unmet those that have no MAC address yet.
 */
export function askFirst(plan: BootPlan, unmet: readonly Machine[]): BootPlan {
  if (plan.boot !== 'nothing' && plan.boot !== 'menu') return plan;
  const [first, ...more] = unmet.filter(tellsByIpxe);
  if (!first) return plan;
  const others = more.length === 0 ? '' : ` or one of ${more.length} more`;
  return {
    ...plan,
    asks: 'who it is',
    because: `${plan.because}, but for ${first.name}${others}, which has no MAC address yet: iPXE asks who it is`,
  };
}

/** Whether it may be a machine that has only to say who it is, as iPXE does. */
export function tellsByIpxe({ uuid, serial, assetTag }: Machine): boolean {
  return uuid !== undefined || serial !== undefined || assetTag !== undefined;
}
