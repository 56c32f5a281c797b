import type { EventLog } from '../services/event-log.ts';
import type { LeaseBookNeeds } from '../services/lease-book.ts';
import { faultData, type Log } from './log.ts';

interface Tellers {
  readonly events: Pick<EventLog, 'note'>;
  readonly log: Log;
}

/** What befalls the lease book, in the timeline and the log. */
export function tellOfLeases({ events, log }: Tellers): Pick<LeaseBookNeeds, 'trouble' | 'jumped'> {
  return {
    trouble: (error) => {
      if (error === undefined) {
        events.note({ kind: 'server.disk', text: 'Leases are written again' });
        log.info('Leases are written again');
        return;
      }
      const because = error instanceof Error ? error.message : 'of a mistake of its own';
      events.note({ kind: 'server.disk', text: 'No lease can be written, so none is acknowledged', because });
      log.error('No lease can be written, so none is acknowledged', faultData(error));
    },
    jumped: (byMs, when) => {
      const seconds = Math.round(Math.abs(byMs) / 1_000);
      const direction = byMs > 0 ? 'forward' : 'back';
      const text = `The clock was set ${direction} by ${seconds} s; every lease lasts as long as before`;
      const because = when === 'running' ? 'it jumped while Muster ran' : 'it jumped since Muster ran last';
      events.note({ kind: 'server.clock', text, because, data: { jumpMs: byMs } });
      log.warn(text);
    },
  };
}
