/**
 * How many cells of a terminal a text takes (UAX #11, East Asian Width): letters of Chinese, Japanese and Korean and
 * most emoji take two, marks that stand on the letter before them none.
 */

/** Wide and fullwidth blocks that are no emoji, first and last code point of each. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f], //   Hangul Jamo, leading
  [0x2329, 0x232a], //   angle brackets
  [0x2e80, 0x303e], //   radicals, CJK punctuation
  [0x3041, 0x3247], //   kana, Bopomofo, Hangul letters, enclosed letters
  [0x3250, 0x4dbf], //   enclosed CJK, extension A
  [0x4e00, 0xa4cf], //   unified ideographs, Yi
  [0xa960, 0xa97f], //   Hangul Jamo, extended
  [0xac00, 0xd7a3], //   Hangul syllables
  [0xf900, 0xfaff], //   compatibility ideographs
  [0xfe10, 0xfe19], //   vertical forms
  [0xfe30, 0xfe6f], //   compatibility and small forms
  [0xff01, 0xff60], //   fullwidth letters
  [0xffe0, 0xffe6], //   fullwidth signs
  [0x16fe0, 0x18dff], // Tangut, Khitan
  [0x1aff0, 0x1b2ff], // more kana, Nushu
  [0x1f200, 0x1f265], // enclosed ideographs
  [0x20000, 0x3fffd], // further ideographs
];

const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
/** No letter below is wide or stands on another. */
const FIRST_OTHER = 0x300;

export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

function letterWidth(letter: string): 0 | 1 | 2 {
  const code = letter.codePointAt(0) ?? 0;
  if (code < FIRST_OTHER) return 1;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return NO_WIDTH.test(letter) ? 0 : 2;
  if (EMOJI.test(letter)) return 2;
  return NO_WIDTH.test(letter) ? 0 : 1;
}

/** The text, or its beginning and an ellipsis where it is wider. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let room = width - 1;
  for (const letter of text) {
    room -= letterWidth(letter);
    if (room < 0) break;
    kept += letter;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** As `padEnd`, in cells. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
