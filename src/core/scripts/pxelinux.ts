import type { MenuPolicy } from '../policy/policy.ts';

/**
 * Configurations for pxelinux (SYSLINUX 4 to 6), from what was decided. Its language has one keyword a line, no
 * quoting and no continuation, so a text that would end its line or its word is refused with a RangeError.
 */

/** pxelinux asks for longer names in no version (its buffer has 128 bytes), the loader's own folder included. */
export const MAX_TFTP_PATH = 127;
/** pxelinux reads lines into 4096 bytes, the terminating NUL included. */
export const MAX_CONFIG_LINE = 4095;
/** What x86 Linux keeps of its command line (COMMAND_LINE_SIZE, the NUL excluded); it drops the rest in silence. */
export const MAX_KERNEL_COMMAND_LINE = 2047;
/** ` BOOTIF=01-xx-xx-xx-xx-xx-xx`, which `ipappend 2` makes pxelinux add. */
const BOOTIF_LENGTH = 28;
/** The longest `timeout` of SYSLINUX: 35996 tenths of a second. */
export const MAX_MENU_TIMEOUT_SECONDS = 3599;
/** After a failed download pxelinux stands at its prompt; with this time-out it tries the default once more. */
const RETRY_SECONDS = 10;
/** Columns of a BIOS screen that the menu's box leaves for a title. */
const MAX_TITLE = 70;
/** Entries a menu holds: more are not looked through by people, and the file must stay small for slow ROMs. */
export const MAX_MENU_ENTRIES = 64;

const LOCAL_LABEL = 'local';

/** What pxelinux loads for an installer. */
export interface Installer {
  /** Name to ask this server for, such as `images/debian-12/linux`. */
  readonly kernel: string;
  /** In loading order. */
  readonly initrds: readonly string[];
  /** The kernel's command line as it stands. */
  readonly arguments: string;
  /** What the loader puts before every name, with its slash; it counts against `MAX_TFTP_PATH`. */
  readonly folder?: string;
}

export interface MenuEntry extends Installer {
  /** What the user types, and what the policy's `default` says. */
  readonly name: string;
  readonly title: string;
}

export interface Menu {
  readonly text: string;
  /** Entries that cannot be put into a configuration, and because. */
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
}

/**
 * Straight into the installer, without a menu.
 *
 * @throws RangeError when a name or the command line cannot be said in this language.
 */
export function pxelinuxInstaller(installer: Installer, because: string): string {
  return document([
    `say Muster: starting the installer: ${spoken(because)}`,
    ...directStart('muster'),
    'label muster',
    ...installerLines(installer),
  ]);
}

/** On to the machine's own disk: the loader hands back to the firmware, which tries its next device. */
export function pxelinuxLocalDisk(because: string): string {
  return document([
    `say Muster: booting the local disk: ${spoken(because)}`,
    ...directStart(LOCAL_LABEL),
    `label ${LOCAL_LABEL}`,
    '  localboot 0',
  ]);
}

/**
 * The menu for people. It falls to the policy's default, which is the local disk unless the user wishes
 * otherwise; the installers in it ask before they touch a disk.
 *
 * @param menuModule name of `menu.c32` where it can be had; else people type a label at the prompt.
 */
export function pxelinuxMenu(
  policy: MenuPolicy,
  entries: readonly MenuEntry[],
  menuModule: string | undefined,
): Menu {
  const leftOut: { name: string; because: string }[] = [];
  const shown: { readonly entry: MenuEntry; readonly lines: readonly string[] }[] = [];
  for (const entry of entries) {
    try {
      if (shown.length === MAX_MENU_ENTRIES)
        throw new RangeError(`The menu holds ${MAX_MENU_ENTRIES} entries at most`);
      shown.push({ entry, lines: menuEntryLines(entry) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      leftOut.push({ name: entry.name, because: error.message });
    }
  }
  const chosen = shown.find(({ entry }) => entry.name === policy.default)?.entry.name ?? LOCAL_LABEL;
  const local = [`label ${LOCAL_LABEL}`, '  menu label Local disk', '  localboot 0'];
  const text = document([
    ...menuStart(policy, menuModule, chosen),
    ...(menuModule === undefined ? promptLines(policy, shown) : [`menu title ${title(policy.title)}`]),
    ...markDefault(local, chosen === LOCAL_LABEL),
    ...shown.flatMap(({ entry, lines }) => markDefault(lines, chosen === entry.name)),
  ]);
  return { text, leftOut };
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

function menuEntryLines(entry: MenuEntry): readonly string[] {
  return [
    `label ${label(entry.name)}`,
    `  menu label Install ${title(entry.title)}`,
    ...installerLines(entry),
  ];
}

function markDefault(lines: readonly string[], isDefault: boolean): readonly string[] {
  return isDefault ? [...lines.slice(0, 2), '  menu default', ...lines.slice(2)] : lines;
}

function installerLines(installer: Installer): readonly string[] {
  const { folder = '' } = installer;
  const kernel = fileName(installer.kernel, folder);
  const initrds = installer.initrds.map((name) => fileName(name, folder)).join(',');
  const append = commandLine(installer.arguments);
  const whole = `BOOT_IMAGE=${kernel} ${append} initrd=${initrds}`;
  const length = byteLength(whole) + BOOTIF_LENGTH;
  if (length > MAX_KERNEL_COMMAND_LINE) {
    throw new RangeError(
      `The kernel's command line would have ${length} bytes, and the kernel keeps ${MAX_KERNEL_COMMAND_LINE}: shorten the profile's arguments`,
    );
  }
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
      `Cannot put the file name "${text}" in a pxelinux configuration: it must be of printable ASCII without space, comma, colon and backslash: rename the file`,
    );
  }
  if (folder.length + text.length > MAX_TFTP_PATH) {
    throw new RangeError(
      `Cannot put the file name "${text}" in a pxelinux configuration: it has ${folder.length + text.length} characters with the loader's folder, and pxelinux asks for ${MAX_TFTP_PATH} at most: shorten the image's name or its folders`,
    );
  }
  return text;
}

function label(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text) || text.toLowerCase() === LOCAL_LABEL) {
    throw new RangeError(
      `Cannot use "${text}" as a label of a pxelinux menu: 1 to 64 letters, digits, ".", "_" and "-" are wanted, and not "${LOCAL_LABEL}"`,
    );
  }
  return text;
}

function commandLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001F\u007F]/.test(text)) {
    throw new RangeError(
      `Cannot put ${JSON.stringify(text)} on a kernel's command line in a pxelinux configuration: it must hold no line break and no other control character`,
    );
  }
  const trimmed = text.trim();
  // A lone "-" means "nothing" to pxelinux.
  if (trimmed === '-')
    throw new RangeError('Cannot put a lone "-" on a kernel\'s command line with pxelinux');
  return trimmed;
}

/** A menu's words: one line, no "^" (which marks hot keys and cannot be quoted), bounded for the screen. */
function title(text: string): string {
  const words = spoken(text).replaceAll('^', '').trim().slice(0, MAX_TITLE).trim();
  return words === '' ? 'Muster' : words;
}

/**
 * For the screen only, so it is made to fit rather than refused: letters get their closest ASCII, as the loader
 * draws with the BIOS's code page 437, and everything that would end the line becomes a space.
 */
function spoken(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(/[^\u0020-\u007E]/gu, '?')
    .slice(0, 500);
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

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
