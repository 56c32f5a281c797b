import { DISK_KERNEL, diskInitrd } from '../boot/boot-disk.ts';
import { macFileName } from '../boot/script-name.ts';
import type { MenuPolicy } from '../policy/policy.ts';
import { assertFits, commandLine } from './kernel-arguments.ts';
import { spoken, title } from './screen-text.ts';
import {
  chosenEntry,
  entryName,
  type Installer,
  LOCAL_LABEL,
  type Menu,
  type MenuEntry,
  type ScriptLanguage,
  type ScriptPlace,
  showEntries,
  type Wait,
  WAIT_SECONDS,
} from './script-language.ts';

/**
 * Configurations for GRUB 2 on UEFI (2.02 to 2.12). Its language is a shell's: every text from elsewhere stands in
 * single quotes, in which GRUB takes everything as it is. Files are named with their server, since the device that
 * GRUB calls its root is another DHCP server's where one answers beside a proxy (GRUB 2.06 with OVMF).
 */

/** As it is called in errors. */
const LANGUAGE = 'a GRUB configuration';
/** After files that could not be loaded the machine starts over, and asks again what to boot. */
const RESTART_SECONDS = 10;
/** A machine without an installed system asks again, so that an install armed later needs no hand at it. */
const ASK_AGAIN_SECONDS = 60;

export const GRUB: ScriptLanguage = {
  installer: (installer, place, because) =>
    document([
      say(`starting the installer: ${because}`),
      ...installerLines(installer, place, place.from ?? 'network'),
      say(`the installer could not be started; restarting in ${RESTART_SECONDS} seconds`),
      `sleep ${RESTART_SECONDS}`,
      'reboot',
    ]),
  localDisk: (place, because) =>
    document([say(`booting the local disk: ${because}`), ...localDisk(place), BOOT_LOCAL_DISK]),
  wait,
  menu,
};

function menu(policy: MenuPolicy, entries: readonly MenuEntry[], place: ScriptPlace): Menu {
  const { shown, leftOut } = showEntries(entries, (entry) => menuEntry(entry, place));
  const text = document([
    // 0 waits for a person; to GRUB that is a time-out below zero, and 0 takes the default at once.
    `set timeout=${policy.timeoutSeconds <= 0 ? -1 : Math.ceil(policy.timeoutSeconds)}`,
    `set default=${quoted(chosenEntry(policy, shown))}`,
    `echo ${quoted(title(policy.title))}`,
    ...localDisk(place),
    `menuentry 'Local disk' --id ${quoted(LOCAL_LABEL)} {`,
    indent(BOOT_LOCAL_DISK),
    '}',
    ...shown.flatMap(({ lines }) => lines),
  ]);
  return { text, leftOut };
}

/**
 * The configuration is read again into the same GRUB: the one that is read says only whether it goes on, or one would
 * stand in the other until the stack is full. From a disk in memory GRUB has no network of its own, and starts over.
 */
function wait({ because, again }: Wait, place: ScriptPlace): string {
  const ask = place.from === undefined ? `source ${quoted(fileName(again, place, 'network'))}` : 'reboot';
  return document([
    say(because),
    ...localDisk(place),
    `if [ "$${WAITS}" = '1' ]; then`,
    indent('true'),
    'else',
    ...[
      `set ${WAITS}='1'`,
      say(`asking again every ${WAIT_SECONDS} seconds; press Escape for the local disk`),
      `while [ "$${WAITS}" = '1' ]; do`,
      ...[
        `if sleep --interruptible ${WAIT_SECONDS}; then`,
        indent(ask),
        'else',
        indent(`set ${WAITS}='0'`),
        'fi',
      ].map(indent),
      'done',
      BOOT_LOCAL_DISK,
    ].map(indent),
    'fi',
  ]);
}

/** The variable that says that a configuration which waits is being obeyed. */
const WAITS = 'muster_waits';

function menuEntry(entry: MenuEntry, place: ScriptPlace): readonly string[] {
  return [
    `menuentry ${quoted(`Install ${title(entry.title)}`)} --id ${quoted(entryName(entry.name))} {`,
    ...menuInstaller(entry, place).map(indent),
    '}',
  ];
}

/** A disk in memory holds the one installer that is armed, and no others: GRUB asks DHCP for an address then. */
function menuInstaller(entry: MenuEntry, place: ScriptPlace): readonly string[] {
  const lines = installerLines(entry, place, 'network');
  return place.from === undefined ? lines : ['if net_bootp; then', ...lines.map(indent), 'fi'];
}

function installerLines(
  installer: Installer,
  place: ScriptPlace,
  from: 'network' | 'RAM disk' | 'disc',
): readonly string[] {
  const kernel = from === 'RAM disk' ? `/${DISK_KERNEL}` : fileName(installer.kernel, place, from);
  const initrds = installer.initrds.map((name, index) =>
    quoted(from === 'RAM disk' ? `/${diskInitrd(index)}` : fileName(name, place, from)),
  );
  const words = kernelWords(installer.arguments);
  // Tells the installer which network card it was booted from, as pxelinux does.
  if (place.mac !== undefined) words.push(`BOOTIF=${macFileName(place.mac)}`);
  assertFits(`BOOT_IMAGE=${kernel} ${words.join(' ')}`);
  const start = initrds.length === 0 ? ['boot'] : [`if initrd ${initrds.join(' ')}; then`, '  boot', 'fi'];
  // What GRUB was started from may be the small image beside the disc's own files.
  const search = from === 'disc' ? [`search --no-floppy --set=root --file ${quoted(kernel)}`] : [];
  return [
    ...search,
    `if linux ${[kernel, ...words].map(quoted).join(' ')}; then`,
    ...start.map(indent),
    'fi',
  ];
}

