import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseGroup, LeaseRecords } from '../../core/network/lease-store.ts';
import type { Lease } from '../../core/network/lease.ts';
import type { LeaseChange, LeaseTable } from '../../core/network/lease-table.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import type { LeaseClock } from './lease-clock.ts';
import { LeaseGroupCounts } from './lease-group-counts.ts';

export interface LeaseGroupsNeeds {
  readonly table: LeaseTable;
  readonly records: Pick<LeaseRecords, 'write'>;
  readonly clock: Pick<LeaseClock, 'reading'>;
  /** A group could not be written, or one could after that. Told once for each change. */
  readonly report: (trouble: unknown) => void;
}

/** Changes that go to disk together. */
interface Group {
  readonly changes: LeaseChange[];
  /** Resolves, when it is on disk, to the names of the subnets that were not there any more. */
  readonly written: Promise<readonly string[]>;
  readonly resolve: (gone: readonly string[]) => void;
  readonly reject: (error: LeaseNotWritten) => void;
}

/** After a group of so many changes there is a crowd, and the next group gathers for this long, in milliseconds. */
const CROWD = 4;
const GATHER_MS = 4;

/** The disk did not take it, so it is as if it had never been asked for. */
export class LeaseNotWritten extends Error {
  override readonly name = 'LeaseNotWritten';
}

/**
 * Writes what changes in the table: all that came while the last group was written goes in the next one, so that one
 * wait for the disk serves hundreds of clients. A group that cannot be written is taken back from the table, and
 * with it all that came after it, since that was decided on top of it.
 */
export class LeaseGroups {
  readonly counts = new LeaseGroupCounts();
  readonly #needs: LeaseGroupsNeeds;
  #underWay: Group | undefined;
  #waiting: Group | undefined;
  #writing: Promise<void> | undefined;
  #shiftMs = 0;
  #inTrouble = false;

  constructor(needs: LeaseGroupsNeeds) {
    this.#needs = needs;
  }

  /**
   * Resolves when the changes, which the table has already, are on disk; gives the subnets that were gone.
   *
   * @throws LeaseNotWritten when they are not, and were taken back.
   */
  written(changes: readonly LeaseChange[]): Promise<readonly string[]> {
    this.#waiting ??= newGroup();
    this.#waiting.changes.push(...changes);
    this.#writing ??= this.#write();
    return this.#waiting.written;
  }

  /** The last group could not be written. */
  get inTrouble(): boolean {
    return this.#inTrouble;
  }

  /** The wall clock jumped, and the table was shifted: what is on disk follows with the next group, which is now. */
  shift(byMs: number): void {
    this.#shiftMs += byMs;
    for (const group of [this.#underWay, this.#waiting]) {
      if (!group) continue;
      const shifted = group.changes.map((change) => shiftedBack(change, byMs));
      group.changes.splice(0, group.changes.length, ...shifted);
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    // Let everything that happens in this turn of the loop join the group.
    await Promise.resolve();
    while (this.#waiting) {
      const group = this.#waiting;
      this.#waiting = undefined;
      this.#underWay = group;
      await this.#writeGroup(group);
      this.#underWay = undefined;
      if (group.changes.length >= CROWD) await sleep(GATHER_MS);
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: Group): Promise<void> {
    const { records, clock, report } = this.#needs;
    const shiftMs = this.#shiftMs;
    const content: LeaseGroup = { shiftMs, leases: this.#leasesOf(group), clock: clock.reading() };
    const beganMs = performance.now();
    try {
      const gone = await records.write(content);
      this.counts.written(content.leases.length, (performance.now() - beganMs) / 1000);
      this.#shiftMs -= shiftMs;
      if (this.#inTrouble) report(undefined);
      this.#inTrouble = false;
      group.resolve(gone);
    } catch (error) {
      this.counts.failed();
      if (!this.#inTrouble) report(error);
      this.#inTrouble = true;
      this.#takeBack(group, error);
    }
  }

  /** As the table has them now: what changed twice is written once. */
  #leasesOf(group: Group): readonly Lease[] {
    const addresses = new Set<Ipv4Address>(group.changes.map(({ address }) => address));
    return [...addresses].flatMap((address) => this.#needs.table.get(address) ?? []);
  }

  #takeBack(failed: Group, cause: unknown): void {
    const later = this.#waiting;
    this.#waiting = undefined;
    const changes = [...failed.changes, ...(later?.changes ?? [])];
    for (const change of changes.reverse()) this.#needs.table.undo(change);
    const because = cause instanceof Error ? cause.message : String(cause);
    const error = new LeaseNotWritten(`The lease could not be written: ${because}`, { cause });
    failed.reject(error);
    later?.reject(error);
  }
}

function newGroup(): Group {
  let resolve: Group['resolve'] = () => undefined;
  let reject: Group['reject'] = () => undefined;
  const written = new Promise<readonly string[]>((onWritten, onFailed) => {
    resolve = onWritten;
    reject = onFailed;
  });
  // Whoever waits for it hears of it; a group of nothing but the clock has nobody.
  written.catch(() => undefined);
  return { changes: [], written, resolve, reject };
}

function shiftedBack({ address, before }: LeaseChange, byMs: number): LeaseChange {
  if (!before) return { address, before };
  const { startedAtMs, expiresAtMs } = before;
  return {
    address,
    before: { ...before, startedAtMs: startedAtMs + byMs, expiresAtMs: expiresAtMs + byMs },
  };
}
