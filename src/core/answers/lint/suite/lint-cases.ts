import { expect, test } from 'vitest';
import { lintAnswer } from '../lint-answer.ts';
import { findingsOf, type Found } from './findings-of.ts';

/** Findings that begin with `^` are patterns. */
export type Case = readonly [kind: string, text: string, expected: readonly Found[]];

export function lintCases(cases: readonly Case[]): void {
  for (const [at, [kind, text, expected]] of cases.entries()) {
    test(`${kind}, case ${at + 1}: ${JSON.stringify(text).slice(0, 100)}`, () => {
      expect(findingsOf(lintAnswer({ kind, text }))).toEqual(
        expected.map((one) => (one.startsWith('^') ? expect.stringMatching(new RegExp(one)) : one)),
      );
    });
  }
}
