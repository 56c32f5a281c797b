import type { LoaderName } from '../boot/loaders.ts';
import { originOf, scriptUrl } from '../boot/machine-urls.ts';
import { macFileName } from '../boot/script-name.ts';
import type { MenuPolicy } from '../policy/policy.ts';
import { askWhoLine } from './ipxe-who.ts';
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
 * Scripts for iPXE (from 1.0.0 of 2012 on). A line is split at blanks, and nothing can be quoted: `${` begins a
 * setting, `#` at the beginning of a word a comment, `&&`, `||` and `;` end a command, a backslash at the end of a
 * line goes on with the next one. So a text with one of these is refused, or loses it where only people read it.
 */

/** As it is called in errors. */
const LANGUAGE = 'an iPXE script';
/** How often files are asked for before the machine starts over. */
const TRIES = 5;
const RETRY_SECONDS = 3;
/** What a signature has behind the name of its file; `openssl cms -sign -binary -noattr -outform DER` makes it. */
export const SIGNATURE = '.sig';
const KERNEL_NAME = 'kernel';
/** A machine that starts over asks again what to boot. */
const RESTART_SECONDS = 10;

export const IPXE: ScriptLanguage = {
  installer: (installer, place, because) =>
    document([say(`starting the installer: ${because}`), ...installerLines('installer', installer, place)]),
  localDisk: (place, because) => document([say(`booting the local disk: ${because}`), ...localDisk(place)]),
  wait,
  menu,
};

/** iPXE comes back and says who it is; where that cannot be heard, it boots its own disk. */
export function askWhoScript(place: ScriptPlace, because: string): string {
  return document([say(`asking this machine who it is: ${because}`), askWhoLine(place), ...localDisk(place)]);
}

function menu(policy: MenuPolicy, entries: readonly MenuEntry[], place: ScriptPlace): Menu {
  const { shown, leftOut } = showEntries(entries, (entry) =>
    installerLines(entryName(entry.name), entry, place),
  );
  const chosen = chosenEntry(policy, shown);
  const milliseconds = Math.max(0, Math.round(policy.timeoutSeconds * 1000));
  const text = document([
    // A build without menus goes on to the disk.
    `menu ${heading(policy.title)} || goto ${LOCAL_LABEL}`,
    `item ${LOCAL_LABEL} Local disk`,
    ...shown.map(({ entry }) => `item ${entry.name} Install ${plain(title(entry.title))}`),
    // A person who presses Escape gets the local disk.
    `choose ${milliseconds === 0 ? '' : `--timeout ${milliseconds} `}--default ${chosen} chosen || goto ${LOCAL_LABEL}`,
    'goto ${chosen}',
    `:${LOCAL_LABEL}`,
    ...localDisk(place),
    ...shown.flatMap(({ lines }) => lines),
  ]);
  return { text, leftOut };
}

/** The script it goes on with takes the place of this one: a hundred of them, one in the other, would fill the memory. */
function wait({ because }: Wait, place: ScriptPlace): string {
  const again = scriptUrl({ address: place.address, port: place.httpPort });
  return document([
    say(because),
    // A build without menus waits without a person's say.
    `menu Muster: waiting; asking again every ${WAIT_SECONDS} seconds || goto wait/blind`,
    'item wait Wait for its turn',
    `item ${LOCAL_LABEL} Local disk`,
    `choose --timeout ${WAIT_SECONDS * 1000} --default wait chosen || goto ${LOCAL_LABEL}`,
    'goto ${chosen}',
    ':wait/blind',
    `sleep ${WAIT_SECONDS}`,
    ':wait',
    `chain --replace --autofree ${again} ||`,
    say(`this server does not answer; restarting in ${RESTART_SECONDS} seconds`),
    `sleep ${RESTART_SECONDS}`,
    'reboot',
    `:${LOCAL_LABEL}`,
    ...localDisk(place),
  ]);
}

/**
 * @param label that people see, and that begins these lines.
 */
