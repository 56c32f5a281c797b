import type { Machine } from '../../core/machines/machine.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { cachedStores } from '../../store/read-cache.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { image, profile } from '../../store/suite/samples.ts';
import { BootService } from '../boot/boot-service.ts';
import { EventLog } from '../event-log.ts';
import { InstallService } from '../installs/install-service.ts';
import { WaveService } from '../waves/wave-service.ts';
import { WaveTurns } from '../waves/wave-turns.ts';

const START_MS = 1_790_000_000_000;
/** Looks that one change leads to at most. */
const MAX_LOOKS = 20;

export interface SimulatedMachine {
  /** Does the next thing that such a machine does: asks what to boot, or what its installer does next. */
  readonly goOn: () => Promise<void>;
  /** How often it was told to start an installer anew. */
  readonly installers: number;
}

/** Waves over a real store, with machines that ask and report as real ones do. */
export class WaveLab {
  readonly stores: Stores;
  readonly installs: InstallService;
  readonly waves: WaveService;
  readonly boot: BootService;
  /** Names, in their order. */
  readonly switchedOn: string[] = [];
  /** Ids of machines whose BMC does not answer. */
  readonly deadPower = new Set<string>();
  /** Ids of machines without a BMC. */
  readonly powerless = new Set<string>();
  /** Ids of machines that are on. */
  readonly running = new Set<string>();
  /** What each power action waits for. */
  powerTakes: Promise<void> = Promise.resolve();
  powerAsked = 0;
  bytesPerSecond = 0;
  random = 0.5;
  readonly #events: EventLog;
  readonly #mistakes: unknown[] = [];
  #turns: WaveTurns;
  #nowMs = START_MS;

  private constructor(stores: Stores) {
    this.stores = stores;
    const needs = {
      clock: { nowMs: () => this.#nowMs },
      failed: (error: unknown) => void this.#mistakes.push(error),
    };
    let drawn = 0;
    const randomHex = (bytes: number): string => (++drawn).toString(16).padStart(bytes * 2, '0');
    this.#events = new EventLog({ events: stores.events, ...needs });
    this.installs = new InstallService({
      ...stores,
      events: this.#events,
      clock: needs.clock,
      steadyClock: needs.clock,
      randomHex,
      machineHttp: 'on',
    });
    this.waves = new WaveService({
      ...stores,
      installs: this.installs,
      events: this.#events,
      clock: needs.clock,
      changed: () => this.turns.look(),
      objectionToPower: async ({ id }) =>
        this.powerless.has(id) ? 'nothing is known of its BMC' : undefined,
      objectionToCut: (machine) => this.#objectionToCut(machine),
    });
    this.boot = new BootService(stores);
    this.#turns = this.#openTurns();
  }

  static async open(): Promise<WaveLab> {
    const stores = cachedStores(await openEmptyStores());
    await stores.images.add(image({ kernel: 'linux' }));
    await stores.profiles.put(profile());
    const lab = new WaveLab(stores);
    await lab.turns.start();
    return lab;
  }

  get turns(): WaveTurns {
    return this.#turns;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  async settle(): Promise<void> {
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      this.turns.look();
      await this.turns.settled();
      await this.#events.settled();
    }
    if (this.#mistakes.length > 0) throw new AggregateError(this.#mistakes);
  }

  async addMachines(count: number): Promise<readonly Machine[]> {
    const machines = Array.from(
      { length: count },
      (_, index): Machine => ({
        id: `m-${index.toString(16).padStart(12, '0')}`,
        name: `n-${index}`,
        macs: [parseMac((0x525400000000 + index).toString(16))],
        labels: {},
        variables: {},
        createdAtMs: START_MS,
      }),
    );
    for (const machine of machines) await this.stores.machines.put(machine);
    return machines;
  }

  simulate(machine: Machine, plan: { readonly steps: number }): SimulatedMachine {
    return simulate(this, machine, plan);
  }

  /** The turns begin anew, as after a restart of Muster. */
  async restart(): Promise<void> {
    await this.turns.close();
    this.#turns = this.#openTurns();
    await this.turns.start();
    await this.settle();
  }

  async close(): Promise<void> {
    await this.turns.close();
    await this.#events.settled();
    await this.stores.close();
  }

  async #objectionToCut({ id, name }: Machine): Promise<string | undefined> {
    return this.running.has(id) ? `${name} is on` : undefined;
  }

  #openTurns(): WaveTurns {
    return new WaveTurns({
      ...this.stores,
      installs: this.installs,
      events: this.#events,
      clock: { nowMs: () => this.#nowMs },
      failed: (error) => void this.#mistakes.push(error),
      bytesPerSecond: () => this.bytesPerSecond,
      random: () => this.random,
      objectionToCut: (machine) => this.#objectionToCut(machine),
      powerOn: async ({ id, name }) => {
        this.powerAsked += 1;
        await this.powerTakes;
        if (this.deadPower.has(id)) return { done: false, because: 'its BMC does not answer' };
        this.switchedOn.push(name);
        return { done: true };
      },
    });
  }
}

/** Boots from the network first, always; its installer takes so many steps. */
function simulate(lab: WaveLab, machine: Machine, { steps }: { readonly steps: number }): SimulatedMachine {
  const simulated = { installers: 0 };
  let installId: string | undefined;
  let step = 0;
  const report = async (event: Parameters<InstallService['happened']>[1]): Promise<void> => {
    const told = await lab.installs.happened(installId ?? '', event);
    if (!told.happened) throw new Error(told.because);
  };
  const ask = async (): Promise<void> => {
    const plan = await lab.boot.planFor(machine);
    if (plan.boot === 'wait') lab.turns.stoodWaiting(machine.id);
    if (plan.boot !== 'installer') return;
    simulated.installers += 1;
    installId = plan.installId;
    step = 0;
    await report('bootOffered');
  };
  const install = async (): Promise<void> => {
    step += 1;
    if (step === 1) return await report('answerServed');
    if (step <= steps) return await report('progressed');
    await report('finished');
    installId = undefined;
  };
  return {
    goOn: () => (installId === undefined ? ask() : install()),
    get installers() {
      return simulated.installers;
    },
  };
}
