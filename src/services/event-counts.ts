import type { EventKind } from '../core/events/event-kinds.ts';
import { Tally } from '../lib/tally.ts';
import type { EventLog } from './event-log.ts';

/** Events by kind, from the moment it begins to listen. */
export class EventCounts {
  readonly #tally = new Tally<EventKind>();

  constructor(events: Pick<EventLog, 'listen'>) {
    events.listen(({ kind }) => this.#tally.count(kind));
  }

  get byKind(): ReadonlyMap<string, number> {
    return this.#tally.counts;
  }
}
