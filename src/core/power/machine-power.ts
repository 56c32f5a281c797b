import type { PowerState, TroubleKind } from './power-driver.ts';
import type { PowerSettings } from './power-settings.ts';

/** How one machine's power is reached, and what was last seen of it. */
export interface MachinePower {
  readonly machineId: string;
  readonly settings: PowerSettings;
  readonly secret: 'kept' | 'none';
  readonly setAtMs: number;
  /** As it was read, which may be long ago. */
  readonly seen?: { readonly state: PowerState; readonly atMs: number };
  /** Why it could not be read or done the last time; gone with the next time it can. */
  readonly trouble?: PowerTroubleSeen;
}

export interface PowerTroubleSeen {
  readonly kind: TroubleKind;
  readonly because: string;
  /** Since when. */
  readonly atMs: number;
}

/** What came of a look: a state, or why there is none. */
export type PowerSight =
  | { readonly state: PowerState; readonly atMs: number }
  | { readonly trouble: PowerTroubleSeen };

export interface PowerStore {
  /** Of all machines, or of these. */
  list(machineIds?: readonly string[]): Promise<readonly MachinePower[]>;
  ofMachine(machineId: string): Promise<MachinePower | undefined>;
  /** The one way to a secret. */
  secretOf(machineId: string): Promise<string | undefined>;
  /**
   * In place of what is there; what was seen of it is forgotten. `keep` leaves the secret that is there. False where
   * the machine is gone.
   */
  put(
    power: Pick<MachinePower, 'machineId' | 'settings' | 'setAtMs'>,
    secret: { readonly keep: true } | { readonly secret: string | undefined },
  ): Promise<boolean>;
  /** Only while the settings are those of `setAtMs`: what was seen by others tells nothing of these. */
  saw(machineId: string, setAtMs: number, sight: PowerSight): Promise<void>;
  /** False where there is none. */
  remove(machineId: string): Promise<boolean>;
}
