import type { Wave, WaveMember, WaveWithMembers } from '../wave.ts';

/** A running wave of two machines at one time, whose machines people switch on. */
export function wave(change: Partial<Wave> = {}, members: readonly WaveMember[] = []): WaveWithMembers {
  return {
    wave: {
      name: 'line',
      profile: 'web',
      budget: { machines: 2 },
      jitterSeconds: 0,
      power: 'none',
      state: 'running',
      createdAtMs: 1_790_000_000_000,
      changedAtMs: 1_790_000_000_000,
      ...change,
    },
    members,
  };
}

export function member(change: Partial<WaveMember> = {}): WaveMember {
  return { machineId: 'm-000000000001', position: 0, state: 'waiting', ...change };
}
