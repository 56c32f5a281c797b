import type { MenuPolicy } from '../policy/policy.ts';
import { assertFits, byteLength, commandLine } from './kernel-arguments.ts';
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
 * Configurations for pxelinux (SYSLINUX 4 to 6). Its language has one keyword a line, no quoting and no
 * continuation, so a text that would end its line or its word is refused with a RangeError.
 */

/** As it is called in errors. */
const LANGUAGE = 'a pxelinux configuration';
/** pxelinux asks for longer names in no version (its buffer has 128 bytes), the loader's own folder included. */
export const MAX_TFTP_PATH = 127;
/** pxelinux reads lines into 4096 bytes, the terminating NUL included. */
export const MAX_CONFIG_LINE = 4095;
/** What `ipappend 2` makes pxelinux add. */
const BOOTIF = ' BOOTIF=01-xx-xx-xx-xx-xx-xx';
/** The longest `timeout` of SYSLINUX: 35996 tenths of a second. */
export const MAX_MENU_TIMEOUT_SECONDS = 3599;
/** After a failed download pxelinux stands at its prompt; with this time-out it tries the default once more. */
const RETRY_SECONDS = 10;

/** Names are relative to the loader's own folder; a loader that has the menu module shows a box, else a prompt. */
export const PXELINUX: ScriptLanguage = {
  installer: (installer, { folder }, because) =>
    document([
      `say Muster: starting the installer: ${spoken(because)}`,
      ...directStart('muster'),
      'label muster',
      ...installerLines(installer, folder),
    ]),
  // The loader hands back to the firmware, which tries its next device.
  localDisk: (_, because) =>
    document([
      `say Muster: booting the local disk: ${spoken(because)}`,
      ...directStart(LOCAL_LABEL),
      `label ${LOCAL_LABEL}`,
      '  localboot 0',
    ]),
  wait,
  menu,
};

function menu(policy: MenuPolicy, entries: readonly MenuEntry[], place: ScriptPlace): Menu {
  const { shown, leftOut } = showEntries(entries, (entry) => menuEntryLines(entry, place.folder));
  const { menuModule } = place;
  const chosen = chosenEntry(policy, shown);
  const local = [`label ${LOCAL_LABEL}`, '  menu label Local disk', '  localboot 0'];
  const text = document([
    ...menuStart(policy, menuModule, chosen),
    ...(menuModule === undefined ? promptLines(policy, shown) : [`menu title ${title(policy.title)}`]),
    ...markDefault(local, chosen === LOCAL_LABEL),
    ...shown.flatMap(({ entry, lines }) => markDefault(lines, chosen === entry.name)),
  ]);
  return { text, leftOut };
}

/** The prompt is what a person sees: the time-out asks for the configuration once more, and `local` is for people. */
function wait({ because, again, anew }: Wait, { folder }: ScriptPlace): string {
  const name = again.startsWith(folder) ? again.slice(folder.length) : again;
  return document([
    `say Muster: ${spoken(because)}`,
    `say Muster: asking again every ${WAIT_SECONDS} seconds; type ${LOCAL_LABEL} for the local disk`,
    'default wait',
    'prompt 1',
    `timeout ${WAIT_SECONDS * 10}`,
    'label wait',
    anew === undefined ? `  config ${fileName(name, folder)}` : `  pxe ${fileName(anew, folder)}`,
    `label ${LOCAL_LABEL}`,
    '  localboot 0',
  ]);
}

function directStart(label: string): readonly string[] {
  // A Caps Lock or Scroll Lock that is on (many KVM switches) stops at the prompt all the same; the time-out goes on.
  // `noescape 1` would not stop there, but then a download that failed is repeated without any pause.
  return [`default ${label}`, 'prompt 0', `timeout ${RETRY_SECONDS * 10}`];
}

function menuStart(policy: MenuPolicy, menuModule: string | undefined, chosen: string): readonly string[] {
  const seconds = Math.min(Math.max(0, policy.timeoutSeconds), MAX_MENU_TIMEOUT_SECONDS);
  // A fraction of a second must not become 0, which waits for ever.
  const tenths = seconds === 0 ? 0 : Math.max(1, Math.round(seconds * 10));
  return [
    ...(menuModule === undefined ? ['prompt 1'] : [`ui ${fileName(menuModule)}`, 'prompt 0']),
    `default ${chosen}`,
    ...(tenths === 0 ? [] : [`timeout ${tenths}`, `ontimeout ${chosen}`]),
  ];
}

/** Without the menu module, `say` shows what may be typed. */
function promptLines(policy: MenuPolicy, shown: readonly { readonly entry: MenuEntry }[]): readonly string[] {
  return [
    `say ${title(policy.title)}`,
    'say Type one of these names and press Enter:',
    `say   ${LOCAL_LABEL}: Local disk`,
    ...shown.map(({ entry }) => `say   ${entry.name}: ${title(entry.title)}`),
  ];
}

function menuEntryLines(entry: MenuEntry, folder: string): readonly string[] {
  return [
    `label ${entryName(entry.name)}`,
    `  menu label Install ${title(entry.title)}`,
    ...installerLines(entry, folder),
  ];
}

function markDefault(lines: readonly string[], isDefault: boolean): readonly string[] {
  return isDefault ? [...lines.slice(0, 2), '  menu default', ...lines.slice(2)] : lines;
}

function installerLines(installer: Installer, folder: string): readonly string[] {
  const kernel = fileName(installer.kernel, folder);
  const initrds = installer.initrds.map((name) => fileName(name, folder)).join(',');
  const append = argumentsOf(installer.arguments);
  assertFits(`BOOT_IMAGE=${kernel} ${append} initrd=${initrds}${BOOTIF}`);
  return [
    // `linux`, for `kernel` would guess the type from the name's ending: a kernel called x.bin is a boot sector to it.
    `  linux ${kernel}`,
    ...(initrds === '' ? [] : [`  initrd ${initrds}`]),
    ...(append === '' ? [] : [`  append ${append}`]),
    // Tells the installer which network card it was booted from; 1 would add an `ip=` that dracut cannot use.
    '  ipappend 2',
  ];
}

/** The name of a file on this server: pxelinux splits at spaces and commas, and takes `::` and `x:` for servers. */
function fileName(text: string, folder = ''): string {
  if (!/^[\u0021-\u007E]+$/.test(text) || /[,:\\]/.test(text)) {
    throw new RangeError(
      `Cannot put the file name "${text}" in ${LANGUAGE}: it must be of printable ASCII without space, comma, colon and backslash: rename the file`,
    );
  }
  if (folder.length + text.length > MAX_TFTP_PATH) {
    throw new RangeError(
      `Cannot put the file name "${text}" in ${LANGUAGE}: it has ${folder.length + text.length} characters with the loader's folder, and pxelinux asks for ${MAX_TFTP_PATH} at most: shorten the image's name or its folders`,
    );
  }
  return text;
}

function argumentsOf(text: string): string {
  const words = commandLine(text, LANGUAGE);
  // A lone "-" means "nothing" to pxelinux.
  if (words === '-') throw new RangeError('Cannot put a lone "-" on a kernel\'s command line with pxelinux');
  return words;
}

function document(lines: readonly string[]): string {
  for (const line of lines) {
    if (byteLength(line) > MAX_CONFIG_LINE)
      throw new RangeError(
        `A line of the pxelinux configuration would have ${byteLength(line)} bytes, and pxelinux reads ${MAX_CONFIG_LINE}`,
      );
  }
  return `${lines.join('\n')}\n`;
}
