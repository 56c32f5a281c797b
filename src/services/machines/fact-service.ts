import { type Facts, type FactReport, type FactSource } from '../../core/machines/facts.ts';
import type { FactStore } from '../../core/machines/fact-store.ts';
import { type MergedFacts, mergeFacts } from '../../core/machines/merge-facts.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { Turns } from '../../lib/turns.ts';

export interface FactServiceNeeds {
  readonly facts: FactStore;
  readonly clock: Clock;
  /**
   * What was seen could not be read or written; nobody waits for it. Told when that begins, and not again before a write
   * has worked.
   */
  readonly failed: (error: unknown) => void;
}

export interface FactsOfMachine extends MergedFacts {
  readonly reports: readonly FactReport[];
}

/** What is seen of one machine is written no more often: its packets are not to be trusted to be few. */
export const SEEN_WRITE_EVERY_MS = 10_000;
/** What is seen gathers for so long: a room of machines that boots is then a few transactions, and not thousands. */
export const SEEN_GATHER_MS = 250;
/** When so many wait, by machine and source, they are written at once. */
export const FULL_TURN = 1_000;
/** Machines and sources of which is remembered what was seen; no more wait, either. */
const MAX_SEEN = 16_384;

/** Sources that tell some of it at a time. */
const SEEN_IN_PASSING = ['dhcp', 'ipxe'] as const satisfies readonly FactSource[];
type SeenInPassing = (typeof SEEN_IN_PASSING)[number];

/** What packets told since the last turn. */
interface Gathered {
  readonly machineId: string;
  readonly source: SeenInPassing;
  readonly facts: Facts;
  /** Of the last packet. */
  readonly atMs: number;
}

/** What is known; changed only in turns. */
interface Seen {
  facts: Facts;
  /** As it was written last. */
  written: string;
  /** When the packet came with which it was written. */
  writtenAtMs: number;
}

interface News {
  readonly gathered: Gathered;
  readonly seen: Seen;
  readonly text: string;
}

/** What machines say of their hardware, and what is believed of it. */
export class FactService {
  readonly #needs: FactServiceNeeds;
  readonly #seen = new BoundedCache<string, Seen>(MAX_SEEN, () => 1);
  /** In turns, one after another: what was gathered is read and written together. */
  readonly #turns = new Turns(1);
  readonly #gathered = new Map<string, Gathered>();
  /** Of turns that failed: it comes along with the next packet of its machine. */
  readonly #left = new BoundedCache<string, Gathered>(MAX_SEEN, () => 1);
  #timer: NodeJS.Timeout | undefined;
  /** The turn that has not begun, and will take all that is gathered by then. */
  #next: Promise<void> | undefined;
  #inTrouble = false;

  constructor(needs: FactServiceNeeds) {
    this.#needs = needs;
  }

  async ofMachine(machineId: string): Promise<FactsOfMachine> {
    const reports = await this.#needs.facts.ofMachine(machineId);
    return { reports, ...mergeFacts(reports) };
  }

  /** A report as a whole; it is on disk when this resolves. False where there is no such machine. */
  async said(machineId: string, source: FactSource, facts: Facts): Promise<boolean> {
    return await this.#needs.facts.put(machineId, { source, facts, atMs: this.#needs.clock.nowMs() });
  }

