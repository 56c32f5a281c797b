import { MAX_KERNEL_COMMAND_LINE } from '../scripts/kernel-arguments.ts';

/**
 * Words of the form `name=value` that the kernel does not know go into the environment of the first process, and
 * it panics ("Too many boot env vars") when there are more than CONFIG_INIT_ENV_ARG_LIMIT of them, which is 32.
 * HOME and TERM take two, and loaders add BOOT_IMAGE, initrd and BOOTIF. Names with a dot are modules' and not
 * counted.
 */
export const MAX_ENVIRONMENT_WORDS = 27;
/** The same for words without `=` ("Too many boot init vars"); the program's name and an end marker take two. */
export const MAX_PLAIN_WORDS = 30;

/**
 * The installer's own words and, after them, so that they win, the profile's as they stand.
 *
 * @throws RangeError when a word or the whole cannot be said on a kernel's command line.
 */
export function kernelCommandLine(words: readonly string[], profileArguments: string): string {
  const all = [...words.map(word), ...plain(profileArguments).split(/\s+/)].filter((text) => text !== '');
  const inEnvironment = all.filter((text) => /^[^.=]+=/.test(text)).length;
  const withoutValue = all.filter((text) => !text.includes('=')).length;
  if (inEnvironment > MAX_ENVIRONMENT_WORDS || withoutValue > MAX_PLAIN_WORDS) {
    throw new RangeError(
      `The kernel's command line would have ${inEnvironment} words of the form name=value and ${withoutValue} others, and the kernel stops at more than ${MAX_ENVIRONMENT_WORDS} of either: shorten the profile's arguments`,
    );
  }
  const line = all.join(' ');
  const length = new TextEncoder().encode(line).length;
  if (length > MAX_KERNEL_COMMAND_LINE) {
    throw new RangeError(
      `The kernel's command line would have ${length} bytes, and the kernel keeps ${MAX_KERNEL_COMMAND_LINE}: shorten the profile's arguments`,
    );
  }
  return line;
}

/** The kernel splits at white space and takes double quotes away; a word with either would become others. */
function word(text: string): string {
  if (/[\s"]/.test(text) || text === '') {
    throw new RangeError(
      `Cannot put ${JSON.stringify(text)} on a kernel's command line: it must hold no white space and no quote`,
    );
  }
  return plain(text);
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001F\u007F]/.test(text)) {
    throw new RangeError(
      `Cannot put ${JSON.stringify(text)} on a kernel's command line: it must hold no line break and no other control character`,
    );
  }
  return text;
}
