import type { Install, Moment } from '../install/install.ts';
import type { InstallPolicy } from '../install/install-policy.ts';
import { parseToolProfile } from './tool-profile.ts';

/** What a boot asks for comes within this time: loader, script, and the kernel that needs nothing of us any more. */
export const ONE_BOOT_MS = 60_000;

export interface ToolEnd {
  readonly event: 'finished';
  readonly because: string;
}

/**
 * Whether a tool that a person works with is over. It reports nothing and reads no answer file; what it takes is given
 * to it within one boot, and after that it must not be given to the next.
 */
export function decideToolEnd(
  { state, profile, bootedSteadyMs }: Pick<Install, 'state' | 'profile' | 'bootedSteadyMs'>,
  { steadyMs }: Pick<Moment, 'steadyMs'>,
): ToolEnd | undefined {
  if (state !== 'booting' || bootedSteadyMs === undefined || !isAttended(profile)) return undefined;
  if (steadyMs - bootedSteadyMs < ONE_BOOT_MS) return undefined;
  return { event: 'finished', because: 'it was started, and is started once' };
}

/** How often a boot of this profile is tried: a tool once, since nobody asked for its second time. */
export function attemptsOf(profile: string, { attempts }: Pick<InstallPolicy, 'attempts'>): number {
  return parseToolProfile(profile) ? 1 : attempts;
}

/** The times of an install; a tool works as long as it works, for large disks take days. */
export function timesOf(profile: string, policy: InstallPolicy): InstallPolicy {
  return parseToolProfile(profile) ? { ...policy, totalMinutes: 'never' } : policy;
}

function isAttended(profile: string): boolean {
  const tool = parseToolProfile(profile)?.tool;
  return tool !== undefined && tool !== 'discover' && tool !== 'wipe';
}
