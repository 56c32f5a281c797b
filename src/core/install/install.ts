import type { InstallState } from './life.ts';

/** One armed try to install one machine. */
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
  /** Why it failed or was cancelled. */
  readonly because?: string;
}
