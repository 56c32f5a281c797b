import type { Cpu } from './firmware.ts';
import { LOADER_HOMES, type LoaderHome, type LoaderPlace } from './loader-homes.ts';

/**
 * The boot loaders that Muster hands out come from the system's own packages. What belongs to one build works only
 * with the rest of it (modules with their pxelinux, a GRUB with its shim), so all of a set is taken from one place.
 */

/** What comes from one build, or one source, and the processor of the machines it is for. */
const LOADER_SETS = {
  pxelinux: 'x64',
  'grub x64': 'x64',
  'grub aa64': 'aa64',
  'grub ia32': 'ia32',
  'grub arm': 'arm',
  'grub riscv64': 'riscv64',
  'ipxe x86': 'x64',
  'ipxe aa64': 'aa64',
  'ipxe riscv64': 'riscv64',
  'ipxe loongarch64': 'loongarch64',
} as const satisfies Record<string, Cpu>;

export type LoaderSetName = keyof typeof LOADER_SETS;
/** Processors that there are loaders for. */
export type LoaderCpu = (typeof LOADER_SETS)[LoaderSetName];

/** What `muster loaders install` gets where nobody says for which. */
const USUAL_CPU = 'x64' satisfies LoaderCpu;

const SET_NAMES = Object.keys(LOADER_SETS) as readonly LoaderSetName[];

export function setsFor(cpu: LoaderCpu): readonly LoaderSetName[] {
  return SET_NAMES.filter((set) => LOADER_SETS[set] === cpu);
}

export interface LoaderRow {
  /** As clients ask for it, below whichever folder. */
  readonly name: string;
  readonly set: LoaderSetName;
  /** For people: what it does. */
  readonly purpose: string;
  /** Without it the rest of the set boots nothing. */
  readonly needed: boolean;
}

/** In the order they are shown. Sources: SYSLINUX 6.04 `doc/` and the modules its ELF files name; shim 16.1; iPXE. */
export const LOADERS = [
  row('pxelinux.0', 'pxelinux', 'the first program a BIOS machine fetches', 'needed'),
  row('ldlinux.c32', 'pxelinux', 'the core of pxelinux, from version 5 on', 'needed'),
  row('menu.c32', 'pxelinux', 'the text menu'),
  row('libutil.c32', 'pxelinux', 'a library of both menus, chain.c32 and hdt.c32'),
  row('lpxelinux.0', 'pxelinux', 'pxelinux that also speaks HTTP and FTP'),
  row('vesamenu.c32', 'pxelinux', 'the graphical menu'),
  row('libcom32.c32', 'pxelinux', 'a library of most modules'),
  row('libmenu.c32', 'pxelinux', 'a library of hdt.c32'),
  row('libgpl.c32', 'pxelinux', 'a library of hdt.c32'),
  row('chain.c32', 'pxelinux', "starts a disk's boot sector"),
  row('reboot.c32', 'pxelinux', 'restarts the machine'),
  row('poweroff.c32', 'pxelinux', 'switches the machine off'),
  row('hdt.c32', 'pxelinux', 'shows the hardware'),
  row('mboot.c32', 'pxelinux', 'starts Multiboot kernels, such as VMware ESXi and Xen'),
  row('memdisk', 'pxelinux', 'starts floppy and small disc images on BIOS'),
  row(
    'shimx64.efi',
    'grub x64',
    'the first program an x64 UEFI machine fetches; Secure Boot trusts it',
    'needed',
  ),
  row('grubx64.efi', 'grub x64', 'GRUB for it, signed for that shim', 'needed'),
  row('mmx64.efi', 'grub x64', 'asks people about keys where shim refuses a signature'),
  row('shimaa64.efi', 'grub aa64', 'the first program an ARM 64-bit UEFI machine fetches', 'needed'),
  row('grubaa64.efi', 'grub aa64', 'GRUB for it, signed for that shim', 'needed'),
  row('mmaa64.efi', 'grub aa64', 'asks people about keys where shim refuses a signature'),
  row('shimia32.efi', 'grub ia32', 'the first program a 32-bit x86 UEFI machine fetches', 'needed'),
  row('grubia32.efi', 'grub ia32', 'GRUB for it, signed for that shim', 'needed'),
  row('mmia32.efi', 'grub ia32', 'asks people about keys where shim refuses a signature'),
  row('undionly.kpxe', 'ipxe x86', 'iPXE for BIOS machines, with the network driver of their ROM'),
  row('snponly.efi', 'ipxe x86', 'iPXE for x64 UEFI machines, with the network driver of their firmware'),
  row('ipxe.efi', 'ipxe x86', 'iPXE for x64 UEFI machines, with network drivers of its own'),
  row('ipxe-arm64.efi', 'ipxe aa64', 'iPXE for ARM 64-bit UEFI machines, with network drivers of its own'),
  row('grubnetarm.efi', 'grub arm', 'GRUB for ARM 32-bit UEFI machines, which nobody signed', 'needed'),
  row('grubnetriscv64.efi', 'grub riscv64', 'GRUB for RISC-V UEFI machines, which nobody signed', 'needed'),
  row('ipxe-riscv64.efi', 'ipxe riscv64', 'iPXE for RISC-V UEFI machines'),
  row('ipxe-loong64.efi', 'ipxe loongarch64', 'iPXE for LoongArch UEFI machines'),
] as const satisfies readonly LoaderRow[];

