import type { IpAddress } from '../../lib/addresses.ts';
import type { Install, InstallEnd, Moment } from './install.ts';
import { after, type InstallEvent } from './life.ts';

const ENDS: ReadonlySet<InstallEvent> = new Set<InstallEnd>([
  'failed',
  'timedOut',
  'bootedAgain',
  'expired',
  'cancelled',
]);

/**
 * The install after an event, with the times it goes by; undefined where the event cannot happen now.
 *
 * @param address of the machine, where the event came from one.
 */
export function applyEvent(
  install: Install,
  event: InstallEvent,
  { wallMs, steadyMs }: Moment,
  address?: IpAddress,
): Install | undefined {
  const state = after(install.state, event);
  if (state === undefined) return undefined;
  const changed: Install = { ...install, state, changedAtMs: wallMs };
  if (isEnd(event)) return { ...changed, cause: event };
  switch (event) {
    case 'bootOffered':
      return {
        ...changed,
        // Not the last offer: a machine that boots again and again would never run out of time.
        bootedSteadyMs: install.bootedSteadyMs ?? steadyMs,
        ...(address === undefined ? {} : { bootAddress: address }),
      };
    case 'answerServed':
      return { ...changed, answeredSteadyMs: steadyMs };
    case 'started':
    case 'progressed':
      return { ...changed, reportedSteadyMs: steadyMs };
    case 'diskBooted':
      return afterAll(changed);
    case 'finished':
      return changed;
    default:
      return event satisfies never;
  }
}

function isEnd(event: InstallEvent): event is InstallEnd {
  return ENDS.has(event);
}

/** One that was thought to have failed runs from its disk: what was said of its failing is not true any more. */
function afterAll({ cause: _cause, because: _because, ...installed }: Install): Install {
  return installed;
}
