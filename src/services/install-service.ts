import type { Happening, EventLog } from './event-log.ts';
import type { EventData, NewTimelineEvent } from '../core/events/timeline-event.ts';
import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import { after, type InstallEvent } from '../core/install/life.ts';
import { decideProgress } from '../core/progress/decide-progress.ts';
import type { Profile } from '../core/install/profile.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import { objectionToImage } from '../core/images/image-condition.ts';
import type { Image } from '../core/images/image.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import type { WaveStarted } from '../core/waves/wave-store.ts';
import type { Clock } from '../lib/clock.ts';

/** Times a lost race is run again before the caller is told to ask later. */
const MAX_RACES = 5;

/** What an installer may say with an event; every text is cut to `MAX_WORDS` characters. */
export interface InstallDetails {
  readonly step?: string;
  /** 0 to 100. */
  readonly percent?: number;
  readonly message?: string;
}

export const MAX_WORDS = 500;

export type Happened =
  | { readonly happened: true; readonly install: Install }
  | { readonly happened: false; readonly because: string };

export interface ArmOptions {
  /** Why now, for the timeline. */
  readonly because?: string;
  /** Writes it together with something else, in one transaction, in place of the store's own way. */
  readonly create?: CreateWith;
}

/** What `ArmOptions.create` does. */
type CreateWith = (install: Install, event: NewTimelineEvent) => Promise<WaveStarted>;

export type Armed =
  | { readonly armed: true; readonly install: Install }
  | {
      readonly armed: false;
      readonly because: string;
      /** Where `create` did not write it: whether it may be armed later. */
      readonly machine?: 'waits' | 'cannot';
    };

export interface InstallServiceNeeds {
  readonly installs: InstallStore;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly events: EventLog;
  readonly clock: Clock;
  /** Whether machines can fetch answer files and packages here. */
  readonly machineHttp: 'on' | 'off';
  /** Why the machine cannot be given the image as things are now; left out: nobody looks. */
  readonly objectionToWay?: (install: WantedInstall) => Promise<string | undefined>;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

interface WantedInstall {
  readonly machine: Machine;
  readonly profile: Profile;
  readonly image: Image;
}

/** The life of installs: every change is one step of the life's table, written together with its event. */
export class InstallService {
  readonly #needs: InstallServiceNeeds;

  constructor(needs: InstallServiceNeeds) {
    this.#needs = needs;
  }

  /** From now on the machine boots the installer, until it has started it once. */
  async arm(machine: Machine, profileName: string, { because, create }: ArmOptions = {}): Promise<Armed> {
    const objection = await this.objectionToArm(machine, profileName);
    if (objection !== undefined) return { armed: false, because: objection };
    const now = this.#needs.clock.nowMs();
    const install: Install = {
      id: `i-${this.#needs.randomHex(6)}`,
      machineId: machine.id,
      profile: profileName,
      token: this.#needs.randomHex(16),
      state: 'requested',
      requestedAtMs: now,
      changedAtMs: now,
    };
    const event = {
      kind: 'install.requested',
      atMs: now,
      text: `Install ${install.id} of profile ${profileName} is armed for ${machine.name}`,
      ...(because === undefined ? {} : { because }),
      machineId: machine.id,
      installId: install.id,
    } as const;
    if (create) {
      const started = await create(install, event);
      if (!started.started) return { armed: false, because: started.because, machine: started.machine };
      this.#needs.events.announce(started.event);
      return { armed: true, install };
    }
    const created = await this.#needs.installs.create(install, event);
    if (!created.created) {
      const { open } = created;
      return {
        armed: false,
        because: `install ${open.id} of ${machine.name} is ${open.state}: cancel it first, or let it end`,
      };
    }
    this.#needs.events.announce(created.event);
    return { armed: true, install };
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

  /** One step of the life, decided on what is stored now. On disk, with its event, when it resolves. */
  async happened(id: string, event: InstallEvent, details: InstallDetails = {}): Promise<Happened> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const install = await this.#needs.installs.byId(id);
      if (!install) return { happened: false, because: `there is no install ${id}` };
      const next = after(install.state, event);
      if (!next)
        return {
          happened: false,
          because: `install ${id} is ${install.state}, so "${event}" cannot happen now`,
        };
      if (event === 'progressed' && next === install.state && !decideProgress(install, details).tell)
        return { happened: true, install };
      const now = this.#needs.clock.nowMs();
      const changed = applyDetails({ ...install, state: next, changedAtMs: now }, event, details);
      const happening = { ...describe(changed, event, details), atMs: now };
      const written = await this.#needs.installs.advance(install.state, changed, happening);
      if (written) {
        this.#needs.events.announce(written);
        return { happened: true, install: changed };
      }
    }
    return { happened: false, because: `install ${id} changes too often just now: ask again` };
  }