function installerLines(label: string, installer: Installer, place: ScriptPlace): readonly string[] {
  const kernel = url(installer.kernel, place);
  const initrds = installer.initrds.map((path, index) => ({ name: `initrd${index}`, url: url(path, place) }));
  // Tells the installer which network card it was booted from, as pxelinux does.
  const bootif = place.mac === undefined ? [] : [`BOOTIF=${macFileName(place.mac)}`];
  const append = [
    // A kernel that is started by UEFI asks for its initrds by these names; one that a BIOS starts ignores them.
    ...initrds.map(({ name }) => `initrd=${name}`),
    ...kernelWords(installer.arguments),
    ...bootif,
  ].join(' ');
  assertFits(append);
  const named = place.signatures === 'required' ? `--name ${KERNEL_NAME} ` : '';
  // A slash is in no name of an entry.
  return [
    `:${label}`,
    'set tries:int32 0',
    `:${label}/again`,
    'inc tries',
    'imgfree',
    `kernel ${named}${kernel} ${append} || goto ${label}/failed`,
    ...initrds.map((initrd) => `initrd --name ${initrd.name} ${initrd.url} || goto ${label}/failed`),
    ...verifyLines([{ name: KERNEL_NAME, url: kernel }, ...initrds], place).map(
      (line) => `${line} || goto ${label}/failed`,
    ),
    `boot || goto ${label}/failed`,
    `:${label}/failed`,
    `iseq \${tries} ${TRIES} && goto ${label}/over ||`,
    `echo Muster: try \${tries} of ${TRIES} failed, once more in ${RETRY_SECONDS} seconds`,
    `sleep ${RETRY_SECONDS}`,
    `goto ${label}/again`,
    `:${label}/over`,
    say(`the installer could not be started; restarting in ${RESTART_SECONDS} seconds`),
    `sleep ${RESTART_SECONDS}`,
    'reboot',
  ];
}

/** A kernel that is not verified is not started then; an initrd is no program, so its check is what keeps it out. */
function verifyLines(
  files: readonly { readonly name: string; readonly url: string }[],
  { signatures }: ScriptPlace,
): readonly string[] {
  if (signatures !== 'required') return [];
  return ['imgtrust', ...files.map(({ name, url: at }) => `imgverify ${name} ${at}${SIGNATURE}`)];
}

function url(path: string, place: ScriptPlace): string {
  return `${originOf({ address: place.address, port: place.httpPort })}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** @throws RangeError for what iPXE would take for itself. */
function kernelWords(text: string): readonly string[] {
  const line = commandLine(text, LANGUAGE);
  const list = line.split(/ +/).filter((word) => word !== '');
  const taken = list.find((word) => /\$\{|^#|^(?:&&|\|\||;)$/.test(word));
  if (taken !== undefined || line.endsWith('\\')) {
    throw new RangeError(
      `Cannot put ${JSON.stringify(taken ?? '\\')} on a kernel's command line in ${LANGUAGE}, which would take it for a word of its own: leave it out of the profile's arguments`,
    );
  }
  return list;
}

/** What only people read loses what iPXE would take for itself. */
function plain(text: string): string {
  return spoken(text)
    .replaceAll(/[$#;&|\\]/g, ' ')
    .trim();
}

/** A first word with a dash is an option to iPXE, which knows none of that name and shows no menu then. */
function heading(text: string): string {
  const words = plain(title(text)).replace(/^[- ]+/, '');
  return words === '' ? title('') : words;
}

function say(text: string): string {
  return `echo Muster: ${plain(text)}`;
}

function document(lines: readonly string[]): string {
  return `${['#!ipxe', NEEDS_ADDRESS, ...lines].join('\n')}\n`;
}

/** Builds from 2024 on look for `autoexec.ipxe` before they ask for an address, and run this script then. */
const NEEDS_ADDRESS = 'isset ${ip} || dhcp ||';

/** GRUB, by iPXE's name of the processor. */
const GRUBS: Readonly<Record<string, LoaderName>> = { x86_64: 'grubx64.efi', arm64: 'grubaa64.efi' };

/**
 * A BIOS starts its first disk at once, or is handed back to, and tries its next device. UEFI takes an option that
 * ended without an error for one that was used, and shows its own menu (UEFI 2.10 §3.1.1); after one it goes on to the
 * next, with OVMF 2022.11 by way of all its other network options, which takes minutes. So GRUB is fetched, and its
 * configuration here leads it to the disk. Not beside another DHCP server: GRUB 2.06 would ask that one for its files,
 * and hang. Where Secure Boot runs an iPXE, it may refuse this GRUB, and the script goes on.
 */
function localDisk({ address, isProxied }: ScriptPlace): readonly string[] {
  const grubs = isProxied === true ? [] : Object.entries(GRUBS);
  return [
    'iseq ${platform} efi && goto local/uefi ||',
    'sanboot --no-describe --drive 0x80 ||',
    'exit',
    ':local/uefi',
    ...grubs.map(
      ([cpu, grub]) => `iseq \${buildarch} ${cpu} && chain --autofree tftp://${address}/${grub} ||`,
    ),
    'exit 1',
  ];
}
