import { macFileName } from '../boot/script-name.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import { assertFits, commandLine } from './kernel-arguments.ts';
import { spoken } from './screen-text.ts';
import type { Installer } from './script-language.ts';

/** As it is called in errors. */
const LANGUAGE = "a Raspberry Pi's config.txt";
/** The firmware ignores what stands behind it in a line (Raspberry Pi documentation, config.txt). */
export const MAX_PI_LINE = 98;

/**
 * config.txt for an installer: the user's own, which knows the board, and behind it the kernel to start. Of two lines
 * that say the same the later counts, and `[all]` ends every condition before it (Raspberry Pi documentation).
 *
 * @param own the user's config.txt; empty where there is none.
 * @throws RangeError for a name that cannot be said in it.
 */
export function piConfig(own: string, { kernel, initrds }: Installer, because: string): string {
  const names = initrds.map(fileName).join(',');
  const lines = [
    `# Muster: ${spoken(because)}`.slice(0, MAX_PI_LINE),
    '[all]',
    'arm_64bit=1',
    `kernel=${fileName(kernel)}`,
    'auto_initramfs=0',
    ...(names === '' ? [] : [`initramfs ${names} followkernel`]),
    'cmdline=cmdline.txt',
  ];
  for (const line of lines) {
    if (line.length > MAX_PI_LINE)
      throw new RangeError(
        `Cannot put "${line}" in ${LANGUAGE}: the firmware reads ${MAX_PI_LINE} characters of a line, and it has ${line.length}: shorten the image's name or its folders`,
      );
  }
  const before = own === '' || own.endsWith('\n') ? own : `${own}\n`;
  return `${before}${lines.join('\n')}\n`;
}

/** cmdline.txt for an installer: one line. @throws RangeError when the kernel would not take it. */
export function piCommandLine({ arguments: text }: Installer, mac: MacAddress | undefined): string {
  const words = commandLine(text, "a Raspberry Pi's cmdline.txt");
  // Tells the installer which network card it was booted from, as pxelinux does.
  const line = [words, ...(mac === undefined ? [] : [`BOOTIF=${macFileName(mac)}`])].join(' ').trim();
  assertFits(line);
  return `${line}\n`;
}

/** A comma stands between two initrds, and a space ends the name. */
function fileName(text: string): string {
  if (!/^[\u0021-\u007E]+$/.test(text) || text.includes(',')) {
    throw new RangeError(
      `Cannot put the file name "${text}" in ${LANGUAGE}: it must be of printable ASCII without space and comma: rename the file`,
    );
  }
  return text;
}
