import type { InstallQuery, InstallStore } from '../../core/install/install-store.ts';
import { applyEvent } from '../../core/install/apply-event.ts';
import { decideToolEnd } from '../../core/tools/decide-tool-end.ts';
import { decideInterruption } from '../../core/install/decide-interruption.ts';
import { decideRetry, nextTry } from '../../core/install/decide-retry.ts';
import type { Install, Moment } from '../../core/install/install.ts';
import { after, type InstallEvent } from '../../core/install/life.ts';
import { decideProgress } from '../../core/progress/decide-progress.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ArmAnswer, ArmManyAnswer, ArmManyOptions, ArmOneOptions, ArmWish } from './arm-options.ts';
import { InstallArming, type InstallArmingNeeds } from './install-arming.ts';
import { describeArming, describeEvent, type InstallDetails, withDetails } from './install-happenings.ts';

export { type InstallDetails, MAX_WORDS } from './install-happenings.ts';

/** Times a lost race is run again before the caller is told to ask later. */
const MAX_RACES = 5;
/** Installs of which is remembered when something was heard of them. */
const MAX_HEARD = 16_384;

export type Happened =
  | {
      readonly happened: true;
      readonly install: Install;
      /** The next try, which was armed with it. */
      readonly next?: Install;
    }
  | { readonly happened: false; readonly because: string };

export interface InstallServiceNeeds extends Omit<InstallArmingNeeds, 'now'> {
  readonly clock: Clock;
  /** Goes on whatever the clock is set to. */
  readonly steadyClock: Clock;
}

/** The life of installs: every change is one step of the life's table, written together with its event. */
export class InstallService {
  readonly #needs: InstallServiceNeeds;
  readonly #arming: InstallArming;
  /** What is not kept need not be known after a restart: an installer has its time from the beginning then. */
  readonly #heard = new BoundedCache<string, number>(MAX_HEARD, () => 1);

  constructor(needs: InstallServiceNeeds) {
    this.#needs = needs;
    this.#arming = new InstallArming({ ...needs, now: () => this.now() });
  }

  /** From now on the machine boots the installer, until it has started it once. */
  arm(machine: Machine, profileName: string, options: ArmOneOptions = {}): Promise<ArmAnswer> {
    return this.#arming.arm(machine, profileName, options);
  }

  /** All of them or, unless it is said to pass over those that cannot be, none. */
  armMany(wishes: readonly ArmWish[], options: ArmManyOptions = {}): Promise<ArmManyAnswer> {
    return this.#arming.armMany(wishes, options);
  }

  /** Why the machine could not be given the profile's image as things are now, or undefined. */
  objectionToArm(machine: Machine, profileName: string): Promise<string | undefined> {
    return this.#arming.objectionToWish(machine, profileName);
  }

  /** What a person has to confirm first, or undefined. */
  objectionToErase(machine: Machine): Promise<string | undefined> {
    return this.#arming.objectionToErase(machine);
  }

  byId(id: string): Promise<Install | undefined> {
    return this.#needs.installs.byId(id);
  }

  byToken(token: string): Promise<Install | undefined> {
    return this.#needs.installs.byToken(token);
  }

  list(filter: { readonly machineId?: string; readonly limit: number }): Promise<readonly Install[]> {
    return this.#needs.installs.list(filter);
  }

  newestOf(machineIds: readonly string[]): Promise<readonly Install[]> {
    return this.#needs.installs.newestOf(machineIds);
  }

  page(query: InstallQuery): ReturnType<InstallStore['page']> {
    return this.#needs.installs.page(query);
  }

  listOpen(): Promise<readonly Install[]> {
    return this.#needs.installs.listOpen();
  }

