import { DISK_MAY_BOOT_PERCENT } from '../progress/decide-progress.ts';
import type { Install, Moment } from './install.ts';
import type { InstallEvent } from './life.ts';

/** A next try is armed for this long at least, however soon the first would have expired. */
export const RETRY_WINDOW_MS = 3_600_000;

export type RetryDecision = { readonly retry: boolean; readonly because: string };

/**
 * Whether the next try of an install that fails by this event is armed by itself, as a new install: the old one is
 * over, and gives the installer to no boot again.
 *
 * Only where nobody said why it ended, and it is known that it did not reach its end:
 * - An installer that reports its failure had a reason, which would be there the second time too; and what it left on
 *   the disk and on the screen is what its user needs now.
 * - One that never reported anything tells nothing by its silence. Perhaps its template has no reports; perhaps it
 *   reached its end, and to arm it again would install it for ever.
 * - One of which nothing was heard for long may still be at work, or be done while its reports did not arrive. Nobody
 *   but a person can tell, and without one nobody switches that machine off and on either.
 *
 * @param install as it was before the event.
 */
export function decideRetry(install: Install, event: InstallEvent): RetryDecision | undefined {
  const { attempt, attempts, percent, reportedSteadyMs, state } = install;
  if (event !== 'timedOut' && event !== 'bootedAgain') return undefined;
  if (event === 'timedOut' && state !== 'booting')
    return no('the installer may still be at work, so no other try is armed by itself');
  if (event === 'bootedAgain' && reportedSteadyMs === undefined)
    return no(
      'its installer never reported anything, so it may have reached its end: no other try is armed by itself',
    );
  if (event === 'bootedAgain' && percent !== undefined && percent >= DISK_MAY_BOOT_PERCENT)
    return no(
      'its boot loader was written already, so its disk probably boots: no other try is armed by itself',
    );
  if (attempt >= attempts)
    return no(attempts === 1 ? 'it had one try' : `this was the last of its ${attempts} tries`);
  return { retry: true, because: `try ${attempt + 1} of ${attempts} is armed` };
}

function no(because: string): RetryDecision {
  return { retry: false, because };
}

/** The next try, armed at once. */
export function nextTry(
  install: Install,
  { id, token }: Pick<Install, 'id' | 'token'>,
  { wallMs, steadyMs }: Moment,
): Install {
  const { machineId, profile, attempt, attempts, expiresSteadyMs } = install;
  return {
    id,
    machineId,
    profile,
    token,
    state: 'requested',
    requestedAtMs: wallMs,
    changedAtMs: wallMs,
    attempt: attempt + 1,
    attempts,
    retryOf: install.id,
    ...(expiresSteadyMs === undefined
      ? {}
      : { expiresSteadyMs: Math.max(expiresSteadyMs, steadyMs + RETRY_WINDOW_MS) }),
  };
}
