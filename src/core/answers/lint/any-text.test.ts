import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINT_KINDS, lintAnswer } from './lint-answer.ts';
import { MAX_FINDINGS } from './finding.ts';

const GOLDEN = new URL('../golden/', import.meta.url);
const SAMPLES = readdirSync(GOLDEN).map((file) => readFileSync(new URL(file, GOLDEN), 'utf8'));

const SIGNS = fc.constantFrom(...'{}[]<>/"\'=:,-&!#%\\ \n\t|*?$^.0aZ'.split(''));
const noise = fc.string({ unit: SIGNS, maxLength: 200 });
const changed = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat(400), noise)
  .map(([text, at, length, more]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + more + text.slice(from + length);
  });

describe('whatever a text holds, a lint ends, and every finding has a place in it', () => {
  for (const kind of LINT_KINDS) {
    test(kind, () => {
      fc.assert(
        fc.property(fc.oneof(noise, changed, fc.string({ unit: 'binary', maxLength: 100 })), (text) => {
          const lines = text.split('\n');
          const findings = lintAnswer({ kind, text });
          expect(findings.length).toBeLessThanOrEqual(MAX_FINDINGS);
          for (const { line, column } of findings) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines.length + 1);
            if (column !== undefined) expect(column).toBeGreaterThanOrEqual(1);
          }
        }),
        { numRuns: 200 },
      );
    });
  }
});

describe('a long text takes no time that is felt', () => {
  for (const kind of LINT_KINDS) {
    test(kind, () => {
      for (const piece of [
        '<a>',
        '[',
        '{"a":',
        '- ',
        'a: {',
        '"',
        "'",
        '&',
        ' ',
        '\\',
        '%post\n',
        '<!--',
        '#',
        'a = ',
      ]) {
        const text = piece.repeat(Math.floor(20_000 / piece.length));
        const began = performance.now();
        lintAnswer({ kind, text });
        expect(performance.now() - began, piece).toBeLessThan(5_000);
      }
    });
  }
});
