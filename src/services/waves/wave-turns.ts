import type { EventKind } from '../../core/events/event-kinds.ts';
import type { Install } from '../../core/install/install.ts';
import { isOver } from '../../core/install/life.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { SwitchingOn, type SwitchingOnNeeds } from './switching-on.ts';
import { type Asking, decideStarts, HEARD_MS } from '../../core/waves/decide-starts.ts';
import {
  isFinished,
  MAX_WAVE_MACHINES,
  type WaveMember,
  type WaveWithMembers,
} from '../../core/waves/wave.ts';
import type { WaveStore } from '../../core/waves/wave-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { InstallService } from '../installs/install-service.ts';

/** Without anything that happens, turns are looked at this often: a rate that sank is told by nobody. */
const LOOK_MS = 2_000;
/** Times one look runs again for what it changed itself. */
const MAX_ROUNDS = 3;

const UNKNOWN_THEN = ', which was not known when the wave was made';

/** Events after which a machine's turn may be over. */
const ENDS: ReadonlySet<EventKind> = new Set([
  'install.finished',
  'install.failed',
  'install.timedOut',
  'install.bootedAgain',
  'install.expired',
  'install.cancelled',
]);

export interface WaveTurnsNeeds extends SwitchingOnNeeds {
  readonly waves: WaveStore;
  readonly installs: Pick<InstallService, 'arm' | 'byId' | 'cancel' | 'list'>;
  readonly events: Pick<EventLog, 'announce' | 'list' | 'listen' | 'note'>;
  readonly clock: Clock;
  /** What a person has to confirm before this machine is switched off and on, or undefined. */
  readonly objectionToCut: (machine: Machine) => Promise<string | undefined>;
  /** What all machines are sent now, in bytes a second. */
  readonly bytesPerSecond: () => number;
}

/** Gives machines of waves their turn, and takes it back when their install is over. */
export class WaveTurns {
  readonly #needs: WaveTurnsNeeds;
  /** Machines at the waiting menu. */
  readonly #asking = new Map<string, Asking>();
  readonly #switching: SwitchingOn;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #stop: (() => void) | undefined;

  constructor(needs: WaveTurnsNeeds) {
    this.#needs = needs;
    this.#switching = new SwitchingOn(needs);
  }

