import type { Machine } from '../../core/machines/machine.ts';
import type { MachinePower, PowerSight, PowerStore } from '../../core/power/machine-power.ts';
import type { PowerWish } from '../../core/power/plan-power.ts';
import { POWER_DRIVERS, type PowerState, PowerTrouble } from '../../core/power/power-driver.ts';
import {
  objectionToPower,
  objectionToSettings,
  type PowerSettings,
  secretGoesTo,
} from '../../core/power/power-settings.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import { type Outcome, refusal } from '../refusal.ts';
import { type CarriedOut, carryOut, POWER_WAITS, type PowerWaits } from './carry-out.ts';
import type { OpenPower } from './power-drivers.ts';
import { PowerSlots } from './power-slots.ts';
import { tellOfSight } from './power-events.ts';

/** Actions of people at one time, for all machines together; others wait. */
export const MAX_ACTIONS = 16;
/** For one action, from its place in the queue on: less than a client of the API waits. */
export const ACTION_MS = 50_000;

export interface PowerServiceNeeds {
  readonly power: PowerStore;
  readonly machines: { find(reference: string): Promise<Machine | undefined> };
  readonly open: OpenPower;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
  readonly waits?: PowerWaits;
}

/** A wish that was carried out, or needed nothing. */
export interface Acted extends CarriedOut {
  readonly machine: Machine;
  readonly wish: PowerWish;
}

/** Switches machines on and off, and tells whether they are. One action at a time for each machine. */
export class PowerService {
  readonly #needs: PowerServiceNeeds;
  readonly #slots = new PowerSlots(MAX_ACTIONS);
  readonly #closing = new AbortController();

  constructor(needs: PowerServiceNeeds) {
    this.#needs = needs;
  }

  /** Of all machines, or of these. */
  list(machineIds?: readonly string[]): Promise<readonly MachinePower[]> {
    return this.#needs.power.list(machineIds);
  }

  /** Undefined where nothing is set for it. */
  ofMachine(machineId: string): Promise<MachinePower | undefined> {
    return this.#needs.power.ofMachine(machineId);
  }

  async find(reference: string): Promise<Outcome<{ machine: Machine; power: MachinePower }>> {
    const machine = await this.#needs.machines.find(reference);
    if (!machine) return refusal('not found', `there is no machine "${reference}"`);
    const power = await this.#needs.power.ofMachine(machine.id);
    if (power) return { done: true, machine, power };
    return refusal('not found', unset(machine.name));
  }

  /** @param secret absent: the one that is there stays, if it goes to the same place as before. */
  async set(
    reference: string,
    settings: PowerSettings,
    secret: string | undefined,
  ): Promise<Outcome<{ machine: Machine; power: MachinePower }>> {
    const { power, clock } = this.#needs;
    const found = await this.find(reference);
    const machine = found.done ? found.machine : await this.#needs.machines.find(reference);
    if (!machine) return refusal('not found', `there is no machine "${reference}"`);
    const unfit = objectionToSettings(settings);
    if (unfit !== undefined) return refusal('bad configuration', unfit);
    const keeps =
      secret === undefined && found.done && secretGoesTo(found.power.settings) === secretGoesTo(settings);
    const kept = keeps ? await power.secretOf(machine.id) : secret;
    const because = objectionToPower(settings, kept);
    if (because !== undefined) return refusal('bad configuration', because);
    const setAtMs = clock.nowMs();
    const isThere = await power.put(
      { machineId: machine.id, settings, setAtMs },
      keeps ? { keep: true } : { secret },
    );
    if (!isThere) return refusal('not found', `there is no machine "${reference}" any more`);
    return {
      done: true,
      machine,
      power: { machineId: machine.id, settings, setAtMs, secret: kept === undefined ? 'none' : 'kept' },
    };
  }

  async unset(reference: string): Promise<Outcome> {
    const found = await this.find(reference);
    if (!found.done) return found;
    await this.#needs.power.remove(found.machine.id);
    return { done: true };
  }

  /** Asks the machine now whether it is on. */
  async read(
    reference: string,
  ): Promise<Outcome<{ machine: Machine; power: MachinePower; state: PowerState }>> {
    const found = await this.find(reference);
    if (!found.done) return found;
    const { machine, power } = found;
    if (!POWER_DRIVERS[power.settings.driver].tellsState)
      return refusal('refused', `driver ${power.settings.driver} cannot tell whether ${machine.name} is on`);
    const looked = await this.look(machine, power);
    if ('trouble' in looked) return refusal('refused', `power of ${machine.name}: ${looked.trouble.because}`);
    return { ...found, power: (await this.ofMachine(machine.id)) ?? power, state: looked.state };
  }

