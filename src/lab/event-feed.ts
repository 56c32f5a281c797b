import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCAL_DOOR_FILE, LocalDoor } from '../contract/local-door.ts';
import { RECONNECT_MS, StreamDecoder, type WireEvent } from '../contract/events.ts';
import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import { TimelineEvent } from '../contract/event-schemas.ts';

/** Events kept for questions asked later; a boot has about a hundred. */
const EVENTS_KEPT = 10_000;

/** Follows the timeline of a running Muster through its API, and remembers it. */
export class EventFeed {
  readonly #url: string;
  readonly #doorFile: string;
  readonly #abort = new AbortController();
  readonly #events: WireEvent[] = [];
  readonly #listeners = new Set<(event: WireEvent) => void>();

  /**
   * @param apiUrl such as `http://127.0.0.1:8067`.
   * @param dataFolder where Muster keeps what its own computer's commands show.
   */
  constructor(apiUrl: string, dataFolder: string) {
    this.#doorFile = join(dataFolder, LOCAL_DOOR_FILE);
    this.#url = `${apiUrl}${API_PREFIX}${ROUTES.streamEvents.path}`;
  }

  /** From the first event on; a lost connection is taken up again where it broke. */
  start(): void {
    void this.#follow();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Oldest first. */
  get events(): readonly WireEvent[] {
    return this.#events;
  }

  onEvent(listener: (event: WireEvent) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * The first event that fits, among those that came and those to come.
   *
   * @param wish what is waited for, for the error's text.
   * @throws Error when it does not come in time.
   */
  async waitFor(wish: string, fits: (event: WireEvent) => boolean, timeoutMs: number): Promise<WireEvent> {
    const known = this.#events.find(fits);
    if (known) return known;
    return new Promise((resolve, reject) => {
      const listener = (event: WireEvent): void => {
        if (!fits(event)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(event);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        const last = this.#events.at(-1);
        reject(
          new Error(
            `Muster's timeline did not show within ${timeoutMs / 1000} s that ${wish}; its last event is ${last ? `${last.kind} "${last.text}"` : 'not there'}`,
          ),
        );
      }, timeoutMs);
      // Whoever no longer waits, for another thing came first, must not keep the process.
      timer.unref();
      this.#listeners.add(listener);
    });
  }

  async #follow(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await this.#readStream();
      } catch {
        // Muster is not there, or not there any more: asking again costs nothing, and stop() ends it.
      }
      await sleep(RECONNECT_MS / 4, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    }
  }

  async #readStream(): Promise<void> {
    const last = this.#events.at(-1)?.id ?? 0;
    const { token } = LocalDoor.parse(JSON.parse(await readFile(this.#doorFile, 'utf8')));
    const response = await fetch(`${this.#url}?after=${last}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: this.#abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`The event stream answers ${response.status}`);
    const messages = new StreamDecoder();
    const text = new TextDecoder();
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      for (const message of messages.push(text.decode(piece, { stream: true }))) {
        this.#take(TimelineEvent.parse(JSON.parse(message.data)));
      }
    }
  }

  #take(event: WireEvent): void {
    this.#events.push(event);
    if (this.#events.length > EVENTS_KEPT) this.#events.shift();
    for (const listener of this.#listeners) listener(event);
  }
}
