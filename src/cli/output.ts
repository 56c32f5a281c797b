import { escapeLateControls } from './printable.ts';
import { type Column, formatDetails, formatTable, type TableShape } from './table.ts';
import type { Terminal } from './terminal.ts';

export const OUTPUT_FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How one kind of thing is shown to people; `json` and `yaml` show it as the API gives it. */
export interface View<T> {
  readonly columns: readonly Column<T>[];
  readonly details: (item: T) => readonly (readonly [label: string, text: string])[];
  /** What other commands take to name it. */
  readonly nameOf: (item: T) => string;
}

export interface OutputChoices {
  readonly format: OutputFormat;
  readonly color: TableShape['color'];
  readonly quiet: boolean;
}

/** Data goes to standard output in the form that was asked for, talk to standard error. */
export class Output {
  readonly #terminal: Terminal;
  readonly choices: OutputChoices;

  constructor(terminal: Terminal, choices: OutputChoices) {
    this.#terminal = terminal;
    this.choices = choices;
  }

  /** @param whenNone said to people where a table would be empty. */
  async list<T>(
    view: Pick<View<T>, 'columns' | 'nameOf'>,
    items: readonly T[],
    whenNone: string,
  ): Promise<void> {
    if (this.choices.format === 'table') {
      if (items.length === 0) this.talk(whenNone);
      else this.#terminal.out(formatTable(view.columns, items, this.#shape()));
      return;
    }
    await this.data(items, items.map(view.nameOf));
  }

  async thing<T>(view: Pick<View<T>, 'details' | 'nameOf'>, item: T): Promise<void> {
    if (this.choices.format === 'table') {
      this.#terminal.out(formatDetails(view.details(item), this.choices.color));
      return;
    }
    await this.data(item, [view.nameOf(item)]);
  }

  /** After a change: a sentence for people, the thing for programs. */
  async changed<T>(view: Pick<View<T>, 'details' | 'nameOf'>, item: T, sentence: string): Promise<void> {
    if (this.choices.format === 'table') this.talk(sentence);
    else await this.data(item, [view.nameOf(item)]);
  }

  /** A text that is data itself, as it stands. */
  text(text: string): void {
    this.#terminal.out(text);
  }

  /** For people; `-q` keeps it back. */
  talk(sentence: string): void {
    if (!this.choices.quiet) this.#terminal.err(`${sentence}\n`);
  }

  /** For programs, in a form that is not `table`. */
  async data(value: unknown, names: readonly string[]): Promise<void> {
    const { format } = this.choices;
    if (format === 'name') this.#terminal.out(names.map((name) => `${name}\n`).join(''));
    else if (format === 'yaml') {
      // Loaded when it is wanted: most commands do without.
      const { yamlText } = await import('./yaml-text.ts');
      this.#terminal.out(yamlText(value));
    } else this.#terminal.out(`${jsonText(value, 2)}\n`);
  }

  #shape(): TableShape {
    return { width: this.#terminal.columns, color: this.choices.color };
  }
}

/** JSON that is safe to look at on a terminal. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeLateControls(JSON.stringify(value, undefined, indent));
}
