import type { Arrival, ArrivalStore } from '../../core/images/arrival.ts';
import type { EventLog } from '../event-log.ts';

/** Those of them that lists show. */
export const ARRIVAL_STATES = ['under way', 'failed'] as const;

export interface ArrivalShown {
  readonly arrival: Arrival;
  readonly state: 'under way' | 'failed' | 'arrived';
  /** Bytes that are here. */
  readonly here: number;
  readonly bytesPerSecond?: number;
  /** The image that was made of it, once it arrived. */
  readonly imageName?: string;
  /** What to know before it is used. */
  readonly note?: string;
}

/** Those that came are told of for so many others. */
const MAX_ARRIVED = 64;

/** What became of disc images on their way: in the store, in the timeline, and for who asks. */
export class ArrivalRecords {
  readonly #arrivals: ArrivalStore;
  readonly #events: Pick<EventLog, 'note'>;
  readonly #failed = new Map<string, Arrival>();
  readonly #arrived = new Map<string, ArrivalShown>();

  constructor({
    arrivals,
    events,
  }: { readonly arrivals: ArrivalStore; readonly events: Pick<EventLog, 'note'> }) {
    this.#arrivals = arrivals;
    this.#events = events;
  }

  /** @returns those that were under way when Muster ended. */
  async load(): Promise<readonly Arrival[]> {
    const all = await this.#arrivals.list();
    for (const arrival of all) if (arrival.failed !== undefined) this.#failed.set(arrival.name, arrival);
    return all.filter(({ failed }) => failed === undefined);
  }

  get failed(): readonly ArrivalShown[] {
    return Array.from(this.#failed.values(), shownFailed);
  }

  failedBy(name: string): Arrival | undefined {
    return this.#failed.get(name);
  }

  /** One that is over. */
  byName(name: string): ArrivalShown | undefined {
    const failed = this.#failed.get(name);
    return failed ? shownFailed(failed) : this.#arrived.get(name);
  }

  async begins(arrival: Arrival): Promise<void> {
    await this.#arrivals.put(arrival);
    this.#failed.delete(arrival.name);
    this.#arrived.delete(arrival.name);
    const from = arrival.url === undefined ? 'an upload' : new URL(arrival.url).host;
    this.#note('image.arriving', arrival, `Disc image ${arrival.fileName} is on its way from ${from}`);
  }

  /** More is known of it. */
  async learned(arrival: Arrival): Promise<void> {
    await this.#arrivals.put(arrival);
  }

  async fails(arrival: Arrival, because: string): Promise<void> {
    const failed = { ...arrival, failed: because };
    this.#failed.set(arrival.name, failed);
    await this.#arrivals.put(failed);
    this.#note('image.failed', arrival, `Disc image ${arrival.fileName} does not get here`, because);
  }

  async arrives(shown: ArrivalShown): Promise<void> {
    const { arrival, here } = shown;
    await this.#arrivals.remove(arrival.name);
    const [oldest] = this.#arrived.keys();
    if (this.#arrived.size >= MAX_ARRIVED && oldest !== undefined) this.#arrived.delete(oldest);
    this.#arrived.set(arrival.name, shown);
    this.#note('image.arrived', arrival, `Disc image ${arrival.fileName} is here, with ${here} bytes`);
  }

  /** False where there was none. */
  async forget(name: string): Promise<boolean> {
    this.#failed.delete(name);
    const wasTold = this.#arrived.delete(name);
    return (await this.#arrivals.remove(name)) || wasTold;
  }

  #note(
    kind: 'image.arriving' | 'image.arrived' | 'image.failed',
    { name, url, fileName }: Arrival,
    text: string,
    because?: string,
  ): void {
    const data = { arrival: name, file: fileName, ...(url === undefined ? {} : { url }) };
    this.#events.note({ kind, text, ...(because === undefined ? {} : { because }), data });
  }
}

function shownFailed(arrival: Arrival): ArrivalShown {
  return { arrival, state: 'failed', here: 0 };
}
