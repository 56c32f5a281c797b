import type { Install } from '../../core/install/install.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { Wave } from '../../core/waves/wave.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallService } from '../installs/install-service.ts';

export interface SwitchingOnNeeds {
  readonly machines: Pick<MachineStore, 'byId'>;
  readonly installs: Pick<InstallService, 'byId' | 'cancel'>;
  readonly events: Pick<EventLog, 'list' | 'note'>;
  /** From 0 up to, but not, 1. */
  readonly random: () => number;
  /** Boots it from the network: sets its next boot, and switches it on, or off and on. */
  readonly powerOn: (machine: Machine) => Promise<{ done: true } | { done: false; because: string }>;
  /** Something failed that is our fault; waves go on. */
  readonly failed: (error: unknown) => void;
}

/** Of an install that nobody booted yet: it has few. */
const MAX_EVENTS = 100;

/** Switches machines on whose turn it is, each within its wave's jitter. */
export class SwitchingOn {
  readonly #needs: SwitchingOnNeeds;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(needs: SwitchingOnNeeds) {
    this.#needs = needs;
  }

  soon({ name, jitterSeconds }: Pick<Wave, 'name' | 'jitterSeconds'>, { id }: Pick<Install, 'id'>): void {
    const delayMs = Math.floor(this.#needs.random() * jitterSeconds * 1_000);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#switchOn(name, id).catch(this.#needs.failed);
    }, delayMs);
    this.#timers.add(timer);
  }

  /** After a start of Muster: one that was switched on before is on its way, and would be cut. */
  async unlessDone(wave: Pick<Wave, 'name' | 'jitterSeconds'>, install: Pick<Install, 'id'>): Promise<void> {
    const told = await this.#needs.events.list({ installId: install.id }, MAX_EVENTS);
    if (!told.some(({ kind }) => kind === 'wave.machineOn')) this.soon(wave, install);
  }

  /** An action that is under way is broken off by those who do it. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #switchOn(name: string, installId: string): Promise<void> {
    const { installs, machines, powerOn, events } = this.#needs;
    const install = await installs.byId(installId);
    // Somebody cancelled it meanwhile, or switched the machine on: a running machine would be cut for nothing.
    if (install?.state !== 'requested' || this.#isClosed) return;
    const machine = await machines.byId(install.machineId);
    if (!machine) return;
    const switched = await powerOn(machine);
    if (switched.done) {
      const text = `${machine.name} was switched on, since it is its turn in wave ${name}`;
      events.note({ kind: 'wave.machineOn', text, machineId: machine.id, installId, data: { wave: name } });
      return;
    }
    // What was broken off because Muster stops is done when it starts again, and says nothing of the machine.
    if (this.#isClosed) return;
    events.note({
      kind: 'wave.machineFailed',
      text: `${machine.name} could not be switched on for wave ${name}`,
      because: switched.because,
      machineId: machine.id,
      installId,
      data: { wave: name },
    });
    // It would hold its turn until the install expires.
    await installs.cancel(installId, `it could not be switched on: ${switched.because}`);
  }
}
