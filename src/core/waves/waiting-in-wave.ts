import type { WaveWithMembers } from './wave.ts';

/** A machine that has not had its turn. */
export interface WaitingInWave {
  readonly wave: string;
  /** How many that wait stand before it in the wave's order. */
  readonly ahead: number;
  readonly isPaused: boolean;
}

/** Where the machine waits, of all waves that are active; undefined where it waits in none. */
export function waitingInWave(
  active: readonly WaveWithMembers[],
  machineId: string,
): WaitingInWave | undefined {
  for (const { wave, members } of active) {
    const place = members.findIndex((member) => member.machineId === machineId && member.state === 'waiting');
    if (place === -1) continue;
    const ahead = members.slice(0, place).filter(({ state }) => state === 'waiting').length;
    return { wave: wave.name, ahead, isPaused: wave.state === 'paused' };
  }
  return undefined;
}
