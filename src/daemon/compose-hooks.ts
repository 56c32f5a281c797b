import { HookService } from '../services/hooks/hook-service.ts';
import type { composePower } from './compose-power.ts';
import type { Grounded } from './compose.ts';
import { faultData } from './log.ts';

/** Servers and programs of the user's that are told of events. */
export function composeHooks(
  { stores, settings, clock, events, log }: Grounded,
  { webhookDispatcher }: Pick<ReturnType<typeof composePower>, 'webhookDispatcher'>,
) {
  return {
    hooks: new HookService({
      hooks: stores.hooks,
      machines: stores.machines,
      events,
      clock,
      nowMs: () => clock.nowMs(),
      random: Math.random,
      dispatcher: webhookDispatcher,
      commandsFolder: settings['commands.folder'],
      failed: (error) => log.error('A hook could not go on', faultData(error)),
    }),
  };
}
