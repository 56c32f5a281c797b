import type { OutputFormat } from './output.ts';
import type { Terminal } from './terminal.ts';

/** Sequences of ECMA-48, and the two of DEC that say whether a line that is too long goes on in the next. */
const TO_LINE_START = '\r';
const CLEAR_BELOW = '\u001B[J';
const CLEAR_LINE_END = '\u001B[K';
const CUT_LINES = '\u001B[?7l';
const WRAP_LINES = '\u001B[?7h';
const up = (lines: number): string => (lines === 0 ? '' : `\u001B[${lines}A`);

export interface Frame {
  /** What a command writes to it is the frame. */
  readonly terminal: Terminal;
  /** Where time passed and nothing happened, a frame that is as the last is not drawn again. */
  readonly show: (when?: 'always' | 'where it differs') => void;
}

/**
 * One thing shown again and again: on a terminal each frame is drawn over the last, elsewhere a frame that differs from
 * the last is written behind it.
 */
export class Frames {
  readonly #terminal: Terminal;
  readonly #format: OutputFormat;
  #height = 0;
  #last: string | undefined;

  constructor(terminal: Terminal, format: OutputFormat) {
    this.#terminal = terminal;
    this.#format = format;
  }

  next(): Frame {
    let [data, talk] = ['', ''];
    const { outIsTerminal } = this.#terminal;
    const out = (text: string): void => {
      data += text;
    };
    const err = (text: string): void => {
      // On a terminal both are one picture.
      if (outIsTerminal) data += text;
      else talk += text;
    };
    const show: Frame['show'] = (when = 'always') => {
      if (!outIsTerminal) this.#append(data, talk);
      else if (when === 'always' || data !== this.#last) this.#redraw(data);
    };
    // A getter of the terminal stays one, so that a frame is as wide as the terminal is now.
    const terminal = Object.create(this.#terminal, {
      out: { value: out },
      err: { value: err },
    }) as Terminal;
    return { terminal, show };
  }

  /** Writes something that is no frame; the next frame comes below it. */
  below(write: () => void): void {
    write();
    this.#height = 0;
    if (this.#terminal.outIsTerminal) this.#last = undefined;
  }

  end(): void {
    if (this.#terminal.outIsTerminal) this.#terminal.out(WRAP_LINES);
  }

  #redraw(text: string): void {
    const lines = fitRows(text.replace(/\n$/, '').split('\n'), this.#terminal.rows);
    const drawn = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
    const before = `${CUT_LINES}${TO_LINE_START}${up(this.#height)}`;
    this.#terminal.out(`${before}${drawn}${CLEAR_BELOW}${WRAP_LINES}`);
    this.#height = lines.length;
    this.#last = text;
  }

  #append(data: string, talk: string): void {
    if (`${data}${talk}` === this.#last) return;
    const isFirst = this.#last === undefined;
    this.#last = `${data}${talk}`;
    if (talk !== '') this.#terminal.err(talk);
    if (this.#format === 'yaml') this.#terminal.out(`---\n${data}`);
    else this.#terminal.out(isFirst || this.#format !== 'table' || data === '' ? data : `\n${data}`);
  }
}

/** What is higher than the terminal would scroll away, and could not be drawn over. */
function fitRows(lines: readonly string[], rows = Infinity): readonly string[] {
  const room = rows - 1;
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, Math.max(0, room - 1));
  return [...shown, `… and ${lines.length - shown.length} more lines, which a higher terminal would show`];
}
