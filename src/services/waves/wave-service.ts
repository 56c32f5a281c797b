import type { EventKind } from '../../core/events/event-kinds.ts';
import { isOver } from '../../core/install/life.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Wave, WaveLoss, WaveState, WaveWithMembers } from '../../core/waves/wave.ts';
import type { WavePage, WaveQuery } from '../../core/waves/wave-page.ts';
import type { WaveStore } from '../../core/waves/wave-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallService } from '../installs/install-service.ts';
import { type Outcome, refusal } from '../refusal.ts';

/** What people say of a wave. */
export type WaveDraft = Pick<Wave, 'name' | 'profile' | 'budget' | 'jitterSeconds' | 'power'>;

export interface WaveServiceNeeds {
  readonly waves: WaveStore;
  readonly installs: Pick<InstallService, 'objectionToArm' | 'objectionToErase' | 'cancel' | 'list'>;
  readonly events: Pick<EventLog, 'announce'>;
  readonly clock: Clock;
  /** Something may go on now. */
  readonly changed: () => void;
  /** Whether this machine can be switched on from here, or why not. */
  readonly objectionToPower: (machine: Machine) => Promise<string | undefined>;
  /** What a person has to confirm before this machine is switched off and on, or undefined. */
  readonly objectionToCut: (machine: Machine) => Promise<string | undefined>;
}

/** Reasons that one refusal tells; the rest are counted. */
const MAX_REASONS = 10;

/** What people do with waves; `WaveTurns` is what goes on by itself. */
export class WaveService {
  readonly #needs: WaveServiceNeeds;

  constructor(needs: WaveServiceNeeds) {
    this.#needs = needs;
  }

  page(query: WaveQuery): Promise<WavePage> {
    return this.#needs.waves.page(query);
  }

  byName(name: string): Promise<WaveWithMembers | undefined> {
    return this.#needs.waves.byName(name);
  }

