import { z } from 'zod';
import { rowLimit } from './fields.ts';
import { pageOf, place } from './pages.ts';
import { byName, row } from './route-row.ts';
import { Wave, WaveCancel, WaveInput, WavePause, WaveWithMembers } from './wave-schemas.ts';

export const WAVE_ROUTES = {
  listWaves: row({
    method: 'GET',
    path: '/waves',
    query: z.strictObject({
      state: Wave.shape.state.exactOptional().describe('Only those in this state'),
      after: place.exactOptional().describe('What the page before said as `next`'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: pageOf(Wave),
    answers: 'thing',
    role: 'viewer',
    sentence: 'Waves, newest first',
  }),
  addWave: row({
    method: 'POST',
    path: '/waves',
    input: WaveInput,
    output: WaveWithMembers,
    answers: 'created',
    role: 'operator',
    sentence: 'Starts a wave; when one of its machines could not be armed now, none of it is made',
  }),
  getWave: row({
    method: 'GET',
    path: '/waves/{name}',
    params: byName,
    output: WaveWithMembers,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One wave and its machines',
  }),
  pauseWave: row({
    method: 'POST',
    path: '/waves/{name}/pause',
    params: byName,
    input: WavePause,
    output: WaveWithMembers,
    answers: 'thing',
    role: 'operator',
    sentence: 'Pauses a wave: what is under way goes on, and nothing else begins',
  }),
  resumeWave: row({
    method: 'POST',
    path: '/waves/{name}/resume',
    params: byName,
    output: WaveWithMembers,
    answers: 'thing',
    role: 'operator',
    sentence: 'Goes on with a paused wave',
  }),
  cancelWave: row({
    method: 'POST',
    path: '/waves/{name}/cancel',
    params: byName,
    input: WaveCancel,
    output: WaveWithMembers,
    answers: 'thing',
    role: 'operator',
    sentence: 'Cancels a wave: machines that wait boot their own disk again',
  }),
  deleteWave: row({
    method: 'DELETE',
    path: '/waves/{name}',
    params: byName,
    answers: 'nothing',
    role: 'operator',
    sentence: 'Forgets a wave that is over; its installs stay',
  }),
} as const;
