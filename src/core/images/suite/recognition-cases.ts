import { expect, test } from 'vitest';
import type { Distribution, Recognised } from '../distributions/distribution.ts';
import { recogniseTree } from '../recognise-tree.ts';
import { treeOfTexts } from './tree-of-texts.ts';

type Files = Readonly<Record<string, string | number>>;

/** What is said of a tree: what the family recognises in it, or else why it is none. */
export type RecognitionCase = readonly [
  what: string,
  files: Files,
  expected: Partial<Recognised> | string,
  discBytes?: number,
];

/** The family's own word on each tree; what it recognises, no family before it may take for its own. */
export function recognitionCases(family: Distribution, cases: readonly RecognitionCase[]): void {
  for (const [what, files, expected, discBytes] of cases) {
    test(what, async () => {
      const tree = treeOfTexts(files, discBytes);
      const recognition = await family.recognise(tree);
      if (typeof expected === 'string') {
        expect(recognition).toMatchObject({ recognised: false, because: expected });
        return;
      }
      expect(recognition).toMatchObject({ recognised: true, tree: { family: family.family, ...expected } });
      expect(await recogniseTree(tree)).toEqual(recognition);
    });
  }
}

export const MEBIBYTE = 1024 * 1024;