  /** Machines that had their turn and were not switched on, when Muster stopped, are switched on now. */
  async start(): Promise<void> {
    for (const { wave, members } of await this.#needs.waves.active()) {
      if (wave.power === 'none') continue;
      for (const member of members) {
        const install = member.state === 'started' ? await this.#installOf(member) : undefined;
        if (install?.state === 'requested') await this.#switching.unlessDone(wave, install);
      }
    }
    const timer = setInterval(() => this.look(), LOOK_MS);
    const silence = this.#needs.events.listen(({ kind }) => {
      if (ENDS.has(kind)) this.look();
    });
    this.#stop = () => {
      clearInterval(timer);
      silence();
    };
    this.look();
  }

  async close(): Promise<void> {
    this.#stop?.();
    this.#switching.close();
    await this.#looking;
  }

  /** A machine stands at the waiting menu, or asks again from there. */
  stoodWaiting(machineId: string): void {
    const nowMs = this.#needs.clock.nowMs();
    const before = this.#asking.get(machineId);
    const isSame = before !== undefined && nowMs - before.lastMs <= HEARD_MS;
    if (before === undefined && this.#asking.size >= MAX_WAVE_MACHINES) return;
    this.#asking.set(machineId, { sinceMs: isSame ? before.sinceMs : nowMs, lastMs: nowMs });
    this.look();
  }

  /** Looks what may go on, once more after a look that is under way. */
  look(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#lookUntilQuiet().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    while (this.#looking) await this.#looking;
  }

  async #lookUntilQuiet(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.#lookAgain = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        this.#needs.failed(error);
        return;
      }
      if (!this.#lookAgain) return;
    }
  }

  async #lookOnce(): Promise<void> {
    for (const one of await this.#needs.waves.active()) {
      for (const member of one.members) if (member.state === 'started') await this.#seeEnd(one, member);
    }
    const active = await this.#needs.waves.active();
    // What was under way when a wave was cancelled goes on to its end, and the wave stays cancelled.
    for (const one of active) if (isFinished(one) && one.wave.state !== 'cancelled') await this.#finish(one);
    const starts = decideStarts(active, {
      asking: this.#asking,
      bytesPerSecond: this.#needs.bytesPerSecond(),
      nowMs: this.#needs.clock.nowMs(),
    });
    for (const { wave: name, machineId } of starts) {
      const one = active.find(({ wave }) => wave.name === name);
      if (one) await this.#giveTurn(one, machineId);
    }
    this.#forgetSilent();
  }

  #forgetSilent(): void {
    const nowMs = this.#needs.clock.nowMs();
    for (const [machineId, { lastMs }] of this.#asking)
      if (nowMs - lastMs > HEARD_MS) this.#asking.delete(machineId);
  }

  async #installOf({ installId }: WaveMember): Promise<Install | undefined> {
    return installId === undefined ? undefined : await this.#needs.installs.byId(installId);
  }

  async #seeEnd({ wave }: WaveWithMembers, member: WaveMember): Promise<void> {
    const install = await this.#installOf(member);
    if (install && !isOver(install.state)) return;
    const next = await this.#nextTryOf(install);
    if (next) {
      await this.#needs.waves.putMember(wave.name, 'started', { ...member, installId: next.id });
      // One that booted anew asks for its installer just now; one that was silent hangs.
      if (wave.power === 'on' && install?.cause === 'timedOut') this.#switching.soon(wave, next);
      return;
    }
    const state = install?.state === 'installed' || install?.state === 'cancelled' ? install.state : 'failed';
    await this.#needs.waves.putMember(wave.name, 'started', {
      ...member,
      state,
      endedAtMs: install?.changedAtMs ?? this.#needs.clock.nowMs(),
      ...(state === 'installed' ? {} : { because: install?.because ?? 'its install is not there any more' }),
    });
  }

  /** An install that was cut off is tried again by another, which has its turn: they are armed in one transaction. */
  async #nextTryOf(install: Install | undefined): Promise<Install | undefined> {
    if (install?.state !== 'failed') return undefined;
    const [newest] = await this.#needs.installs.list({ machineId: install.machineId, limit: 1 });
    return newest?.retryOf === install.id ? newest : undefined;
  }

  async #finish({ wave, members }: WaveWithMembers): Promise<void> {
    const atMs = this.#needs.clock.nowMs();
    const installed = members.filter(({ state }) => state === 'installed').length;
    const written = await this.#needs.waves.advance(
      wave.name,
      wave.state,
      { state: 'done', changedAtMs: atMs },
      {
        kind: 'wave.done',
        atMs,
        text: `Wave ${wave.name} is done: ${installed} of ${members.length} machines are installed`,
        data: { wave: wave.name, installed, machines: members.length },
      },
    );
    if (written) this.#needs.events.announce(written);
  }

  async #giveTurn({ wave, members }: WaveWithMembers, machineId: string): Promise<void> {
    const machine = await this.#needs.machines.byId(machineId);
    const member = members.find((one) => one.machineId === machineId);
    if (!machine || !member) return;
    const { confirmed = [] } = member;
    const isCut =
      wave.power === 'on' && !confirmed.includes('running') && !this.#asking.has(machineId)
        ? await this.#needs.objectionToCut(machine)
        : undefined;
    if (isCut !== undefined)
      return await this.#fail(
        wave.name,
        machine,
        member,
        `${isCut}${UNKNOWN_THEN}: shut it down, and muster install ${machine.name} installs it`,
      );
    const armed = await this.#needs.installs.arm(machine, wave.profile, {
      because: `it is its turn in wave ${wave.name}`,
      // Nobody is there to ask: what was confirmed when the wave was made holds, and nothing else.
      confirmErase: confirmed.includes('data'),
      create: (install, event) => this.#needs.waves.start(wave.name, install, event),
    });
    if (armed.armed) {
      this.#asking.delete(machineId);
      if (wave.power === 'on') this.#switching.soon(wave, armed.install);
      return;
    }
    const current = (await this.#needs.waves.byName(wave.name))?.members.find(
      (member) => member.machineId === machineId,
    );
    // Another took its place meanwhile; it goes on waiting.
    if (current?.state !== 'waiting' || armed.machine === 'waits') return;
    const because =
      armed.no === 'holds data'
        ? `${armed.because}${UNKNOWN_THEN}: muster install ${machine.name} --erase installs it`
        : armed.because;
    await this.#fail(wave.name, machine, current, because);
  }

  async #fail(name: string, machine: Machine, member: WaveMember, because: string): Promise<void> {
    const failed = await this.#needs.waves.putMember(name, member.state, {
      ...member,
      state: 'failed',
      endedAtMs: this.#needs.clock.nowMs(),
      because,
    });
    if (!failed) return;
    this.#lookAgain = true;
    this.#needs.events.note({
      kind: 'wave.machineFailed',
      text: `${machine.name} gets no turn in wave ${name}`,
      because,
      machineId: machine.id,
      data: { wave: name },
    });
  }
}
