/**
 * Machines choose host names, vendor classes and file names, and a terminal obeys control characters: so nothing
 * from outside reaches a terminal as it is. Bidirectional controls (Unicode TR36) would show one name as another.
 */
const UNPRINTABLE = /[\p{Cc}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}]/gu;

/** One line in which every control character stands as its escape: `\u{1b}[31m`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}

/** DEL and the C1 controls, which neither JSON nor YAML escapes; some terminals take U+009B for ESC [. */
const BEYOND_ASCII_CONTROLS = /[\u007F-\u009F]/g;

/** For JSON and for YAML in double quotes. */
export function escapeLateControls(text: string): string {
  return text.replaceAll(
    BEYOND_ASCII_CONTROLS,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

export function holdsControls(text: string): boolean {
  return /[\u007F-\u009F]/.test(text);
}
