import { type Facts, type FactReport, type FactSource } from '../../core/machines/facts.ts';
import type { FactStore } from '../../core/machines/fact-store.ts';
import { type MergedFacts, mergeFacts } from '../../core/machines/merge-facts.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { Clock } from '../../lib/clock.ts';

export interface FactServiceNeeds {
  readonly facts: FactStore;
  readonly clock: Clock;
  /** A write that did not work; nobody waits for what was only seen. */
  readonly failed: (error: unknown) => void;
}

export interface FactsOfMachine extends MergedFacts {
  readonly reports: readonly FactReport[];
}

/** What is seen of one machine is written no more often: its packets are not to be trusted to be few. */
export const SEEN_WRITE_EVERY_MS = 10_000;
/** Machines of which is remembered what was seen. */
const MAX_SEEN = 16_384;

/** Sources that tell some of it at a time. */
const SEEN_IN_PASSING = ['dhcp', 'ipxe'] as const satisfies readonly FactSource[];
type SeenInPassing = (typeof SEEN_IN_PASSING)[number];

interface Seen {
  facts: Facts;
  /** As it was written last. */
  written: string;
  writtenAtMs: number;
}

/** What machines say of their hardware, and what is believed of it. */
export class FactService {
  readonly #needs: FactServiceNeeds;
  readonly #seen = new BoundedCache<string, Seen>(MAX_SEEN, () => 1);
  /** What nobody waits for. */
  readonly #writing = new Set<Promise<void>>();

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
   * unless it is news, and then not for each packet.
   */
  seen(machineId: string, source: SeenInPassing, facts: Facts): void {
    const writing = this.#see(machineId, source, facts)
      .catch(this.#needs.failed)
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Resolves when everything seen so far is on disk, or is known not to be news. */
  async settled(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  /** What is kept of it by now is another's too, or no more its own: the next that is seen comes to what is kept. */
  forget(machineId: string): void {
    for (const source of SEEN_IN_PASSING) this.#seen.forget(keyOf(machineId, source));
  }

  async #see(machineId: string, source: SeenInPassing, facts: Facts): Promise<void> {
    const seen = await this.#known(machineId, source);
    seen.facts = { ...seen.facts, ...facts };
    const text = JSON.stringify(seen.facts);
    const nowMs = this.#needs.clock.nowMs();
    if (text === seen.written || nowMs - seen.writtenAtMs < SEEN_WRITE_EVERY_MS) return;
    seen.writtenAtMs = nowMs;
    await this.said(machineId, source, seen.facts);
    seen.written = text;
  }

  async #known(machineId: string, source: SeenInPassing): Promise<Seen> {
    const key = keyOf(machineId, source);
    const known = this.#seen.get(key);
    if (known) return known;
    const reports = await this.#needs.facts.ofMachine(machineId);
    const facts = reports.find((report) => report.source === source)?.facts ?? {};
    // Another packet may have read it in the meantime.
    const now = this.#seen.get(key);
    if (now) return now;
    const read = { facts, written: JSON.stringify(facts), writtenAtMs: Number.NEGATIVE_INFINITY };
    this.#seen.set(key, read);
    return read;
  }
}

function keyOf(machineId: string, source: SeenInPassing): string {
  return `${machineId} ${source}`;
}
