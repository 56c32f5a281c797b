import { join } from 'node:path';
import { MAX_MIRRORS, type Mirror, objectionToMirrorSize } from '../../core/mirrors/mirror.ts';
import type { MirrorStore } from '../../core/mirrors/mirror-store.ts';
import { readMirrorUrl } from '../../core/mirrors/mirror-url.ts';
import type { Clock } from '../../lib/clock.ts';
import { Turns } from '../../lib/turns.ts';
import type { EventLog } from '../event-log.ts';
import type { MirrorAnswer } from './mirror-answer.ts';
import { checkKept } from './mirror-check.ts';
import { MirrorCounts } from './mirror-counts.ts';
import { MirrorKeeper } from './mirror-keeper.ts';
import { MirrorParts } from './mirror-parts.ts';
import { type Held, type MirrorState, stateOf } from './mirror-state.ts';
import { mirrorTelling } from './mirror-telling.ts';
import type { UpstreamLimits } from './mirror-upstream.ts';
import { type Outcome, refusal } from '../refusal.ts';

export interface MirrorServiceNeeds {
  readonly mirrors: MirrorStore;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  /** Each mirror has a folder of its name in it. */
  readonly folder: string;
  readonly freeBytes: number;
  readonly checkSeconds: number;
  readonly upstreamLimits?: Partial<UpstreamLimits>;
  readonly failed: (error: unknown) => void;
}

/** What of a new set of indexes came of a refresh. */
export interface MirrorRefresh {
  readonly folder: string;
  readonly result: 'same' | 'changed' | 'kept';
  readonly because?: string;
}

/** Lists of packages that are read at one time, of all mirrors together. */
const LISTS_AT_ONCE = 2;

/** The package mirrors: what people set up, and what machines ask of them. */
export class MirrorService {
  readonly #needs: MirrorServiceNeeds;
  readonly #held = new Map<string, Held>();
  readonly #turns = new Turns(LISTS_AT_ONCE);

  constructor(needs: MirrorServiceNeeds) {
    this.#needs = needs;
  }

