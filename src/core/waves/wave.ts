/** Many installs of one profile, of which only so many are under way at one time. */
export interface Wave {
  /** Unique, as names of profiles are. */
  readonly name: string;
  readonly profile: string;
  readonly budget: WaveBudget;
  /** A machine whose turn it is is switched on within so many seconds, at random: fifty power supplies at once trip a fuse. */
  readonly jitterSeconds: number;
  /** `on`: whose turn it is is set to boot from the network and switched on; `none`: people do that. */
  readonly power: WavePower;
  readonly state: WaveState;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** Why it was paused or cancelled. */
  readonly because?: string;
}

export interface WaveBudget {
  /** Installs that are under way at one time, at most. */
  readonly machines: number;
  /** While machines are sent more than this, no further one is started; the first of a wave always is. */
  readonly bytesPerSecond?: number;
}

export type WavePower = 'on' | 'none';

/** What a machine loses by its turn: the data on its disk; what it does, since it is on and is switched off. */
export type WaveLoss = 'data' | 'running';

/** `done` and `cancelled` are over; a paused one starts nothing, and what is under way goes on. */
export const WAVE_STATES = ['running', 'paused', 'done', 'cancelled'] as const;
export type WaveState = (typeof WAVE_STATES)[number];

/** Waves in these states have machines that wait. */
export const ACTIVE_WAVE_STATES = ['running', 'paused'] as const satisfies readonly WaveState[];

/** A machine's place in a wave. */
export interface WaveMember {
  readonly machineId: string;
  /** From 0, in the order in which it was named. */
  readonly position: number;
  readonly state: WaveMemberState;
  /** Of its newest install in this wave. */
  readonly installId?: string;
  /** When it got its turn. */
  readonly startedAtMs?: number;
  /** When its install was over. */
  readonly endedAtMs?: number;
  /** Why it failed, was cancelled, or could not be started. */
  readonly because?: string;
  /** Known when the wave was made, and confirmed by a person. One with another loss by its turn gets none. */
  readonly confirmed?: readonly WaveLoss[];
}

/** `started`: it has its turn, and counts towards the budget until its install is over. */
export type WaveMemberState = 'waiting' | 'started' | 'installed' | 'failed' | 'cancelled';

export interface WaveWithMembers {
  readonly wave: Wave;
  /** In their order. */
  readonly members: readonly WaveMember[];
}

/** Machines of one wave. */
export const MAX_WAVE_MACHINES = 10_000;

export function countOf(members: readonly WaveMember[], state: WaveMemberState): number {
  return members.filter((member) => member.state === state).length;
}

/** Nothing of it is left to do. */
export function isFinished({ members }: WaveWithMembers): boolean {
  return members.every(({ state }) => state !== 'waiting' && state !== 'started');
}
