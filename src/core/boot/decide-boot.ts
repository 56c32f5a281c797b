import type { Install, InstallEnd } from '../install/install.ts';
import { isOver } from '../install/life.ts';
import type { Machine } from '../machines/machine.ts';
import type { Policy } from '../policy/policy.ts';
import type { WaitingInWave } from '../waves/waiting-in-wave.ts';
import type { BootPlan } from './boot-plan.ts';
import { decideUnknown } from './decide-unknown.ts';

/**
 * What this machine boots now: the only place that says so. It is asked several times in one boot (DHCP, the
 * loader's configuration, HTTP), so the same state must give the same plan, and asking changes nothing.
 *
 * @param newest the machine's newest install, open or over.
 * @param waiting its place in a wave in which it has not had its turn.
 */
export function decideBoot(
  machine: Machine | undefined,
  newest: Install | undefined,
  policy: Policy,
  waiting?: WaitingInWave,
): BootPlan {
  if (!machine) return decideUnknown(policy);
  if (waiting !== undefined && (newest === undefined || isOver(newest.state))) {
    const { wave, ahead, isPaused } = waiting;
    const because = isPaused
      ? `it waits for its turn in wave ${wave}, which is paused`
      : `it waits for its turn in wave ${wave}, with ${ahead} before it`;
    return { boot: 'wait', wave, ahead, because };
  }
  if (!newest) return { boot: 'local disk', because: `no install was ever armed for ${machine.name}` };
  switch (newest.state) {
    case 'requested':
    case 'booting':
      return {
        boot: 'installer',
        installId: newest.id,
        profile: newest.profile,
        because: `install ${newest.id} of profile ${newest.profile} is ${newest.state}${tryText(newest)}`,
      };
    case 'installing':
      // The installer has read its answer file, so it may have written to the disk. Starting it once more
      // without being asked is how reinstall loops begin.
      return {
        boot: 'local disk',
        way: { profile: newest.profile },
        because: `install ${newest.id} started its installer and has not reported an end: cancel it and arm a new one to try again`,
      };
    case 'installed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return {
        boot: 'local disk',
        because: `install ${newest.id} is ${newest.state}${endText(newest)}, and no other is armed`,
      };
    default:
      return newest.state satisfies never;
  }
}

function tryText({ attempt, attempts, retryOf }: Install): string {
  return retryOf === undefined ? '' : `; it is try ${attempt} of ${attempts}, after ${retryOf}`;
}

/** In our words: those of an installer have no place in a boot script. */
const END_WORDS: Readonly<Record<InstallEnd, string>> = {
  failed: 'its installer reported so',
  timedOut: 'its time was up',
  bootedAgain: 'the machine booted again before its installer had ended',
  expired: 'the machine did not boot in time',
  cancelled: 'somebody asked for it',
};

function endText({ cause }: Install): string {
  return cause === undefined ? '' : ` (${END_WORDS[cause]})`;
}