function row<Name extends string>(
  name: Name,
  set: LoaderSetName,
  purpose: string,
  needed?: 'needed',
): LoaderRow & { readonly name: Name } {
  return { name, set, purpose, needed: needed === 'needed' };
}

export type LoaderName = (typeof LOADERS)[number]['name'];

/** The sets that most machines need; people are told when one is missing. */
export const USUAL_SETS: readonly LoaderSetName[] = ['pxelinux', 'grub x64'];

/** The module that `ui` names in a generated menu. */
export const MENU_MODULE = 'menu.c32' satisfies LoaderName;

/** A name of the table, or undefined. Case counts, as on the loader's side. */
export function loaderNamed(name: string): LoaderName | undefined {
  return LOADERS.find((loader) => loader.name === name)?.name;
}

/** What shims of SUSE ask for, whatever their processor, and what it is called here before the processor's name. */
const NAMES_OF_SUSE: Readonly<Record<string, string>> = { 'grub.efi': 'grub', 'MokManager.efi': 'mm' };

/**
 * The loader that is meant by a name that a client asks for: one of the table, or what a shim of SUSE goes on with.
 *
 * @param cpu of the firmware; x64 where it is not known.
 */
export function loaderAskedAs(name: string, cpu: Cpu | undefined): LoaderName | undefined {
  const stem = Object.hasOwn(NAMES_OF_SUSE, name) ? NAMES_OF_SUSE[name] : undefined;
  return loaderNamed(stem === undefined ? name : `${stem}${cpu ?? USUAL_CPU}.efi`);
}

/** Its name beside the shim of the same build, which looks for no other. @param file where the system has it. */
export function nameBesideShim(name: LoaderName, file: string): string {
  const own = file.slice(file.lastIndexOf('/') + 1);
  return Object.hasOwn(NAMES_OF_SUSE, own) ? own : name;
}

export function setOf(name: LoaderName): LoaderSetName {
  const found = LOADERS.find((loader) => loader.name === name);
  if (!found) throw new Error(`The table of loaders has no ${name}`);
  return found.set;
}

export function loadersOf(set: LoaderSetName): readonly (LoaderRow & { readonly name: LoaderName })[] {
  return LOADERS.filter((loader) => loader.set === set);
}

/**
 * The programs of which `name` is a part: it works only with one of them that comes from the same build. None for a
 * program that stands for itself.
 */
export function programsBefore(name: LoaderName): readonly LoaderName[] {
  if (name.endsWith('.c32')) return ['pxelinux.0', 'lpxelinux.0'];
  const cpu = /^(?:grub|mm)(x64|aa64|ia32)\.efi$/.exec(name)?.[1];
  return LOADERS.filter((loader) => cpu !== undefined && loader.name === `shim${cpu}.efi`).map(
    (loader) => loader.name,
  );
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
  for (const system of systems) {
    const found = LOADER_HOMES.find(({ systems: known }) =>
      known.some((name) => system === name || system.startsWith(`${name}-`)),
    );
    if (found) return found;
  }
  return undefined;
}

/** All rows, this system's own first. */
export function loaderHomes(systems: readonly string[]): readonly LoaderHome[] {
  const own = loaderHomeOf(systems);
  return own ? [own, ...LOADER_HOMES.filter((home) => home !== own)] : LOADER_HOMES;
}

/** What is typed to have these sets; undefined where this family has no package of any. */
export function installCommandOf(home: LoaderHome, sets: readonly LoaderSetName[]): string | undefined {
  const packages = sets.flatMap((set) => home.places[set]?.packages ?? []);
  if (packages.length === 0) return undefined;
  if (home.installCommand === 'unpack') {
    const [cpu = USUAL_CPU, ...others] = new Set(sets.map((set) => LOADER_SETS[set]));
    return cpu === USUAL_CPU || others.length > 0
      ? 'muster loaders install'
      : `muster loaders install --cpu ${cpu}`;
  }
  return `as root: ${[...home.installCommand, ...packages].join(' ')}`;
}

/** The sets that a family has, with their places. */
export function loaderSets({ places }: LoaderHome): readonly (readonly [LoaderSetName, LoaderPlace])[] {
  return SET_NAMES.flatMap((set) => {
    const place = places[set];
    return place === undefined ? [] : [[set, place] as const];
  });
}

/** What to do where loaders of a set are missing, on this system. */
export function installAdvice(systems: readonly string[], set: LoaderSetName): string {
  const home = loaderHomeOf(systems);
  const command = home && installCommandOf(home, [set]);
  if (command !== undefined) return command;
  const names = loadersOf(set)
    .filter(({ needed }) => needed || set.startsWith('ipxe'))
    .map(({ name }) => name);
  return `this system has no package of it that Muster knows: put ${names.join(' and ')} of one build into the folder that tftp.root names`;
}
