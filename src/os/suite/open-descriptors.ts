import { readdirSync, readlinkSync } from 'node:fs';

/** Descriptors of this process by what they are, without the numbers of each: `socket:[N]` 4 times. */
export type OpenDescriptors = ReadonlyMap<string, number>;

export function openDescriptors(): OpenDescriptors {
  const kinds = new Map<string, number>();
  for (const fd of readdirSync('/proc/self/fd')) {
    const kind = kindOf(fd);
    if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

/** Those that were not open before; empty where nothing stayed open. */
export function moreThan(before: OpenDescriptors): Readonly<Record<string, number>> {
  const more = Array.from(
    openDescriptors(),
    ([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const,
  );
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

/**
 * What runs TypeScript writes compiled files for later. A thread that is killed meanwhile leaves them open with Node 22 and
 * 24; the built program has none of that.
 */
const CACHE_OF_TSX = /\/tsx-\d+\//;

/** Undefined for the one by which the list itself was read, and for what the program that is built does not open. */
function kindOf(fd: string): string | undefined {
  try {
    const target = readlinkSync(`/proc/self/fd/${fd}`);
    return CACHE_OF_TSX.test(target) ? undefined : target.replace(/\[\d+\]/, '[N]');
  } catch {
    return undefined;
  }
}
