/** A longer line is given out in pieces: a console that never ends a line must not fill the memory. */
const MAX_LINE_CHARACTERS = 4_000;

/** What terminals take as orders: CSI and OSC sequences, and two-character escapes (ECMA-48). */
// oxlint-disable-next-line no-control-regex
const TERMINAL_ORDERS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Cuts the bytes of a serial console into lines of plain text, without what only moves a cursor. */
export class ConsoleLines {
  #rest = '';

  /** The lines that these characters complete; empty ones are left out. */
  push(characters: string): readonly string[] {
    const parts = (this.#rest + characters).split(/\r?\n|\r/);
    this.#rest = parts.pop() ?? '';
    while (this.#rest.length > MAX_LINE_CHARACTERS) {
      parts.push(this.#rest.slice(0, MAX_LINE_CHARACTERS));
      this.#rest = this.#rest.slice(MAX_LINE_CHARACTERS);
    }
    return parts.map(plainText).filter((line) => line !== '');
  }

  /** What stands in the line that is not complete yet, such as a prompt. */
  get unfinished(): string {
    return plainText(this.#rest);
  }
}

/** Text without terminal orders and other characters that do not print: safe to show on a terminal. */
export function plainText(text: string): string {
  return text.replaceAll(TERMINAL_ORDERS, '').replaceAll(UNPRINTABLE, '').trimEnd();
}