  /**
   * What is seen in passing, some of it at a time: the ROM tells the firmware, the system its name. Nothing is written
   * unless it is news, and then not for each packet. It is on disk a little after `SEEN_GATHER_MS`.
   */
  seen(machineId: string, source: SeenInPassing, facts: Facts): void {
    const key = keyOf(machineId, source);
    const before = this.#gathered.get(key) ?? this.#left.get(key);
    // The disk is slower than the packets: the next one of this machine tells it once more.
    if (!before && this.#gathered.size >= MAX_SEEN) return;
    this.#left.forget(key);
    const merged = { ...before?.facts, ...facts };
    this.#gathered.set(key, { machineId, source, facts: merged, atMs: this.#needs.clock.nowMs() });
    if (this.#gathered.size >= FULL_TURN) void this.#turn();
    else this.#timer ??= setTimeout(() => void this.#turn(), SEEN_GATHER_MS).unref();
  }

  /** Resolves when everything seen so far is on disk, is known not to be news, or was told as failed. */
  async settled(): Promise<void> {
    await this.#turn();
  }

  /**
   * Runs `work`, which makes two machines one, or one two. Nothing that was seen is read or written meanwhile: it would
   * go over what `work` leaves. What is kept of a machine that it forgets is another's too by then, or no more its own:
   * the next that is seen comes to what is on disk.
   */
  async apart<T>(work: (forget: (machineId: string) => void) => Promise<T>): Promise<T> {
    return await this.#turns.take(() => work((machineId) => this.#forget(machineId)));
  }

  /** After all that is under way; never rejects. */
  #turn(): Promise<void> {
    this.#next ??= this.#turns.take(async () => {
      // Let everything that happens in this turn of the loop join.
      await Promise.resolve();
      this.#next = undefined;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const gathered = [...this.#gathered.values()];
      this.#gathered.clear();
      if (gathered.length > 0) await this.#write(gathered);
    });
    return this.#next;
  }

  async #write(gathered: readonly Gathered[]): Promise<void> {
    try {
      const news = await this.#newsIn(gathered);
      if (news.length === 0) return;
      const gone = await this.#needs.facts.putAll(
        news.map(({ gathered: { machineId, source, atMs }, seen: { facts } }) => ({
          machineId,
          source,
          facts,
          atMs,
        })),
      );
      for (const { gathered: one, seen, text } of news) {
        seen.written = text;
        seen.writtenAtMs = one.atMs;
      }
      for (const machineId of gone) this.#forget(machineId);
      this.#inTrouble = false;
    } catch (error) {
      for (const one of gathered) this.#leave(one);
      if (!this.#inTrouble) this.#needs.failed(error);
      this.#inTrouble = true;
    }
  }

  async #newsIn(gathered: readonly Gathered[]): Promise<readonly News[]> {
    const known = await this.#known(gathered);
    return known.flatMap(({ gathered: one, seen }) => {
      seen.facts = { ...seen.facts, ...one.facts };
      const text = JSON.stringify(seen.facts);
      const isEarly = one.atMs - seen.writtenAtMs < SEEN_WRITE_EVERY_MS;
      return text === seen.written || isEarly ? [] : [{ gathered: one, seen, text }];
    });
  }

  /** What is known of each; what is not remembered is read for all of them at once. */
  async #known(gathered: readonly Gathered[]): Promise<readonly Omit<News, 'text'>[]> {
    const remembered = gathered.map((one) => ({
      gathered: one,
      seen: this.#seen.get(keyOf(one.machineId, one.source)),
    }));
    const unknown = remembered.flatMap(({ gathered: { machineId }, seen }) => (seen ? [] : [machineId]));
    const reports = await this.#needs.facts.ofMachines(unknown);
    return remembered.map(({ gathered: one, seen }) => {
      if (seen) return { gathered: one, seen };
      const { machineId, source } = one;
      const facts = reports.get(machineId)?.find((report) => report.source === source)?.facts ?? {};
      const read = { facts, written: JSON.stringify(facts), writtenAtMs: Number.NEGATIVE_INFINITY };
      this.#seen.set(keyOf(machineId, source), read);
      return { gathered: one, seen: read };
    });
  }

  #leave(failed: Gathered): void {
    const key = keyOf(failed.machineId, failed.source);
    // The next packet may have come in the meantime.
    const next = this.#gathered.get(key);
    if (next) this.#gathered.set(key, { ...next, facts: { ...failed.facts, ...next.facts } });
    else this.#left.set(key, failed);
  }

  #forget(machineId: string): void {
    for (const source of SEEN_IN_PASSING) {
      const key = keyOf(machineId, source);
      this.#seen.forget(key);
      this.#gathered.delete(key);
      this.#left.forget(key);
    }
  }
}

function keyOf(machineId: string, source: SeenInPassing): string {
  return `${machineId} ${source}`;
}
