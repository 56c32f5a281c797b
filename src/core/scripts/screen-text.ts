/**
 * Texts for a loader's screen. They are made to fit rather than refused: letters get their closest ASCII, as
 * loaders draw with the code page 437 of a BIOS or with a font of their own, and what would end a line is a space.
 */

/** Columns that the box of a loader's menu leaves for a title. */
const MAX_TITLE = 70;
const MAX_SENTENCE = 500;

/** One line of printable ASCII. */
export function spoken(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(/[^\u0020-\u007E]/gu, '?')
    .slice(0, MAX_SENTENCE);
}

/** The words of a menu: one line without `^`, which marks hot keys in SYSLINUX, bounded for the screen. */
export function title(text: string): string {
  const words = spoken(text).replaceAll('^', '').trim().slice(0, MAX_TITLE).trim();
  return words === '' ? 'Muster' : words;
}
