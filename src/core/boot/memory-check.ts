import type { MemoryNeeds } from '../images/image.ts';
import type { SourceProtocol } from '../images/install-source.ts';

/** How much memory a machine has, and how much its image takes. */
export interface MemoryQuestion {
  readonly needs: MemoryNeeds;
  readonly megabytes: number;
  /** For people: `machine web01`. */
  readonly whose: string;
}

/** `off`: an image is started though the machine is known to have less memory than it takes. */
export type MemoryCheck = 'off';

interface Checked {
  readonly name: string;
  readonly memoryMegabytes?: number | undefined;
  readonly memoryCheck?: MemoryCheck | undefined;
}

/** Undefined where nothing is known, or nobody wants to have it looked at. */
export function memoryQuestion(
  needs: MemoryNeeds | undefined,
  machine: Checked | undefined,
  profile: Pick<Checked, 'memoryCheck'> | undefined,
): MemoryQuestion | undefined {
  if (needs === undefined || machine?.memoryMegabytes === undefined) return undefined;
  if (machine.memoryCheck === 'off' || profile?.memoryCheck === 'off') return undefined;
  return { needs, megabytes: machine.memoryMegabytes, whose: `machine ${machine.name}` };
}

/**
 * What is missing over a protocol, as a sentence; undefined where there is enough, or it is not known.
 *
 * @param fetchesNothing all is in the initrd, so it is told under HTTP whatever it comes over.
 */
export function memoryShort(
  memory: MemoryQuestion | undefined,
  protocol: SourceProtocol,
  fetchesNothing: boolean,
): string | undefined {
  const need = memory?.needs[fetchesNothing ? 'http' : protocol];
  if (memory === undefined || need === undefined || need <= memory.megabytes) return undefined;
  return `it takes ${need} MiB of memory over ${protocol.toUpperCase()}, and ${memory.whose} has ${memory.megabytes} MiB`;
}

export const MEMORY_ADVICE = 'give it more, or say --memory-check off for it or its profile';
