/** Everything one render needs, so that it can be done in a thread of its own. */
export interface TemplateJob {
  /** Whose template it is, for errors: `profile web`. */
  readonly name: string;
  readonly source: string;
  /** What the template may include, by name. */
  readonly snippets: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** What comes of it may be Butane, and is translated where it is rendered. */
  readonly becomes?: 'ignition';
}

/** A place in a template or snippet; the first line and the first column are 1. */
export interface TemplatePlace {
  /** `profile web` or `snippet users`. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export interface TemplateFailure {
  readonly because: string;
  readonly at?: TemplatePlace;
}

export type TemplateOutcome =
  | { readonly made: true; readonly text: string }
  | (TemplateFailure & {
      readonly made: false;
      /** The engine cannot be used again: it panicked, or its memory is full. */
      readonly engine?: 'broken';
    });

/** The largest template taken, in UTF-16 units; the ones that come with Muster have 7,000. */
export const MAX_TEMPLATE_LENGTH = 256 * 1024;
/** The largest answer file given out, in UTF-16 units. Installers keep it in memory. */
export const MAX_ANSWER_LENGTH = 1024 * 1024;
/**
 * Steps of the template engine for one answer file: some 100 ms, a hundred times what the templates that come
 * with Muster need. It ends endless loops; memory and time have limits of their own where it runs.
 */
export const MAX_TEMPLATE_STEPS = 1_000_000;

/** `profile web:12:5: there is no variable "x"` */
export function failureText({ because, at }: TemplateFailure): string {
  if (at === undefined) return because;
  return `${at.file}:${at.line}${at.column === undefined ? '' : `:${at.column}`}: ${because}`;
}
