/**
 * The boot loaders that Muster hands out come from the system's own packages. Modules (`.c32`) work only with the
 * loader of the very same build, so all are taken from one row of `LOADER_HOMES`.
 */

export interface LoaderRow {
  readonly name: string;
  /** For people: what it does. */
  readonly purpose: string;
  /** Nothing boots without it. */
  readonly needed: boolean;
}

/** In the order they are shown. Sources: SYSLINUX 6.04 `doc/` and the dependencies its ELF modules name. */
export const LOADERS = [
  { name: 'pxelinux.0', purpose: 'the first program a BIOS machine fetches', needed: true },
  { name: 'ldlinux.c32', purpose: 'the core of pxelinux, from version 5 on', needed: true },
  { name: 'menu.c32', purpose: 'the text menu', needed: false },
  { name: 'libutil.c32', purpose: 'a library of both menus, chain.c32 and hdt.c32', needed: false },
  { name: 'lpxelinux.0', purpose: 'pxelinux that also speaks HTTP and FTP', needed: false },
  { name: 'vesamenu.c32', purpose: 'the graphical menu', needed: false },
  { name: 'libcom32.c32', purpose: 'a library of most modules', needed: false },
  { name: 'libmenu.c32', purpose: 'a library of hdt.c32', needed: false },
  { name: 'libgpl.c32', purpose: 'a library of hdt.c32', needed: false },
  { name: 'chain.c32', purpose: "starts a disk's boot sector", needed: false },
  { name: 'reboot.c32', purpose: 'restarts the machine', needed: false },
  { name: 'poweroff.c32', purpose: 'switches the machine off', needed: false },
  { name: 'hdt.c32', purpose: 'shows the hardware', needed: false },
  { name: 'mboot.c32', purpose: 'starts Multiboot kernels, such as VMware ESXi and Xen', needed: false },
  { name: 'memdisk', purpose: 'starts floppy and small disc images on BIOS', needed: false },
] as const satisfies readonly LoaderRow[];

export type LoaderName = (typeof LOADERS)[number]['name'];

/** The module that `ui` names in a generated menu. */
export const MENU_MODULE = 'menu.c32' satisfies LoaderName;

export interface LoaderHome {
  readonly family: string;
  /** `ID` or `ID_LIKE` of /etc/os-release. */
  readonly systems: readonly string[];
  /** Folders that belong to one build; the first that has the file counts. */
  readonly folders: readonly string[];
  /** What a root user types. */
  readonly installCommand: readonly string[];
}

/** Where each family of distributions puts them. Package lists as of 2024; the paths have not moved in ten years. */
export const LOADER_HOMES = [
  {
    family: 'Debian',
    systems: ['debian', 'ubuntu'],
    folders: ['/usr/lib/PXELINUX', '/usr/lib/syslinux/modules/bios', '/usr/lib/syslinux'],
    installCommand: ['apt-get', 'install', '-y', 'pxelinux', 'syslinux-common'],
  },
  {
    family: 'Fedora',
    systems: ['fedora', 'rhel', 'centos'],
    folders: ['/usr/share/syslinux'],
    installCommand: ['dnf', 'install', '-y', 'syslinux', 'syslinux-nonlinux'],
  },
  {
    family: 'Arch',
    systems: ['arch'],
    folders: ['/usr/lib/syslinux/bios'],
    installCommand: ['pacman', '-S', '--noconfirm', 'syslinux'],
  },
  {
    family: 'SUSE',
    systems: ['suse', 'opensuse', 'sles'],
    folders: ['/usr/share/syslinux'],
    installCommand: ['zypper', '--non-interactive', 'install', 'syslinux'],
  },
] as const satisfies readonly LoaderHome[];

/** A name of the table, or undefined. Case counts, as on the loader's side. */
export function loaderNamed(name: string): LoaderName | undefined {
  return LOADERS.find((row) => row.name === name)?.name;
}

/** A part of the one build that the loader in use belongs to. */
export function isModule(name: LoaderName): boolean {
  return name.endsWith('.c32');
}

/** `ID` first, then the words of `ID_LIKE`, from the text of /etc/os-release (os-release(5)). */
export function systemsOf(osRelease: string): readonly string[] {
  const value = (key: string): string => {
    const line = osRelease.split('\n').find((candidate) => candidate.startsWith(`${key}=`)) ?? '';
    return line
      .slice(key.length + 1)
      .trim()
      .replaceAll(/^["']|["']$/g, '');
  };
  return `${value('ID')} ${value('ID_LIKE')}`.toLowerCase().split(/\s+/).filter(Boolean);
}

/** The row of this system, by `ID` before `ID_LIKE`; `opensuse-leap` belongs to `opensuse`. */
export function loaderHomeOf(systems: readonly string[]): LoaderHome | undefined {
  const rows: readonly LoaderHome[] = LOADER_HOMES;
  for (const system of systems) {
    const row = rows.find(({ systems: known }) =>
      known.some((name) => system === name || system.startsWith(`${name}-`)),
    );
    if (row) return row;
  }
  return undefined;
}

/** All rows, this system's own first. */
export function loaderHomes(systems: readonly string[]): readonly LoaderHome[] {
  const own = loaderHomeOf(systems);
  return own ? [own, ...LOADER_HOMES.filter((row) => row !== own)] : LOADER_HOMES;
}

/** What to do where a loader is missing, on this system. */
export function installAdvice(systems: readonly string[]): string {
  const home = loaderHomeOf(systems);
  if (home) return `as root: ${home.installCommand.join(' ')}`;
  return 'install the SYSLINUX package of this system, or put pxelinux.0 and its .c32 modules of one build into the folder that tftp.root names';
}
