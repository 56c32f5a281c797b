import type { Machine } from '../../core/machines/machine.ts';
import type { MachinePower, PowerSight } from '../../core/power/machine-power.ts';
import type { Happening } from '../event-log.ts';

/** What of a look is news: another state, a trouble that began, one that is over. */
export function tellOfSight(
  { id, name }: Machine,
  before: MachinePower,
  sight: PowerSight,
): readonly Happening[] {
  const { driver } = before.settings;
  if ('trouble' in sight) {
    const { kind, because } = sight.trouble;
    if (before.trouble?.kind === kind) return [];
    const text = `The power of ${name} cannot be reached by ${driver}`;
    return [{ kind: 'power.unreachable', text, because, machineId: id, data: { driver, trouble: kind } }];
  }
  const { state } = sight;
  const was = before.seen?.state;
  const back: readonly Happening[] = before.trouble
    ? [
        {
          kind: 'power.reachable',
          text: `The power of ${name} can be reached again by ${driver}`,
          machineId: id,
          data: { driver },
        },
      ]
    : [];
  if (was === state || (was === undefined && state === 'unknown')) return back;
  const text =
    was === undefined ? `${name} is ${state}` : `${name} is ${state}; it was ${was} when it was last read`;
  return [...back, { kind: 'power.state', text, machineId: id, data: { state, driver } }];
}
