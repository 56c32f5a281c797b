import { byName, listOf, row } from './route-row.ts';
import { Wave, WaveCancel, WaveInput, WavePause, WaveWithMembers } from './wave-schemas.ts';

export const WAVE_ROUTES = {
  listWaves: row({
    method: 'GET',
    path: '/waves',
    output: listOf(Wave),
    answers: 'thing',
    sentence: 'Waves, newest first',
  }),
  addWave: row({
    method: 'POST',
    path: '/waves',
    input: WaveInput,
    output: WaveWithMembers,
    answers: 'created',
    sentence: 'Starts a wave; when one of its machines could not be armed now, none of it is made',
  }),
  getWave: row({
    method: 'GET',
    path: '/waves/{name}',
    params: byName,
    output: WaveWithMembers,
    answers: 'thing',
    sentence: 'One wave and its machines',
  }),
  pauseWave: row({
    method: 'POST',
    path: '/waves/{name}/pause',
    params: byName,
    input: WavePause,
    output: WaveWithMembers,
    answers: 'thing',
    sentence: 'Pauses a wave: what is under way goes on, and nothing else begins',
  }),
  resumeWave: row({
    method: 'POST',
    path: '/waves/{name}/resume',
    params: byName,
    output: WaveWithMembers,
    answers: 'thing',
    sentence: 'Goes on with a paused wave',
  }),
  cancelWave: row({
    method: 'POST',
    path: '/waves/{name}/cancel',
    params: byName,
    input: WaveCancel,
    output: WaveWithMembers,
    answers: 'thing',
    sentence: 'Cancels a wave: machines that wait boot their own disk again',
  }),
  deleteWave: row({
    method: 'DELETE',
    path: '/waves/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Forgets a wave that is over; its installs stay',
  }),
} as const;
