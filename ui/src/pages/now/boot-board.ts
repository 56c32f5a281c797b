import type { WireEvent } from '../../../../src/contract/events.ts';
import { ask } from '../../data/client.ts';
import { KeyedStore } from '../../data/keyed-store.ts';
import { liveEvents } from '../../data/live-events.ts';
import { type BootRow, rowAfter } from './boot-row.ts';
import type { Going } from './phases.ts';

/** Events that are looked back at, to know who is under way already. */
const LOOK_BACK = 1000;
/** How long a row stays without news, by how it goes; one with an open install stays until it is over. */
const STAYS_MS: Readonly<Record<Going, number>> = {
  moving: 2 * 60_000,
  waiting: 10 * 60_000,
  failed: 30 * 60_000,
  done: 5 * 60_000,
};
/** An installer that is silent for longer is given up by the server, too, and says so. */
const INSTALL_STAYS_MS = 4 * 3_600_000;
const SWEEP_EVERY_MS = 5_000;

/** Everybody who is booting or installing, kept true by the stream of events. */
export class BootBoard {
  readonly store = new KeyedStore<BootRow>();
  #rows = new Map<string, BootRow>();
  /** MAC addresses of machines, so that what came before it was known is the same row. */
  readonly #keyOfMac = new Map<string, string>();
  #lastId = 0;
  #started: Promise<void> | undefined;
  /** While it looks back. */
  #waiting: WireEvent[] | undefined;

  /** Looks back, then follows; again where events were missed. What comes meanwhile waits. */
  start(): Promise<void> {
    this.#started ??= this.#lookBackAndFollow();
    return this.#started;
  }

  async #lookBackAndFollow(): Promise<void> {
    liveEvents.listen((batch) => {
      if (this.#waiting) this.#waiting.push(...batch);
      else this.take(batch);
    });
    liveEvents.onMissed(({ timeline }) => {
      if (timeline === 'another') this.forget();
      void this.#lookBack();
    });
    window.setInterval(() => this.#show(Date.now()), SWEEP_EVERY_MS);
    await this.#lookBack();
  }

  async #lookBack(): Promise<void> {
    this.#waiting ??= [];
    const past = await ask('listEvents', { query: { limit: LOOK_BACK } }).catch(() => ({ items: [] }));
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.take([...past.items, ...waiting]);
  }

  /** The machines and events are others from now on. */
  forget(): void {
    this.#lastId = 0;
    this.#rows = new Map();
    this.#keyOfMac.clear();
  }

  /** Events in their order; those that were taken before change nothing. */
  take(events: readonly WireEvent[], nowMs = Date.now()): void {
    for (const event of events) {
      if (event.id <= this.#lastId) continue;
      this.#lastId = event.id;
      this.#takeOne(event);
    }
    this.#show(nowMs);
  }

  #takeOne(event: WireEvent): void {
    const key = this.#keyOf(event);
    if (key === undefined) return;
    const after = rowAfter(this.#rows.get(key), event, key);
    if (after) this.#rows.set(key, after);
  }

  #keyOf({ machineId, mac }: WireEvent): string | undefined {
    if (mac !== undefined && machineId !== undefined && this.#keyOfMac.get(mac) !== machineId) {
      this.#keyOfMac.set(mac, machineId);
      this.#rename(mac, machineId);
    }
    return machineId ?? (mac === undefined ? undefined : (this.#keyOfMac.get(mac) ?? mac));
  }

  /** Keeps its place among the others. */
  #rename(before: string, key: string): void {
    if (!this.#rows.has(before) || this.#rows.has(key)) return;
    this.#rows = new Map(
      [...this.#rows].map(([one, row]) => (one === before ? [key, { ...row, key }] : [one, row])),
    );
  }

  #show(nowMs: number): void {
    for (const [key, row] of this.#rows) if (isGone(row, nowMs)) this.#rows.delete(key);
    this.store.replace(new Map(this.#rows));
  }
}

function isGone({ going, installId, changedAtMs, phase }: BootRow, nowMs: number): boolean {
  const isInstalling = installId !== undefined && going === 'moving' && phase !== 'disk';
  return nowMs - changedAtMs > (isInstalling ? INSTALL_STAYS_MS : STAYS_MS[going]);
}

export const bootBoard = new BootBoard();
