/** Something about an answer file that its installer will not take, or will not take as it was meant. */
export interface Finding {
  /** `error`: the installer stops, asks or does something else; `warning`: it goes on. */
  readonly level: 'error' | 'warning';
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
  readonly text: string;
}

export interface LintInput {
  /** What kind of file it is: an `AnswerKind`, or one that only a lint knows, such as `cloud-init`. */
  readonly kind: string;
  readonly text: string;
  /** Which system installs by it, where that makes a difference. */
  readonly system?: { readonly title: string; readonly release: string };
}

/** Findings of one file: more are not told. */
export const MAX_FINDINGS = 200;

export function error(line: number, column: number | undefined, text: string): Finding {
  return { level: 'error', line, ...(column === undefined ? {} : { column }), text };
}

export function warning(line: number, column: number | undefined, text: string): Finding {
  return { level: 'warning', line, ...(column === undefined ? {} : { column }), text };
}

/** ` (there is "x")`, or nothing. */
export function hint(word: string | undefined): string {
  return word === undefined ? '' : ` (there is "${word}")`;
}