  /** Takes up those of earlier; what they keep is looked through in the background. */
  async start(): Promise<void> {
    for (const mirror of await this.#needs.mirrors.list()) this.#hold(mirror);
  }

  /** Takes up what was written to the store beside this service: new ones, other limits, and those that are gone. */
  async follow(): Promise<void> {
    const stored = new Map((await this.#needs.mirrors.list()).map((mirror) => [mirror.name, mirror]));
    for (const [name, held] of this.#held) if (!stored.has(name)) await this.#letGo(name, held);
    for (const [name, mirror] of stored) {
      const held = this.#held.get(name);
      if (held === undefined) this.#hold(mirror);
      else await this.#become(held, mirror);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#held.values()].map(({ parts }) => parts.close()));
  }

  list(): readonly MirrorState[] {
    return [...this.#held.values()]
      .map(stateOf)
      .sort((one, other) => (one.mirror.name < other.mirror.name ? -1 : 1));
  }

  byName(name: string): MirrorState | undefined {
    const held = this.#held.get(name);
    return held && stateOf(held);
  }

  names(): readonly string[] {
    return [...this.#held.keys()].sort();
  }

  async add(
    wanted: Pick<Mirror, 'name' | 'url' | 'kind' | 'maxBytes'>,
  ): Promise<Outcome<{ state: MirrorState }>> {
    const url = readMirrorUrl(wanted.url);
    if (!url.read) return refusal('refused', url.because);
    const objection = objectionToMirrorSize(wanted.maxBytes);
    if (objection !== undefined) return refusal('refused', objection);
    if (this.#held.size >= MAX_MIRRORS)
      return refusal('refused', `there are ${MAX_MIRRORS} mirrors, which are the most`);
    const mirror: Mirror = { ...wanted, url: url.url, mode: 'online', addedAtMs: this.#needs.clock.nowMs() };
    const put = await this.#needs.mirrors.add(mirror);
    if (!put.put) return refusal('conflict', put.because);
    return { done: true, state: stateOf(this.#hold(mirror)) };
  }

  async change(
    name: string,
    change: Partial<Pick<Mirror, 'maxBytes' | 'mode'>>,
  ): Promise<Outcome<{ state: MirrorState }>> {
    const held = this.#held.get(name);
    if (held === undefined) return unknownMirror(name);
    const mirror = { ...held.mirror, ...change };
    const objection = objectionToMirrorSize(mirror.maxBytes);
    if (objection !== undefined) return refusal('refused', objection);
    await this.#needs.mirrors.change(mirror);
    await this.#become(held, mirror);
    return { done: true, state: stateOf(held) };
  }

  async #become(held: Held, mirror: Mirror): Promise<void> {
    held.mirror = mirror;
    await held.parts.ready;
    await held.parts.kept.trim();
  }

  /** With all that is kept of it. */
  async remove(name: string): Promise<Outcome> {
    const held = this.#held.get(name);
    if (held === undefined) return unknownMirror(name);
    await this.#needs.mirrors.remove(name);
    await this.#letGo(name, held);
    return { done: true };
  }

  async #letGo(name: string, held: Held): Promise<void> {
    this.#held.delete(name);
    await held.parts.close();
    await held.parts.files.removeAll();
  }

  /** Asks for every set of indexes that is kept, whenever it was asked for last. */
  async refresh(name: string): Promise<Outcome<{ refreshed: readonly MirrorRefresh[] }>> {
    const held = this.#held.get(name);
    if (held === undefined) return unknownMirror(name);
    if (held.mirror.mode === 'offline')
      return refusal(
        'refused',
        `mirror "${name}" is set offline: muster mirror set ${name} --online changes that`,
      );
    const { parts, keeper } = held;
    await parts.ready;
    parts.reach.askAgain();
    keeper.forgetRefusals();
    const refreshed: MirrorRefresh[] = [];
    for (const folder of parts.heads.folders()) {
      const end = await parts.heads.refresh(folder);
      refreshed.push({
        folder: `/${folder}`,
        result: end.heads,
        ...(end.heads === 'kept' ? { because: end.because } : {}),
      });
    }
    return { done: true, refreshed };
  }

  /** Begins to read everything that is kept; `MirrorState` tells how far it is. */
  async check(name: string): Promise<Outcome<{ state: MirrorState }>> {
    const held = this.#held.get(name);
    if (held === undefined) return unknownMirror(name);
    await held.parts.ready;
    if (held.check?.state === 'running')
      return refusal('refused', `mirror "${name}" is being checked already`);
    const tell = mirrorTelling(this.#needs.events, () => held.mirror, held.counts);
    void checkKept(held.parts, {
      nowMs: () => this.#needs.clock.nowMs(),
      told: (check) => {
        held.check = check;
      },
      damaged: tell.damaged,
    }).catch(this.#needs.failed);
    return { done: true, state: stateOf(held) };
  }

  /** Undefined where there is no mirror of that name. */
  async open(name: string, path: string): Promise<MirrorAnswer | undefined> {
    return await this.#held.get(name)?.keeper.open(path);
  }

  sent(name: string, bytes: number): void {
    const held = this.#held.get(name);
    if (held !== undefined) held.counts.sentBytes += bytes;
  }

  #hold(mirror: Mirror): Held {
    const { events, clock, folder, freeBytes, checkSeconds, upstreamLimits, failed } = this.#needs;
    const counts = new MirrorCounts();
    const nowMs = (): number => clock.nowMs();
    // What it is made of asks only once it is all there.
    const current = (): Mirror => this.#held.get(mirror.name)?.mirror ?? mirror;
    const telling = mirrorTelling(events, current, counts);
    const parts = new MirrorParts({
      mirror: current,
      folder: join(folder, mirror.name),
      freeBytes,
      nowMs,
      upstreamLimits,
      received: (bytes) => {
        counts.fetchedBytes += bytes;
      },
      turns: this.#turns,
      tell: telling,
      failed,
    });
    const keeper = new MirrorKeeper({
      mirror: current,
      parts,
      counts,
      nowMs,
      checkEveryMs: checkSeconds * 1000,
    });
    const held: Held = { mirror, parts, keeper, counts, check: undefined };
    this.#held.set(mirror.name, held);
    return held;
  }
}

function unknownMirror(name: string): Outcome<never> {
  return refusal('not found', `there is no mirror "${name}"`);
}
