/** What x86 Linux keeps of its command line (COMMAND_LINE_SIZE, the NUL excluded); it drops the rest in silence. */
export const MAX_KERNEL_COMMAND_LINE = 2047;

/**
 * The words of a kernel's command line as a user wrote them, without blanks around them.
 *
 * @param language whose configuration it is for, as it is called in the error.
 * @throws RangeError for a line break or another control character.
 */
export function commandLine(text: string, language: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001F\u007F]/.test(text)) {
    throw new RangeError(
      `Cannot put ${JSON.stringify(text)} on a kernel's command line in ${language}: it must hold no line break and no other control character`,
    );
  }
  return text.trim();
}

/**
 * @param whole everything the kernel will see, with what the loader adds by itself.
 * @throws RangeError when the kernel would drop its end.
 */
export function assertFits(whole: string): void {
  const length = byteLength(whole);
  if (length > MAX_KERNEL_COMMAND_LINE) {
    throw new RangeError(
      `The kernel's command line would have ${length} bytes, and the kernel keeps ${MAX_KERNEL_COMMAND_LINE}: shorten the profile's arguments`,
    );
  }
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
