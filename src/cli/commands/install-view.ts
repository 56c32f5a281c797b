import type { z } from 'zod';
import type { ArmedInstall, Install } from '../../contract/install-schemas.ts';
import type { View } from '../output.ts';
import type { Tone } from '../table.ts';
import { durationForm, shortTimeForm, timeForm } from '../text-forms.ts';
import { isUnderWay } from './find-install.ts';

type WireInstall = z.output<typeof Install>;

const TONE_OF_STATE: Readonly<Record<WireInstall['state'], Tone>> = {
  requested: 'busy',
  booting: 'busy',
  installing: 'busy',
  installed: 'good',
  failed: 'bad',
  cancelled: 'quiet',
  expired: 'quiet',
};

function progressForm({ step, percent }: WireInstall): string {
  return [percent === undefined ? '' : `${percent} %`, step ?? ''].filter((text) => text !== '').join(' ');
}

/** Only one that waits for its machine can expire. */
function expiryForm({ state }: WireInstall): string {
  return state === 'requested' ? 'never' : '';
}

/** Empty for the only one there is. */
function tryForm({ attempt, attempts, retryOf }: WireInstall): string {
  if (attempts === 1) return '';
  return `${attempt} of ${attempts}${retryOf === undefined ? '' : `, after ${retryOf}`}`;
}

/** Which install, and how it is. */
const WHICH: View<WireInstall>['columns'] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'MACHINE', cell: ({ machine }) => machine },
  { head: 'PROFILE', cell: ({ profile }) => profile },
  { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => TONE_OF_STATE[state] },
];

export const INSTALLS: View<WireInstall> = {
  nameOf: ({ id }) => id,
  columns: [
    ...WHICH,
    { head: 'TRY', cell: ({ attempt, attempts }) => `${attempt}/${attempts}`, gives: 'whole' },
    { head: 'PROGRESS', cell: progressForm, gives: 'cut' },
    {
      head: 'CHANGED',
      cell: ({ changedAt }) => timeForm(changedAt),
      short: ({ changedAt }) => shortTimeForm(changedAt),
      gives: 'whole',
    },
    { head: 'BECAUSE', cell: ({ because }) => because ?? '', gives: 'cut' },
  ],
  details: (install) => [
    ['id', install.id],
    ['machine', install.machine],
    ['profile', install.profile],
    ['state', install.state],
    ['progress', progressForm(install)],
    ['because', install.because ?? ''],
    ['try', tryForm(install)],
    ['expires', install.expiresAt === undefined ? expiryForm(install) : timeForm(install.expiresAt)],
    ['armed', timeForm(install.requestedAt)],
    ['changed', timeForm(install.changedAt)],
  ],
};

/** The same in a list, with how long those that are under way are as they are. */
export function installsAt(nowMs: number): Pick<View<WireInstall>, 'columns' | 'nameOf'> {
  const forHowLong = (install: WireInstall): string => {
    if (!isUnderWay(install)) return '';
    return durationForm(Math.max(0, Math.round((nowMs - Date.parse(install.changedAt)) / 1000)));
  };
  const [rest, { nameOf }] = [INSTALLS.columns.slice(WHICH.length), INSTALLS];
  return { nameOf, columns: [...WHICH, { head: 'FOR', cell: forHowLong, gives: 'whole' }, ...rest] };
}

/** What was armed just now: nothing came of it yet, but each may have its profile from elsewhere. */
export const ARMED_INSTALLS: Pick<View<z.output<typeof ArmedInstall>>, 'columns' | 'nameOf'> = {
  nameOf: ({ id }) => id,
  columns: [
    ...WHICH,
    { head: 'PROFILE BECAUSE', cell: ({ profileBecause }) => profileBecause ?? '', gives: 'cut' },
  ],
};
