import type { Finding } from '../finding.ts';

/** `error 5:1 what is wrong`, or without the column. */
export type Found = string;

export function findingsOf(findings: readonly Finding[]): readonly Found[] {
  return findings.map(
    ({ level, line, column, text }) => `${level} ${line}${column === undefined ? '' : `:${column}`} ${text}`,
  );
}
