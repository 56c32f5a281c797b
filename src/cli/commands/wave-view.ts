import type { z } from 'zod';
import type { Wave, WaveWithMembers } from '../../contract/wave-schemas.ts';
import type { View } from '../output.ts';
import type { Tone } from '../table.ts';
import { bytesForm, countForm, recentTimeForm, secondsForm, timeForm } from '../text-forms.ts';

export type WireWave = z.output<typeof Wave>;
export type WireWaveWithMembers = z.output<typeof WaveWithMembers>;
type WireMember = WireWaveWithMembers['members'][number];

const STATE_TONES: Readonly<Record<WireWave['state'] | WireMember['state'], Tone>> = {
  running: 'busy',
  paused: 'busy',
  done: 'good',
  cancelled: 'quiet',
  waiting: 'quiet',
  started: 'busy',
  installed: 'good',
  failed: 'bad',
};

export const WAVES: View<WireWave> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => STATE_TONES[state] },
    { head: 'PROFILE', cell: ({ profile }) => profile },
    { head: 'AT ONCE', cell: ({ budget }) => String(budget.machines) },
    { head: 'MACHINES', cell: countsForm, gives: 'cut' },
    { head: 'ENDS', cell: ({ estimatedEndAt }) => endForm(estimatedEndAt) },
  ],
  details: (wave) => [
    ['name', wave.name],
    ['state', wave.because === undefined ? wave.state : `${wave.state}: ${wave.because}`],
    ['profile', wave.profile],
    ['at one time', countForm(wave.budget.machines, 'machine')],
    [
      'most sent',
      wave.budget.bytesPerSecond === undefined ? 'any' : `${bytesForm(wave.budget.bytesPerSecond)}/s`,
    ],
    [
      'switched on',
      wave.power === 'on' ? `by Muster, within ${secondsForm(wave.jitterSeconds)}` : 'by people',
    ],
    ['machines', countsForm(wave)],
    ['started', timeForm(wave.createdAt)],
    ['ends', endForm(wave.estimatedEndAt)],
  ],
};

export const MEMBERS: Pick<View<WireMember>, 'columns' | 'nameOf'> = {
  nameOf: ({ machine }) => machine,
  columns: [
    { head: 'MACHINE', cell: ({ machine }) => machine },
    { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => STATE_TONES[state] },
    { head: 'INSTALL', cell: ({ installId }) => installId ?? '' },
    { head: 'BECAUSE', cell: ({ because }) => because ?? '', gives: 'cut' },
  ],
};

function endForm(time: string | undefined): string {
  return time === undefined ? 'not known' : `about ${recentTimeForm(time, Date.now())}`;
}

/** `3 installed, 2 under way, 5 waiting`. */
function countsForm({ counts }: WireWave): string {
  const parts = [
    [counts.installed, 'installed'],
    [counts.started, 'under way'],
    [counts.waiting, 'waiting'],
    [counts.failed, 'failed'],
    [counts.cancelled, 'cancelled'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
