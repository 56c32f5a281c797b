/** What holds for every install; a time may be `never`, which must be said. */
export interface InstallPolicy {
  /** Tries of one arming, the first among them. */
  readonly attempts: number;
  /** Hours until an install that no machine booted is armed no more, where the one who arms it does not say. */
  readonly expireHours: InstallTime;
  /** Minutes from the first offer of the installer until it has read its answer file. */
  readonly bootMinutes: InstallTime;
  /** Minutes without a word of the installer. */
  readonly quietMinutes: InstallTime;
  /** Minutes from the first offer of the installer to its end. */
  readonly totalMinutes: InstallTime;
}

export type InstallTime = number | 'never';

/** Tries of one arming at most. */
export const MAX_ATTEMPTS = 5;
/** A year. */
export const MAX_EXPIRE_HOURS = 8_760;
/** A week. */
export const MAX_INSTALL_MINUTES = 10_080;

/**
 * A live system of some GB takes its minutes over a slow line before it reads its answer file; the debian-installer
 * says nothing for as long as it unpacks packages. So these are long, and end only what nobody will come back to.
 */
export const DEFAULT_INSTALL_POLICY: InstallPolicy = {
  attempts: 2,
  expireHours: 24,
  bootMinutes: 60,
  quietMinutes: 90,
  totalMinutes: 480,
};

/** In milliseconds; undefined for never. */
export function hoursMs(time: InstallTime): number | undefined {
  return time === 'never' ? undefined : time * 3_600_000;
}

/** In milliseconds; undefined for never. */
export function minutesMs(time: InstallTime): number | undefined {
  return time === 'never' ? undefined : time * 60_000;
}