  /** All of them, or none: a machine that could not be armed now is told before anything is made. */
  async create(
    draft: WaveDraft,
    machines: readonly Machine[],
    erasing: 'confirmed' | 'asked' = 'asked',
  ): Promise<Outcome<WaveWithMembers>> {
    const one = [...new Map(machines.map((machine) => [machine.id, machine])).values()];
    if (one.length === 0) return refusal('bad configuration', 'a wave needs one machine at least');
    const reasons = await this.#objections(draft, one);
    if (reasons.length > 0) return refusal('refused', listed(reasons));
    const losses = await this.#losses(draft, one);
    if (erasing === 'asked' && losses.length > 0)
      return refusal('holds data', listed(losses.map(({ because }) => because)));
    const now = this.#needs.clock.nowMs();
    const wave: Wave = { ...draft, state: 'running', createdAtMs: now, changedAtMs: now };
    const created = await this.#needs.waves.create(
      wave,
      one.map(({ id }) => id),
      {
        kind: 'wave.created',
        atMs: now,
        text: `Wave ${wave.name} installs ${one.length} machines with profile ${wave.profile}, ${wave.budget.machines} at one time`,
        data: { wave: wave.name, machines: one.length, atOnce: wave.budget.machines },
      },
      lossesById(losses),
    );
    if (!created.created) return refusal('conflict', created.because);
    this.#needs.events.announce(created.event);
    this.#needs.changed();
    return await this.#found(wave.name);
  }

  pause(name: string, because: string): Promise<Outcome<WaveWithMembers>> {
    return this.#advance(name, ['running'], 'paused', {
      kind: 'wave.paused',
      text: `Wave ${name} is paused: what is under way goes on, and nothing else begins`,
      because,
    });
  }

  resume(name: string): Promise<Outcome<WaveWithMembers>> {
    return this.#advance(name, ['paused'], 'running', {
      kind: 'wave.resumed',
      text: `Wave ${name} goes on`,
    });
  }

  /** Machines that wait are left as they are. @param underWay what becomes of installs that have begun. */
  async cancel(
    name: string,
    underWay: 'goes on' | 'is cancelled',
    because: string,
  ): Promise<Outcome<WaveWithMembers>> {
    const cancelled = await this.#advance(name, ['running', 'paused'], 'cancelled', {
      kind: 'wave.cancelled',
      text: `Wave ${name} is cancelled: its machines that wait boot their own disk`,
      because,
    });
    if (!cancelled.done || underWay === 'goes on') return cancelled;
    for (const { state, installId } of cancelled.members) {
      // One that ended meanwhile is over already.
      if (state === 'started' && installId !== undefined) await this.#needs.installs.cancel(installId);
    }
    return await this.#found(name);
  }

  async remove(name: string): Promise<Outcome> {
    const removed = await this.#needs.waves.remove(name);
    if (removed.removed) return { done: true };
    return (await this.#needs.waves.byName(name))
      ? refusal('refused', removed.because)
      : refusal('not found', removed.because);
  }

  async #objections({ profile, power }: WaveDraft, machines: readonly Machine[]): Promise<readonly string[]> {
    const reasons: string[] = [];
    for (const machine of machines) {
      const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
      const open = newest && !isOver(newest.state) ? newest : undefined;
      const because =
        (open && `its install ${open.id} is ${open.state}: cancel it first, or let it end`) ??
        (await this.#needs.installs.objectionToArm(machine, profile)) ??
        (power === 'on' ? await this.#needs.objectionToPower(machine) : undefined);
      if (because !== undefined) reasons.push(`${machine.name}: ${because}`);
    }
    return reasons;
  }

  /** A wave asks once, for all of its machines; when each has its turn nobody may be there. */
  async #losses({ power }: WaveDraft, machines: readonly Machine[]): Promise<readonly KnownLoss[]> {
    const { installs, objectionToCut } = this.#needs;
    const losses = await Promise.all(
      machines.flatMap((machine) => [
        lossOf(machine, 'data', installs.objectionToErase(machine)),
        ...(power === 'on' ? [lossOf(machine, 'running', objectionToCut(machine))] : []),
      ]),
    );
    return losses.filter((loss) => loss !== undefined);
  }

  async #advance(
    name: string,
    from: readonly WaveState[],
    state: WaveState,
    event: { readonly kind: EventKind; readonly text: string; readonly because?: string },
  ): Promise<Outcome<WaveWithMembers>> {
    const known = await this.#needs.waves.byName(name);
    if (!known) return unknownWave(name);
    if (!from.includes(known.wave.state)) return refusal('refused', `wave "${name}" is ${known.wave.state}`);
    const atMs = this.#needs.clock.nowMs();
    const { because } = event;
    const changed = { state, changedAtMs: atMs, ...(because === undefined ? {} : { because }) };
    const written = await this.#needs.waves.advance(name, known.wave.state, changed, {
      ...event,
      atMs,
      data: { wave: name },
    });
    if (!written) return refusal('refused', `wave "${name}" changed meanwhile: look at it, and ask again`);
    this.#needs.events.announce(written);
    this.#needs.changed();
    return await this.#found(name);
  }

  async #found(name: string): Promise<Outcome<WaveWithMembers>> {
    const known = await this.#needs.waves.byName(name);
    return known ? { done: true, ...known } : unknownWave(name);
  }
}

function unknownWave(name: string): Outcome<never> {
  return refusal('not found', `there is no wave "${name}"`);
}

interface KnownLoss {
  readonly machineId: string;
  readonly loss: WaveLoss;
  readonly because: string;
}

async function lossOf(
  { id }: Machine,
  loss: WaveLoss,
  objection: Promise<string | undefined>,
): Promise<KnownLoss | undefined> {
  const because = await objection;
  return because === undefined ? undefined : { machineId: id, loss, because };
}

function lossesById(losses: readonly KnownLoss[]): ReadonlyMap<string, readonly WaveLoss[]> {
  const byId = new Map<string, readonly WaveLoss[]>();
  for (const { machineId, loss } of losses) byId.set(machineId, [...(byId.get(machineId) ?? []), loss]);
  return byId;
}

function listed(reasons: readonly string[]): string {
  const told = reasons.slice(0, MAX_REASONS);
  const more = reasons.length - told.length;
  return more === 0 ? told.join('; ') : `${told.join('; ')}; and ${more} more`;
}