  /** Both clocks, of one moment. */
  now(): Moment {
    return { wallMs: this.#needs.clock.nowMs(), steadyMs: this.#needs.steadyClock.nowMs() };
  }

  async cancel(
    id: string,
    because = 'somebody asked for it',
  ): Promise<{ cancelled: true; install: Install } | { cancelled: false; because: string }> {
    const result = await this.happened(id, 'cancelled', { message: because });
    return result.happened
      ? { cancelled: true, install: result.install }
      : { cancelled: false, because: result.because };
  }

  /** The installer with this token says what happened. */
  async report(token: string, event: InstallEvent, details: InstallDetails = {}): Promise<Happened> {
    const install = await this.#needs.installs.byToken(token);
    if (!install) return { happened: false, because: 'there is no such install' };
    return await this.happened(install.id, event, details);
  }

  /**
   * A boot loader asks what the machine boots.
   *
   * @returns whether that ended an installer that was at work: what the machine boots is to be decided anew.
   */
  async bootsAnew(machine: Pick<Machine, 'id'>): Promise<boolean> {
    const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
    const now = newest && this.now();
    if (!now || !(decideToolEnd(newest, now) ?? decideInterruption(newest, now).interrupted)) return false;
    const ended = await this.happenedIf(newest.id, (install, at) => {
      const done = decideToolEnd(install, at);
      if (done) return { event: done.event, details: { message: done.because } };
      const interruption = decideInterruption(install, at);
      return interruption.interrupted
        ? { event: 'bootedAgain', details: { message: interruption.because } }
        : undefined;
    });
    return ended.happened;
  }

  /** One step of the life, decided on what is stored now. On disk, with its event, when it resolves. */
  happened(id: string, event: InstallEvent, details: InstallDetails = {}): Promise<Happened> {
    return this.happenedIf(id, () => ({ event, details }));
  }

  /** The same with what is found to have happened to the install as it is stored now. */
  async happenedIf(
    id: string,
    find: (install: Install, now: Moment) => FoundEvent | undefined,
  ): Promise<Happened> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const install = await this.#needs.installs.byId(id);
      if (!install) return { happened: false, because: `there is no install ${id}` };
      const moment = this.now();
      const found = find(install, moment);
      if (!found) return { happened: false, because: `install ${id} is as it should be` };
      const { event, details } = found;
      if (event === 'progressed' && !this.#isNews(install, details)) return { happened: true, install };
      const changed = applyEvent(install, event, moment, details.address);
      if (!changed)
        return {
          happened: false,
          because: `install ${id} is ${install.state}, so "${event}" cannot happen now`,
        };
      const step = await this.#write(install, changed, { ...found, moment });
      if (step) return step;
    }
    return { happened: false, because: `install ${id} changes too often just now: ask again` };
  }

  /** What was said before is no event of the timeline; but that the installer says anything is heard. */
  #isNews(install: Install, details: InstallDetails): boolean {
    if (after(install.state, 'progressed') !== install.state || install.reportedSteadyMs === undefined)
      return true;
    this.heard(install.id);
    return decideProgress(install, details).tell;
  }

  /** The installer said something, of which nothing is kept here. */
  heard(id: string): void {
    this.#heard.set(id, this.#needs.steadyClock.nowMs());
  }

  /** When something was heard of it last that is not in the install itself, on the steady clock. */
  heardSteadyMs(id: string): number | undefined {
    return this.#heard.get(id);
  }

  /** Undefined for a lost race. */
  async #write(
    install: Install,
    applied: Install,
    { event, details, moment }: Step,
  ): Promise<(Happened & { happened: true }) | undefined> {
    const { installs, randomHex } = this.#needs;
    const retry = decideRetry(install, event);
    const said = retry ? withReason(details, retry.because) : details;
    const changed = withDetails(applied, event, said);
    const happening = { ...describeEvent(changed, event, said), atMs: moment.wallMs };
    if (!retry?.retry) {
      const written = await installs.advance(install, changed, happening);
      if (!written) return undefined;
      this.#announce([written]);
      return { happened: true, install: changed };
    }
    const ids = { id: `i-${randomHex(6)}`, token: randomHex(16) };
    const next = nextTry(install, ids, moment);
    const machine = await this.#needs.machines.byId(install.machineId);
    const why = `install ${install.id} failed: ${said.message ?? ''}`;
    const armed = { ...describeArming(next, machine?.name ?? next.machineId, why), atMs: moment.wallMs };
    const written = await installs.advanceAndCreate(
      install,
      { install: changed, event: happening },
      { install: next, event: armed },
    );
    if (!written) return undefined;
    this.#announce(written);
    return { happened: true, install: changed, next };
  }

  #announce(events: readonly TimelineEvent[]): void {
    for (const event of events) this.#needs.events.announce(event);
  }
}

interface FoundEvent {
  readonly event: InstallEvent;
  readonly details: InstallDetails;
}

interface Step extends FoundEvent {
  readonly moment: Moment;
}

function withReason(details: InstallDetails, because: string): InstallDetails {
  return { ...details, message: [details.message, because].filter(Boolean).join('; ') };
}
