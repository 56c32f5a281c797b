import { setTimeout as wait } from 'node:timers/promises';
import { decideReadiness, type Readiness } from '../core/health/decide-readiness.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { EventLog } from '../services/event-log.ts';
import type { MachineDoors } from './machine-doors.ts';
import type { Served } from './segments.ts';

export interface SeeHealthNeeds {
  readonly settings: Settings;
  readonly services: { readonly events: Pick<EventLog, 'list'> };
  readonly doors: Pick<MachineDoors, 'listeners'>;
  readonly served: () => readonly Served[];
}

/** A store that takes longer than this to find one event is in trouble. */
const STORE_ANSWERS_WITHIN_MS = 2_000;

/** Whether machines would be served now, as far as this process can see it. */
export async function seeReadiness({
  settings,
  services,
  doors,
  served,
}: SeeHealthNeeds): Promise<Readiness> {
  const wanted = (['dhcp', 'tftp', 'machineHttp'] as const).filter(
    (name) => settings[`${name}.port`] !== 'off',
  );
  return decideReadiness({
    storeTrouble: await storeTrouble(services.events),
    interfaces: served().map((one) => one.interface.name),
    wanted: wanted.map((name) => (name === 'machineHttp' ? 'http' : name)),
    listening: doors.listeners.map(({ protocol }) => protocol),
  });
}

/** Events are read from the disk, whatever else is kept in memory. */
async function storeTrouble(events: Pick<EventLog, 'list'>): Promise<string | undefined> {
  const limit = new AbortController();
  const late = wait(STORE_ANSWERS_WITHIN_MS, `nothing came within ${STORE_ANSWERS_WITHIN_MS} ms`, {
    signal: limit.signal,
  });
  // It ends with an AbortError when the store was faster.
  late.catch(() => undefined);
  try {
    return await Promise.race([events.list({}, 1).then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    limit.abort();
  }
}
