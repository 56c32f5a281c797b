import type { LoaderName } from '../boot/loaders.ts';
import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import type { MenuPolicy } from '../policy/policy.ts';

/** The loaders that Muster writes scripts for. */
export type ScriptLanguageName = 'pxelinux' | 'grub' | 'ipxe';

/** Entries a menu holds: more are not looked through by people, and the file must stay small for slow ROMs. */
export const MAX_MENU_ENTRIES = 64;
/** The entry of the machine's own disk, which every menu has. */
export const LOCAL_LABEL = 'local';

/** What a loader fetches and says for an installer. */
export interface Installer {
  /** Below this server's root, such as `images/debian-12/linux`; the same over TFTP and HTTP. */
  readonly kernel: string;
  /** In loading order, below the root as well. */
  readonly initrds: readonly string[];
  /** The kernel's command line as it stands. */
  readonly arguments: string;
}

/** A machine whose turn comes later. */
export interface Wait {
  readonly because: string;
  /** Name of the script that is asked for again, below this server's root. */
  readonly again: string;
  /** pxelinux alone: the loader is started anew, where it has read its configuration too often. */
  readonly anew?: LoaderName | undefined;
}

/**
 * So often pxelinux reads its configuration anew before it is started anew itself. Of a chain of 125 it read the last
 * one empty, and stood at its prompt for good (6.04 with a BIOS).
 */
export const MAX_READS_OF_PXELINUX = 40;

/** After so long a machine that waits asks again. */
export const WAIT_SECONDS = 15;

export interface MenuEntry extends Installer {
  /** What the user types, and what the policy's `default` says. */
  readonly name: string;
  readonly title: string;
}

export interface Menu {
  readonly text: string;
  /** Entries that cannot be put into a script, and because. */
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
}

/** Where a loader runs and where it finds its files. */
export interface ScriptPlace {
  /** This server, as the machine reaches it. */
  readonly address: IpAddress;
  /** The port of the HTTP door for machines. */
  readonly httpPort: number;
  /**
   * GRUB alone: started from a disk in memory, or from the image's own disc, it finds kernel and initrds there. The
   * network unless told.
   */
  readonly from?: 'RAM disk' | 'disc' | undefined;
  /** Another DHCP server gave the address. */
  readonly isProxied?: boolean | undefined;
  /** iPXE alone: whether it checks a signature beside each file before it starts. Not unless told. */
  readonly signatures?: 'required' | undefined;
  /** What pxelinux puts before every name, with its slash. */
  readonly folder: string;
  /** The network card it was booted from. */
  readonly mac?: MacAddress | undefined;
  /** Name of `menu.c32` where pxelinux can have it. */
  readonly menuModule?: string | undefined;
}

/**
 * A loader's language. Each function gives a whole script, and throws a RangeError where something cannot be said in
 * it; nothing that comes from elsewhere is put into a script as it is.
 */
export interface ScriptLanguage {
  /** Straight into the installer, without a menu. */
  readonly installer: (installer: Installer, place: ScriptPlace, because: string) => string;
  /** Asks again after a while, unless a person at the machine wants its own disk. */
  readonly wait: (wait: Wait, place: ScriptPlace) => string;
  /** On to the machine's own disk. */
  readonly localDisk: (place: ScriptPlace, because: string) => string;
  /**
   * The menu for people. It falls to the policy's default, which is the local disk unless the user wishes otherwise;
   * the installers in it ask before they touch a disk.
   */
  readonly menu: (policy: MenuPolicy, entries: readonly MenuEntry[], place: ScriptPlace) => Menu;
}

export interface ShownEntry<Lines> {
  readonly entry: MenuEntry;
  readonly lines: Lines;
}

/** Renders each entry; those that cannot be said are left out, with the reason. */
export function showEntries<Lines>(
  entries: readonly MenuEntry[],
  render: (entry: MenuEntry) => Lines,
): { readonly shown: readonly ShownEntry<Lines>[]; readonly leftOut: Menu['leftOut'] } {
  const leftOut: { name: string; because: string }[] = [];
  const shown: ShownEntry<Lines>[] = [];
  for (const entry of entries) {
    try {
      if (shown.length === MAX_MENU_ENTRIES)
        throw new RangeError(`The menu holds ${MAX_MENU_ENTRIES} entries at most`);
      shown.push({ entry, lines: render(entry) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      leftOut.push({ name: entry.name, because: error.message });
    }
  }
  return { shown, leftOut };
}

/** The entry a menu falls to. */
export function chosenEntry(policy: MenuPolicy, shown: readonly { readonly entry: MenuEntry }[]): string {
  return shown.find(({ entry }) => entry.name === policy.default)?.entry.name ?? LOCAL_LABEL;
}

/** @throws RangeError for a name that would end a word, or that is the local disk's. */
export function entryName(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text) || text.toLowerCase() === LOCAL_LABEL) {
    throw new RangeError(
      `Cannot use "${text}" as a label of a menu: 1 to 64 letters, digits, ".", "_" and "-" are wanted, and not "${LOCAL_LABEL}"`,
    );
  }
  return text;
}
