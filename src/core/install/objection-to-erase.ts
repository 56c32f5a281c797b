import type { Machine } from '../machines/machine.ts';
import type { Install } from './install.ts';

/**
 * Why nobody should be armed to write over the disk of this machine without a word of a person, or undefined where
 * nothing is known to be on it. To know nothing is no knowledge of an empty disk; but a new machine has one, and a
 * question that is always asked is one that nobody reads.
 *
 * @param installed the machine's newest install that came to its end.
 * @param holding what is on its disks, as the machine said itself: one sentence for each disk.
 */
export function objectionToErase(
  { name }: Pick<Machine, 'name'>,
  installed: Pick<Install, 'id' | 'profile'> | undefined,
  holding: readonly string[],
): string | undefined {
  const known = [
    ...(installed ? [`profile ${installed.profile} was installed on it (install ${installed.id})`] : []),
    ...holding,
  ];
  if (known.length === 0) return undefined;
  return `the disk of ${name} holds data, and the install would erase it: ${known.join('; ')}`;
}
