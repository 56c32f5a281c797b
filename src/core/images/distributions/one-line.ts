/** The longest name of a distribution that is worth showing. */
const MAX_NAME = 100;

/** A text out of a tree as one line of bounded length: it goes into titles, comments and menus. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME)
    .trim();
}
