import { UNSEEN } from '../lib/unseen-letters.ts';

/**
 * One line in which every letter that is not seen as such stands as its escape: `\u{1b}[31m`. Machines choose host names,
 * vendor classes and file names, so nothing from outside reaches a terminal as it is.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
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
