import { error, type Finding, type LintInput } from './finding.ts';

/** A script that a live system runs: what it does is its own business. */
export function lintScript({ text }: LintInput): readonly Finding[] {
  if (!/^#! ?\/\S/.test(text))
    return [error(1, 1, 'the first line has to name the program that reads it, such as #!/bin/sh')];
  return text.includes('\r')
    ? [
        error(
          1,
          undefined,
          'it has line ends of DOS, and the program of its first line is looked for with one',
        ),
      ]
    : [];
}
