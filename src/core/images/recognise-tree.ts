import { DISTRIBUTIONS } from './distributions/all.ts';
import type { Recognition } from './distributions/distribution.ts';
import type { TreeReader } from './tree-reader.ts';

/** What the tree holds, by the first distribution that knows it; else what was looked for, and why it is none. */
export async function recogniseTree(tree: TreeReader): Promise<Recognition> {
  const reasons: string[] = [];
  for (const distribution of DISTRIBUTIONS) {
    const recognition = await distribution.recognise(tree);
    if (recognition.recognised) return recognition;
    reasons.push(`not ${distribution.family}: ${recognition.because}`);
  }
  return { recognised: false, because: `nothing in it is known to boot (${reasons.join('; ')})` };
}
