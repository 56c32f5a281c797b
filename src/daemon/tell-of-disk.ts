import type { EventLog, EventLogNeeds } from '../services/event-log.ts';
import type { LeaseBookNeeds } from '../services/dhcp/lease-book.ts';
import { StoreError, type StoreErrorKind } from '../store/store-error.ts';
import { faultData, type Log } from './log.ts';

type Events = Pick<EventLog, 'note'>;

/** What befalls the timeline itself. Only the log hears of it at once; the timeline when it can be written again. */
export function tellOfEvents(
  events: () => Events,
  log: Log,
): Pick<EventLogNeeds, 'failed' | 'waits' | 'isPassing'> {
  return {
    failed: (error) => log.error('Events could not be written, and are lost', faultData(error)),
    waits: (error) => {
      const text = error === undefined ? 'Events are written again' : 'Events wait for the disk';
      events().note({ kind: 'server.disk', text, ...because(error) });
      if (error === undefined) log.info(text);
      else log.error(text, faultData(error));
    },
    isPassing: (error) => error instanceof StoreError && PASSING.has(error.kind),
  };
}

/** Errors that are over when somebody makes room, or the disk is back. */
const PASSING: ReadonlySet<StoreErrorKind> = new Set(['disk full', 'cannot write', 'busy', 'overloaded']);

/** What befalls the lease book, in the timeline and the log. */
export function tellOfLeases(events: Events, log: Log): Pick<LeaseBookNeeds, 'trouble' | 'jumped'> {
  return {
    trouble: (error) => {
      const text =
        error === undefined
          ? 'Leases are written and acknowledged again'
          : 'No lease can be written, so none is acknowledged';
      events.note({ kind: 'server.disk', text, ...because(error) });
      if (error === undefined) log.info(text);
      else log.error(text, faultData(error));
    },
    jumped: (byMs, when) => {
      const seconds = Math.round(Math.abs(byMs) / 1_000);
      const text = `The clock was set ${byMs > 0 ? 'forward' : 'back'} by ${seconds} s; every lease lasts as long as before`;
      const since = when === 'running' ? 'it jumped while Muster ran' : 'it jumped since Muster ran last';
      events.note({ kind: 'server.clock', text, because: since, data: { jumpMs: byMs } });
      log.warn(text);
    },
  };
}

function because(error: unknown): { readonly because?: string } {
  return error instanceof Error ? { because: error.message } : {};
}
