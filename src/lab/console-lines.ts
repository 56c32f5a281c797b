/** A longer line is given out in pieces: a console that never ends a line must not fill the memory. */
const MAX_LINE_CHARACTERS = 4_000;

/** What terminals take as orders: CSI and OSC sequences (ECMA-48), and short escapes (ECMA-35 §13.2). */
// oxlint-disable-next-line no-control-regex
const TERMINAL_ORDERS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-Z\\^-~])/g;
/** Where a line ends: UEFI and GRUB go to the next row of a menu with a cursor position (CUP) and no line feed. */
// oxlint-disable-next-line no-control-regex
const LINE_ENDS = /\r?\n|\r|\x1b\[\d*(?:;\d*)?H/;
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Cuts the bytes of a serial console into lines of plain text, without what only moves a cursor. */
export class ConsoleLines {
  #rest = '';

  /** The lines that these characters complete; empty ones are left out. */
  push(characters: string): readonly string[] {
    const parts = (this.#rest + characters).split(LINE_ENDS);
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
