import { DISTRIBUTIONS } from './distributions/all.ts';
import type { Recognised } from './distributions/distribution.ts';
import { type SuggestedBoot, suggestBootFiles } from './suggest-boot-files.ts';
import type { TreeReader } from './tree-reader.ts';

export type TreeRecognition =
  | { readonly recognised: true; readonly tree: Recognised }
  | {
      readonly recognised: false;
      readonly because: string;
      /** What its own menu starts, where it has one. */
      readonly suggestion?: SuggestedBoot;
    };

/**
 * What the tree holds, by the first distribution that knows it; else why it is none: what is missing from those it
 * nearly is, or else what was looked for.
 */
export async function recogniseTree(tree: TreeReader): Promise<TreeRecognition> {
  const reasons: string[] = [];
  const near: string[] = [];
  for (const distribution of DISTRIBUTIONS) {
    const recognition = await distribution.recognise(tree);
    if (recognition.recognised) return recognition;
    const reason = `not ${distribution.family}: ${recognition.because}`;
    (recognition.nearly === true ? near : reasons).push(reason);
  }
  const suggestion = await suggestBootFiles(tree);
  return {
    recognised: false,
    because: `nothing in it is known to boot (${(near.length > 0 ? near : reasons).join('; ')})`,
    ...(suggestion ? { suggestion } : {}),
  };
}
