import type { EventData } from '../../core/events/timeline-event.ts';
import type { Install } from '../../core/install/install.ts';
import type { InstallEvent } from '../../core/install/life.ts';
import { decideProgress } from '../../core/progress/decide-progress.ts';
import { parseToolProfile } from '../../core/tools/tool-profile.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import type { Happening } from '../event-log.ts';

/** What an installer may say with an event; every text is cut to `MAX_WORDS` characters. */
export interface InstallDetails {
  readonly step?: string;
  /** 0 to 100. */
  readonly percent?: number;
  readonly message?: string;
  /** Of the machine, as this server sees it. */
  readonly address?: IpAddress;
}

export const MAX_WORDS = 500;

/** What the event says of the install, besides its state. */
export function withDetails(install: Install, event: InstallEvent, details: InstallDetails): Install {
  const { message } = details;
  const { step, percent } = reachedBy(install, event, details);
  return {
    ...install,
    ...(step === undefined ? {} : { step: cut(step) }),
    ...(percent === undefined ? {} : { percent: Math.max(0, Math.min(100, Math.round(percent))) }),
    ...(install.cause === undefined || message === undefined ? {} : { because: cut(message) }),
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
  const { percent } = further;
  if (further.tell) return further;
  return percent === undefined ? {} : { percent };
}

const SENTENCES: Readonly<Record<InstallEvent, readonly [Happening['kind'], string]>> = {
  bootOffered: ['install.bootOffered', 'The installer is offered to the machine'],
  answerServed: ['install.answerServed', 'The answer file is rendered for the machine and sent'],
  started: ['install.started', 'The installer has started'],
  progressed: ['install.progressed', 'The installer goes on'],
  finished: ['install.finished', 'The installer has finished; from now on the machine boots its own disk'],
  failed: ['install.failed', 'The install failed'],
  timedOut: ['install.timedOut', 'The install failed: its time is up'],
  bootedAgain: ['install.bootedAgain', 'The install failed: the machine boots again'],
  expired: ['install.expired', 'The install expired; the machine boots its own disk'],
  cancelled: ['install.cancelled', 'The install is cancelled; the machine boots its own disk'],
  diskBooted: ['install.diskBooted', 'The installed system runs from its own disk'],
};

const TOOL_DONE = 'The tool is done; from now on the machine boots its own disk';

/** Of these the sentence says enough; why it came to that stands beside it. */
const SAID_BESIDE: ReadonlySet<InstallEvent> = new Set<InstallEvent>([
  'timedOut',
  'bootedAgain',
  'expired',
  'cancelled',
]);

export function describeEvent(install: Install, event: InstallEvent, details: InstallDetails): Happening {
  const [kind, usual] = SENTENCES[event];
  const isTool = event === 'finished' && parseToolProfile(install.profile) !== undefined;
  const sentence = isTool ? TOOL_DONE : usual;
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
    text: words === '' || SAID_BESIDE.has(event) ? sentence : `${sentence}: ${cut(words)}`,
    ...(install.because === undefined ? {} : { because: install.because }),
    machineId: install.machineId,
    installId: install.id,
    data,
  };
}

/** @param because of the next try; absent for one that somebody armed. */
export function describeArming(install: Install, machineName: string, because?: string): Happening {
  const { id, machineId, profile, attempt, attempts, retryOf } = install;
  const which = retryOf === undefined ? '' : `, as try ${attempt} of ${attempts} after ${retryOf}`;
  return {
    kind: 'install.requested',
    text: `Install ${id} of profile ${profile} is armed for ${machineName}${which}`,
    ...(because === undefined ? {} : { because }),
    machineId,
    installId: id,
    data: { attempt, attempts, retryOf },
  };
}

/** An installer's words as one line of bounded length; they come from a machine network. */
function cut(words: string): string {
  return words
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS);
}
