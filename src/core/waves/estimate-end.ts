import type { WaveMember, WaveWithMembers } from './wave.ts';

/**
 * When a wave will be over, if the rest goes as what has ended: each turn takes as long as the mean of those that were
 * installed, and as many go on at one time as the budget says. Undefined while none was installed, or nothing goes on.
 */
export function estimateEnd({ wave, members }: WaveWithMembers, nowMs: number): number | undefined {
  const durations = members.flatMap((member) => durationOf(member) ?? []);
  const underWay = members.filter(({ state }) => state === 'started');
  const waiting = members.filter(({ state }) => state === 'waiting').length;
  if (durations.length === 0 || underWay.length + waiting === 0) return undefined;
  if (wave.state !== 'running' && underWay.length === 0) return undefined;
  const meanMs = durations.reduce((sum, one) => sum + one, 0) / durations.length;
  // When each turn is free again: those under way first, one that takes longer than the mean at once.
  const freeAtMs = underWay.map(({ startedAtMs = nowMs }) => Math.max(nowMs, startedAtMs + meanMs));
  while (freeAtMs.length < wave.budget.machines) freeAtMs.push(nowMs);
  if (wave.state === 'running') {
    for (let next = 0; next < waiting; next += 1) {
      const soonest = freeAtMs.indexOf(Math.min(...freeAtMs));
      freeAtMs[soonest] = (freeAtMs[soonest] ?? nowMs) + meanMs;
    }
  }
  return Math.round(Math.max(...freeAtMs));
}

function durationOf({ state, startedAtMs, endedAtMs }: WaveMember): number | undefined {
  if (state !== 'installed' || startedAtMs === undefined || endedAtMs === undefined) return undefined;
  return Math.max(0, endedAtMs - startedAtMs);
}
