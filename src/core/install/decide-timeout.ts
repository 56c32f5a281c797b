import type { Install, Moment } from './install.ts';
import { type InstallPolicy, minutesMs } from './install-policy.ts';
import { durationText, progressText } from './progress-text.ts';

export interface Timeout {
  readonly event: 'expired' | 'timedOut';
  readonly because: string;
}

/** What could be heard of an install, and was. */
export interface Hearing {
  /**
   * Since when this server hears installers: what was said while nobody could hear is no silence, so the times of a
   * boot begin then at the earliest.
   */
  readonly listeningSinceMs: number;
  /** When its installer said anything last, as far as that is not in the install: a line of its log, say. */
  readonly heardMs?: number | undefined;
}

/**
 * Whether the time of an install is up.
 *
 * @param hearing all on the steady clock.
 */
export function decideTimeout(
  install: Install,
  policy: InstallPolicy,
  { steadyMs }: Pick<Moment, 'steadyMs'>,
  hearing: Hearing,
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
      return bootTimeout(install, policy, steadyMs, hearing);
    case 'installing':
      return installerTimeout(install, policy, steadyMs, hearing);
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
  { listeningSinceMs }: Hearing,
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
  { listeningSinceMs, heardMs = 0 }: Hearing,
): Timeout | undefined {
  const { bootedSteadyMs = listeningSinceMs, answeredSteadyMs, reportedSteadyMs } = install;
  const where = progressText(install);
  const quiet = minutesMs(policy.quietMinutes);
  const said = [answeredSteadyMs ?? 0, reportedSteadyMs ?? 0, bootedSteadyMs, listeningSinceMs, heardMs];
  if (quiet !== undefined && steadyMs - Math.max(...said) >= quiet) {
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
