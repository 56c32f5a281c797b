import type { CliContext } from '../cli-context.ts';
import { cutTo } from '../text-width.ts';

/** Back to the beginning of the line, which is emptied (ECMA-48 EL). */
const OVER_AGAIN = '\r\u001B[K';
/** Where it is no terminal, a line is written whenever so much has come. */
const LINE_EVERY_PERCENT = 10;

export interface Progress {
  /** The one line a terminal shows, over and over; cut where the terminal ends. */
  readonly bar: string;
  /** The same for others, without a bar. */
  readonly text: string;
  readonly percent?: number;
}

/** Shows how far something is: a bar on a terminal, a line now and then elsewhere; with `-q` neither. */
export class ProgressLine {
  readonly #context: Pick<CliContext, 'terminal' | 'output'>;
  readonly #lines: 'every tenth' | 'every change';
  #told: { readonly percent: number; readonly text: string } = { percent: 0, text: '' };

  constructor(
    context: Pick<CliContext, 'terminal' | 'output'>,
    lines: 'every tenth' | 'every change' = 'every tenth',
  ) {
    this.#context = context;
    this.#lines = lines;
  }

  draw({ bar, text, percent = 0 }: Progress): void {
    const { terminal, output } = this.#context;
    if (output.choices.quiet) return;
    if (terminal.outIsTerminal) {
      terminal.err(`${OVER_AGAIN}${cutTo(bar, (terminal.columns ?? 80) - 1)}`);
      return;
    }
    const isNews =
      this.#lines === 'every change'
        ? text !== this.#told.text
        : percent - this.#told.percent >= LINE_EVERY_PERCENT;
    if (!isNews) return;
    this.#told = { percent, text };
    output.talk(text);
  }

  /** What is written next begins on a line of its own. */
  end(): void {
    const { terminal, output } = this.#context;
    if (terminal.outIsTerminal && !output.choices.quiet) terminal.err('\n');
  }
}
