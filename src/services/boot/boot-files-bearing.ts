import { FIRST_PROGRAMS } from '../../core/boot/firmware.ts';
import { loaderNamed } from '../../core/boot/loaders.ts';
import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import type { ClientTraits } from '../../protocols/tftp/quirks.ts';
import { type EfiProgram, isEfiName } from './program-watch.ts';
import type { Asker } from './who-asks.ts';

/** Whom a file is for and what it is called in the timeline. */
export interface FileBearing {
  readonly label: string;
  /** The machine's name, or else its MAC address, or else its address. */
  readonly who: string;
  readonly machineId?: string;
  readonly mac?: MacAddress;
  readonly installId?: string;
  /** Set where this is a program for firmware of UEFI. */
  readonly program?: EfiProgram;
  /** Why this file was given for the name that was asked for, where they differ. */
  readonly because?: string;
}

/** What the table of firmware quirks goes by. */
export function traitsOf({ mac, vendorClass }: Asker): ClientTraits {
  return { ...(mac ? { mac } : {}), ...(vendorClass === undefined ? {} : { vendorClass }) };
}

export function whoIs(asker: Asker, address: IpAddress): Pick<FileBearing, 'who' | 'machineId' | 'mac'> {
  return {
    who: asker.machine?.name ?? asker.mac ?? address,
    ...(asker.machine ? { machineId: asker.machine.id } : {}),
    ...(asker.mac ? { mac: asker.mac } : {}),
  };
}

/**
 * What firmware fetches and starts: a first program of the tables, or one of the user's own. What these go on with by
 * themselves is fetched by all machines alike.
 */
export function isProgram(path: string): boolean {
  const isPart = loaderNamed(path.slice(path.lastIndexOf('/') + 1)) !== undefined;
  return beginsBoot(path) || (!isPart && isEfiName(path));
}

/** The loader itself: fetching it is the beginning of a boot, of which note is taken. */
export function beginsBoot(path: string): boolean {
  const loader = loaderNamed(path.slice(path.lastIndexOf('/') + 1));
  return loader !== undefined && FIRST_PROGRAMS.has(loader);
}
