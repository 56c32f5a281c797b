import type { IpAddress } from '../../lib/addresses.ts';
import type { InstallEvent, InstallState } from './life.ts';

/**
 * One armed try to install one machine.
 *
 * Times that end in `SteadyMs` are on the clock that only goes forward (`SteadyClock`), so that no wall clock that is
 * set ends an install, or lets one go on.
 */
export interface Install {
  /** `i-` and 12 hex digits. */
  readonly id: string;
  readonly machineId: string;
  /** Name of the profile. */
  readonly profile: string;
  /** 32 hex digits that nobody can guess; part of the URLs only this machine is told. */
  readonly token: string;
  readonly state: InstallState;
  readonly requestedAtMs: number;
  readonly changedAtMs: number;
  /** The installer's own last words on how far it is. */
  readonly step?: string;
  /** 0 to 100, as the installer said it. */
  readonly percent?: number;
  /** Why it failed, expired or was cancelled. */
  readonly because?: string;
  /** The event by which it ended so. */
  readonly cause?: InstallEnd;
  /** Which try of its arming it is, from 1. */
  readonly attempt: number;
  /** Tries of its arming at most, as the policy was then. */
  readonly attempts: number;
  /** The install after which this is the next try. */
  readonly retryOf?: string;
  /** No boot is told to install after this; absent: whenever it boots. */
  readonly expiresSteadyMs?: number;
  /** When the installer was offered first. */
  readonly bootedSteadyMs?: number;
  /** When the answer file was served last. */
  readonly answeredSteadyMs?: number;
  /** When the installer said last that it runs, or how far it is. */
  readonly reportedSteadyMs?: number;
  /** The address to which the installer was offered last, where one asked. */
  readonly bootAddress?: IpAddress;
}

/** By what an install ends that is not installed. */
export type InstallEnd = Extract<
  InstallEvent,
  'failed' | 'timedOut' | 'bootedAgain' | 'expired' | 'cancelled'
>;

/** Both clocks at one moment. */
export interface Moment {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallMs: number;
  readonly steadyMs: number;
}
