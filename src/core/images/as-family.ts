import { distributionOf, DISTRIBUTIONS } from './distributions/all.ts';
import type { Recognised } from './distributions/distribution.ts';
import { files } from './distributions/files.ts';
import type { ChosenFiles } from './image.ts';
import type { TreeReader } from './tree-reader.ts';

/** Every word that an image can be added as. */
export const FAMILY_NAMES: readonly string[] = [...DISTRIBUTIONS, files].map(({ family }) => family);

export type AsFamily =
  | { readonly recognised: true; readonly tree: Recognised }
  | { readonly recognised: false; readonly because: string };

/**
 * The tree as one of that family: what its row finds, or else what the user says, with what can be taken from the row.
 * So a disc that no row knows boots with the words of its kin.
 */
export async function treeAsFamily(tree: TreeReader, as: string, chosen: ChosenFiles): Promise<AsFamily> {
  if (!FAMILY_NAMES.includes(as)) {
    return { recognised: false, because: `"${as}" is no family: ${FAMILY_NAMES.join(', ')} are` };
  }
  const row = distributionOf(as);
  const found = await row.recognise(tree);
  if (found.recognised) return found;
  if (chosen.kernel === undefined) {
    return {
      recognised: false,
      because: `it is not ${as} by itself (${found.because}), so its kernel must be named: --kernel and --initrd, relative to its root`,
    };
  }
  const [answerKind = 'none'] = row.answers;
  const [title = as] = row.systems.split(/, | by | up to | from /);
  return {
    recognised: true,
    tree: { family: as, title, release: '', architecture: '', initrds: [], answerKind },
  };
}
