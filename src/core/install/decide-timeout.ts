import type { Install, Moment } from './install.ts';
import { type InstallPolicy, minutesMs } from './install-policy.ts';
import { durationText, progressText } from './progress-text.ts';

export interface Timeout {
  readonly event: 'expired' | 'timedOut';
  readonly because: string;
}

/**
 * Whether the time of an install is up.
 *
 * @param listeningSinceMs since when this server hears installers, on the steady clock: what was said while nobody
 *   could hear is no silence, so the times of a boot begin then at the earliest.
 */
export function decideTimeout(
  install: Install,
  policy: InstallPolicy,
  { steadyMs }: Pick<Moment, 'steadyMs'>,
  listeningSinceMs: number,
): Timeout | undefined {
  switch (install.state) {
    case 'requested': {
      const { expiresSteadyMs } = install;
      if (expiresSteadyMs === undefined || steadyMs < expiresSteadyMs) return undefined;
      return {
        event: 'expired',
        because:
          'the machine did not boot from the network before it expired: look at its boot order, and arm it again',
      };
    }
    case 'booting':
      return bootTimeout(install, policy, steadyMs, listeningSinceMs);
    case 'installing':
      return installerTimeout(install, policy, steadyMs, listeningSinceMs);
    case 'installed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return undefined;
    default:
      return install.state satisfies never;
  }
}

function bootTimeout(
  { bootedSteadyMs }: Install,
  policy: InstallPolicy,
  steadyMs: number,
  listeningSinceMs: number,
): Timeout | undefined {
  const limit = minutesMs(policy.bootMinutes);
  const waited = steadyMs - Math.max(bootedSteadyMs ?? listeningSinceMs, listeningSinceMs);
  if (limit === undefined || waited < limit) return undefined;
  return {
    event: 'timedOut',
    because: `the installer was offered, and for ${durationText(limit)} nobody read its answer file: look at the screen of the machine`,
  };
}

function installerTimeout(
  install: Install,
  policy: InstallPolicy,
  steadyMs: number,
  listeningSinceMs: number,
): Timeout | undefined {
  const { bootedSteadyMs = listeningSinceMs, answeredSteadyMs, reportedSteadyMs } = install;
  const where = progressText(install);
  const quiet = minutesMs(policy.quietMinutes);
  const heardMs = Math.max(answeredSteadyMs ?? 0, reportedSteadyMs ?? 0, bootedSteadyMs, listeningSinceMs);
  if (quiet !== undefined && steadyMs - heardMs >= quiet) {
    return {
      event: 'timedOut',
      because: `nothing was heard of the installer for ${durationText(quiet)}, since it was ${where}: look at the screen of the machine`,
    };
  }
  const total = minutesMs(policy.totalMinutes);
  // After a start of this server an installer has as long to be heard as it may be silent.
  const couldBeHeard = quiet === undefined || steadyMs - listeningSinceMs >= quiet;
  if (total === undefined || !couldBeHeard || steadyMs - bootedSteadyMs < total) return undefined;
  return {
    event: 'timedOut',
    because: `the installer did not end within ${durationText(total)}; it was ${where}`,
  };
}