  /** One look, which is kept and told where something changed. Never rejects for what a BMC does. */
  async look(machine: Machine, power: MachinePower): Promise<PowerSight> {
    const sight = await this.#sight(machine, power, async (target, enough) => {
      const link = await this.#needs.open(target, enough);
      try {
        return { state: await link.readState() };
      } finally {
        await link.close();
      }
    });
    await this.#saw(machine, power, sight.seen);
    return sight.seen;
  }

  /** What people, waves and hooks ask for. */
  async act(reference: string, wish: PowerWish): Promise<Outcome<Acted>> {
    const found = await this.find(reference);
    return found.done ? await this.#act(found.machine, found.power, wish) : found;
  }

  /** Why it cannot be switched on by anybody; undefined where it can be tried. */
  async objectionTo({ id, name }: Machine): Promise<string | undefined> {
    return (await this.ofMachine(id)) ? undefined : unset(name);
  }

  /** What is cut when it is switched off and on, as it was last seen: a machine that is on may be at work. */
  async objectionToCut({ id, name }: Machine): Promise<string | undefined> {
    const seen = (await this.ofMachine(id))?.seen;
    return seen?.state === 'on'
      ? `${name} is on, and would be switched off in the middle of its work`
      : undefined;
  }

  /** Its next boot is one from the network, and it begins now: switched on, or off and on. */
  async bootFromNetwork(machine: Machine): Promise<Outcome<Acted>> {
    return await this.act(machine.id, 'boot-network');
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#slots.idle();
  }

  async #act(machine: Machine, power: MachinePower, wish: PowerWish): Promise<Outcome<Acted>> {
    const underWay = this.#slots.underWay(machine.id);
    if (underWay !== undefined)
      return refusal('refused', `"${underWay}" is under way for ${machine.name}: wait until it is over`);
    return await this.#slots.run(machine.id, wish, async () => {
      const { open, waits = POWER_WAITS } = this.#needs;
      const { seen, result } = await this.#sight(machine, power, async (target, enough) =>
        carryOut(wish, target, { open, waits, enough }),
      );
      // That something was not done does not say that it cannot be reached.
      if (!('trouble' in seen && ['refused', 'unsupported'].includes(seen.trouble.kind)))
        await this.#saw(machine, power, seen);
      const because =
        result === undefined
          ? 'trouble' in seen
            ? seen.trouble.because
            : ''
          : result.done
            ? undefined
            : result.because;
      this.#tellOfAction(machine, power, wish, because, result?.state);
      if (result?.done) return { ...result, machine, wish };
      return refusal('refused', `power of ${machine.name}: ${because ?? ''}`);
    });
  }

  /** Does something with the open driver; what goes wrong there is seen, and what is wrong here is thrown. */
  async #sight<T extends { readonly state?: PowerState }>(
    machine: Machine,
    { settings }: MachinePower,
    work: (target: Parameters<OpenPower>[0], enough: AbortSignal) => Promise<T>,
  ): Promise<{ readonly seen: PowerSight; readonly result?: T }> {
    const { power, clock } = this.#needs;
    const enough = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ACTION_MS)]);
    try {
      const secret = await power.secretOf(machine.id);
      const result = await work({ machine, settings, secret }, enough);
      return { seen: { state: result.state ?? 'unknown', atMs: clock.nowMs() }, result };
    } catch (error) {
      const { kind, message: because } = troubleOf(error, enough);
      return { seen: { trouble: { kind, because, atMs: clock.nowMs() } } };
    }
  }

  async #saw(machine: Machine, power: MachinePower, sight: PowerSight): Promise<void> {
    const before = await this.#needs.power.ofMachine(machine.id);
    // Somebody set it anew meanwhile, or took it away.
    if (before?.setAtMs !== power.setAtMs) return;
    if (!POWER_DRIVERS[power.settings.driver].tellsState && 'state' in sight && before.trouble === undefined)
      return;
    await this.#needs.power.saw(machine.id, power.setAtMs, sight);
    for (const happening of tellOfSight(machine, before, sight)) this.#needs.events.note(happening);
  }

  #tellOfAction(
    { id, name }: Machine,
    { settings: { driver } }: MachinePower,
    action: PowerWish,
    because: string | undefined,
    state: PowerState | undefined,
  ): void {
    const data = { action, driver, state };
    this.#needs.events.note(
      because === undefined
        ? {
            kind: 'power.done',
            text: `Power of ${name}: ${action} was done by ${driver}`,
            machineId: id,
            data,
          }
        : {
            kind: 'power.failed',
            text: `Power of ${name}: ${action} was not done`,
            because,
            machineId: id,
            data,
          },
    );
  }
}

function unset(name: string): string {
  return `how to reach the power of ${name} is not known: muster power set says it`;
}

/** @throws what is no trouble of a driver's. */
function troubleOf(error: unknown, enough: AbortSignal): PowerTrouble {
  if (error instanceof PowerTrouble) return error;
  if (error instanceof SyntaxError) return new PowerTrouble('refused', error.message);
  if (enough.aborted)
    return new PowerTrouble('unreachable', `it took longer than ${ACTION_MS / 1000} s, or Muster stops`);
  throw error;
}