  /** Why the machine could not be given the profile's image as things are now, or undefined. */
  async objectionToArm(machine: Machine, profileName: string): Promise<string | undefined> {
    if (this.#needs.machineHttp === 'off') {
      return 'installers fetch their answer file over HTTP, and machineHttp.port is off: start Muster with a port there';
    }
    const profile = await this.#needs.profiles.byName(profileName);
    if (!profile) return `there is no profile "${profileName}": muster profile ls shows what is there`;
    const image = await this.#needs.images.byName(profile.image);
    if (!image) return `image "${profile.image}" of profile "${profileName}" is gone: add it again`;
    const objection = objectionToImage(image);
    if (objection !== undefined) return objection;
    if (image.kernel === undefined)
      return `image "${image.name}" holds no kernel to boot: it only serves files`;
    return await this.#needs.objectionToWay?.({ machine, profile, image });
  }
}

function applyDetails(install: Install, event: InstallEvent, details: InstallDetails): Install {
  const { message } = details;
  const reached = reachedBy(install, event, details);
  return {
    ...install,
    ...(reached.step === undefined ? {} : { step: cut(reached.step) }),
    ...(reached.percent === undefined
      ? {}
      : { percent: Math.max(0, Math.min(100, Math.round(reached.percent))) }),
    ...((event === 'failed' || event === 'cancelled') && message !== undefined
      ? { because: cut(message) }
      : {}),
  };
}

/** On its way an install goes forward only; at an end the installer's word counts. */
function reachedBy(
  install: Install,
  event: InstallEvent,
  details: InstallDetails,
): Pick<InstallDetails, 'step' | 'percent'> {
  if (event !== 'started' && event !== 'progressed') return details;
  const further = decideProgress(install, details);
  return further.tell ? further : {};
}

const SENTENCES: Readonly<Record<InstallEvent, readonly [Happening['kind'], string]>> = {
  bootOffered: ['install.bootOffered', 'The installer is offered to the machine'],
  answerServed: ['install.answerServed', 'The answer file is rendered for the machine and sent'],
  started: ['install.started', 'The installer has started'],
  progressed: ['install.progressed', 'The installer goes on'],
  finished: ['install.finished', 'The installer has finished; from now on the machine boots its own disk'],
  failed: ['install.failed', 'The install failed'],
  cancelled: ['install.cancelled', 'The install is cancelled; the machine boots its own disk'],
  diskBooted: ['install.diskBooted', 'The installed system runs from its own disk'],
};

function describe(install: Install, event: InstallEvent, details: InstallDetails): Happening {
  const [kind, sentence] = SENTENCES[event];
  const words = [details.step, details.message]
    .filter((text) => text !== undefined && text !== '')
    .join(': ');
  const data: EventData = {
    ...(details.step === undefined ? {} : { step: cut(details.step) }),
    ...(details.message === undefined ? {} : { doing: cut(details.message) }),
    ...(install.percent === undefined ? {} : { percent: install.percent }),
    state: install.state,
  };
  return {
    kind,
    text: words === '' || event === 'cancelled' ? sentence : `${sentence}: ${cut(words)}`,
    ...(install.because === undefined ? {} : { because: install.because }),
    machineId: install.machineId,
    installId: install.id,
    data,
  };
}

/** An installer's words as one line of bounded length; they come from a machine network. */
function cut(words: string): string {
  return words
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS);
}
