import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachinePower } from '../../core/power/machine-power.ts';
import { POWER_DRIVERS } from '../../core/power/power-driver.ts';
import type { PowerService } from './power-service.ts';

/** Between two looks at all machines, in milliseconds. */
export const LOOK_EVERY_MS = 300_000;
/** Machines looked at one at a time; people's actions do not wait behind them. */
export const LOOKS_AT_ONCE = 8;

export interface PowerWatchNeeds {
  readonly power: Pick<PowerService, 'list' | 'look'>;
  readonly machines: { byId(id: string): Promise<Machine | undefined> };
  readonly everyMs?: number;
  readonly failed: (error: unknown) => void;
}

/** Looks again and again whether machines are on, so that lists tell how it was a few minutes ago. */
export class PowerWatch {
  readonly #needs: PowerWatchNeeds;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(needs: PowerWatchNeeds) {
    this.#needs = needs;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The look that is under way is waited for. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** One look at every machine that can tell. */
  async round(): Promise<void> {
    const due = (await this.#needs.power.list()).filter(isAsked);
    const next = due.values();
    const workers = Array.from({ length: Math.min(LOOKS_AT_ONCE, due.length) }, async () => {
      for (const power of next) {
        if (this.#stop.signal.aborted) return;
        const machine = await this.#needs.machines.byId(power.machineId);
        if (machine) await this.#needs.power.look(machine, power);
      }
    });
    await Promise.all(workers);
  }

  async #run(): Promise<void> {
    const { everyMs = LOOK_EVERY_MS, failed } = this.#needs;
    while (!this.#stop.signal.aborted) {
      await this.round().catch(failed);
      await sleep(everyMs, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
    }
  }
}

/** After a password was refused nobody asks by himself again: BMCs lock accounts. */
function isAsked({ settings, trouble }: MachinePower): boolean {
  return POWER_DRIVERS[settings.driver].tellsState && trouble?.kind !== 'login';
}