/** Over TFTP, which all builds have, with a server of its own: `(tftp,192.0.2.1)/images/x/linux`. */
function fileName(text: string, { address }: ScriptPlace, from: 'network' | 'disc'): string {
  if (!/^[\u0021-\u007E]+$/.test(text)) {
    throw new RangeError(
      `Cannot put the file name "${text}" in ${LANGUAGE}: it must be of printable ASCII without space: rename the file`,
    );
  }
  return from === 'disc' ? `/${text}` : `(tftp,${address})/${text}`;
}

/** GRUB puts a backslash before quotes and backslashes of a kernel's arguments, which the kernel does not take away. */
function kernelWords(text: string): string[] {
  const words = commandLine(text, LANGUAGE);
  if (/["'\\]/.test(words)) {
    throw new RangeError(
      `Cannot put ${JSON.stringify(words)} on a kernel's command line in ${LANGUAGE}: GRUB adds a backslash before every quote and backslash: leave them out of the profile's arguments`,
    );
  }
  return words.split(/ +/).filter((word) => word !== '');
}

/** In single quotes everything stands for itself; a single quote stands outside of them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function say(text: string): string {
  return `echo ${quoted(`Muster: ${spoken(text)}`)}`;
}

function indent(line: string): string {
  return `  ${line}`;
}

function document(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** The folders below /EFI in which installed systems keep their shim; Windows keeps none. */
const SYSTEMS_WITH_SHIM = ['debian', 'ubuntu', 'fedora', 'redhat', 'centos', 'rocky', 'almalinux'] as const;
const SUSE_SYSTEMS = ['opensuse', 'sles', 'sle'] as const;

/** The loaders that installed systems leave on their EFI system partition, by GRUB's name of the processor. */
const INSTALLED_LOADERS: Readonly<Record<'x86_64' | 'arm64' | 'i386' | 'riscv64', readonly string[]>> = {
  x86_64: installedLoaders('x64', ['/EFI/Microsoft/Boot/bootmgfw.efi']),
  arm64: installedLoaders('aa64', []),
  i386: installedLoaders('ia32', []),
  riscv64: installedLoaders('riscv64', []),
};

function installedLoaders(cpu: string, more: readonly string[]): readonly string[] {
  return [
    ...SYSTEMS_WITH_SHIM.map((system) => `/EFI/${system}/shim${cpu}.efi`),
    ...SUSE_SYSTEMS.map((system) => `/EFI/${system}/shim.efi`),
    `/EFI/debian/grub${cpu}.efi`,
    `/EFI/systemd/systemd-boot${cpu}.efi`,
    ...more,
    `/EFI/BOOT/BOOT${cpu.toUpperCase()}.EFI`,
  ];
}

const BOOT_LOCAL_DISK = 'local_disk';

/**
 * The loader of the installed system itself: after `exit`, with a number or without, the firmware shows its own menu,
 * since UEFI takes a boot option that ended in order for one that was used (UEFI 2.10 §3.1.1; seen with GRUB 2.06 and
 * OVMF 2022.11). GRUB tells a loader that it came from `root`, and shim looks there for what it starts: so the disk has
 * to be that (seen with shim 16.1, which looked for GRUB on the network card).
 */
function localDisk({ from }: ScriptPlace): readonly string[] {
  return [
    `function ${BOOT_LOCAL_DISK} {`,
    ...[
      ...Object.entries(INSTALLED_LOADERS).flatMap(([cpu, loaders]) => [
        `if [ "$grub_cpu" = ${quoted(cpu)} ]; then`,
        `  set loaders=${quoted(loaders.join(' '))}`,
        'fi',
      ]),
      'for loader in $loaders; do',
      ...(from === undefined ? SEARCH : SEARCH_PARTITIONS).map(indent),
      'done',
      say(`no disk has the loader of an installed system; asking again in ${ASK_AGAIN_SECONDS} seconds`),
      `sleep ${ASK_AGAIN_SECONDS}`,
      'reboot',
    ].map(indent),
    '}',
  ];
}

/** The first disk that has it. */
const SEARCH: readonly string[] = [
  'if search --no-floppy --file --set=root "$loader"; then',
  '  if chainloader "$loader"; then',
  '    boot',
  '  fi',
  'fi',
];

/** Disks and partitions that are looked at one by one. */
const DISKS = 8;
const PARTITIONS = ['gpt1', 'gpt2', 'gpt3', 'gpt4', 'msdos1', 'msdos2', 'msdos3', 'msdos4'] as const;

/**
 * The same where GRUB itself lies on a disk: `search` finds that one first, and its shim would start this GRUB again.
 * The disk in memory has no partitions, and every other has.
 */
const SEARCH_PARTITIONS: readonly string[] = [
  `for disk in ${Array.from({ length: DISKS }, (_, index) => `hd${index}`).join(' ')}; do`,
  `  for partition in ${PARTITIONS.join(' ')}; do`,
  '    if [ -f "($disk,$partition)$loader" ]; then',
  '      set root="$disk,$partition"',
  '      if chainloader "$loader"; then',
  '        boot',
  '      fi',
  '    fi',
  '  done',
  'done',
];
