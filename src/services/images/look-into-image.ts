import { treeAsFamily } from '../../core/images/as-family.ts';
import type { Recognised } from '../../core/images/distributions/distribution.ts';
import type { DiscFacts } from '../../core/images/image-condition.ts';
import { findImageLoaders } from '../../core/images/image-loaders.ts';
import type { ChosenFiles, Image } from '../../core/images/image.ts';
import { recogniseTree, type TreeRecognition } from '../../core/images/recognise-tree.ts';
import type { TreeReader } from '../../core/images/tree-reader.ts';
import { identifyImage } from './image-place.ts';
import type { TreeRoots } from './tree-roots.ts';

/** Initrds of one image. */
export const MAX_INITRDS = 16;

export type LookedInto =
  | {
      readonly looked: true;
      readonly image: Omit<Image, 'name' | 'addedAtMs'>;
      readonly note?: string;
    }
  | { readonly looked: false; readonly because: string };

/** What the folder or the disc image holds, with what its user chose in place of what is found. */
export async function lookIntoImage(
  roots: Pick<TreeRoots, 'reader' | 'disc'>,
  folder: string,
  chosen: ChosenFiles,
): Promise<LookedInto> {
  const tree = await roots.reader(folder);
  if ('because' in tree) return { looked: false, because: tree.because };
  const recognised = await recognise(tree, folder, chosen);
  if (!recognised.recognised) return { looked: false, because: recognised.because };
  const files = await chooseBootFiles(tree, recognised.tree, chosen);
  if (!files.chosen) return { looked: false, because: files.because };
  const { note, ...found } = files.tree;
  const loaders = await findImageLoaders(tree, found.kernel);
  const identified = await identifyImage({ folder, kernel: found.kernel, initrds: found.initrds });
  if (!identified.there) return { looked: false, because: identified.because };
  const disc = await roots.disc(folder);
  return {
    looked: true,
    image: {
      folder,
      ...found,
      ...(loaders.length === 0 ? {} : { loaders }),
      ...(Object.keys(chosen).length === 0 ? {} : { chosen }),
      condition: {
        identity: identified.identity,
        ...(disc === undefined ? {} : { disc: factsOf(disc, identified.bytes) }),
        checksum: { state: 'waiting' },
      },
    },
    ...(note === undefined ? {} : { note }),
  };
}

function factsOf(
  { form, label, missingBytes }: { form: string; label: string; missingBytes: number },
  bytes: number,
): DiscFacts {
  return { form, label, missingBytes, bytes };
}

async function recognise(
  tree: TreeReader,
  folder: string,
  chosen: ChosenFiles,
): Promise<
  | { readonly recognised: true; readonly tree: Recognised }
  | { readonly recognised: false; readonly because: string }
> {
  if (chosen.as !== undefined) return await treeAsFamily(tree, chosen.as, chosen);
  const recognition = await recogniseTree(tree);
  return recognition.recognised
    ? recognition
    : { recognised: false, because: notRecognised(folder, recognition) };
}

function notRecognised(folder: string, recognition: TreeRecognition & { recognised: false }): string {
  const refusal = `"${folder}" is not recognised: ${recognition.because}; add it as files to serve it all the same`;
  const { suggestion } = recognition;
  if (!suggestion) return refusal;
  const initrds = suggestion.initrds.map((path) => ` --initrd ${path}`).join('');
  return `${refusal}. Its ${suggestion.menu} starts ${suggestion.kernel}: muster image add ${shellWord(folder)} --as files --kernel ${suggestion.kernel}${initrds} makes that the kernel (there it is told "${suggestion.arguments}"); --as with the family that it is kin to gives it the words of that one`;
}

/** For a command that the user copies into a shell. */
function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The user's kernel, initrds and words over those that were found, when the files are there. */
async function chooseBootFiles(
  tree: TreeReader,
  recognised: Recognised,
  wanted: ChosenFiles,
): Promise<{ chosen: true; tree: Recognised } | { chosen: false; because: string }> {
  const initrds = wanted.initrds ?? (wanted.kernel === undefined ? recognised.initrds : []);
  if (initrds.length > MAX_INITRDS) {
    return { chosen: false, because: `there are ${initrds.length} initrds, and ${MAX_INITRDS} are the most` };
  }
  for (const path of [...(wanted.kernel === undefined ? [] : [wanted.kernel]), ...(wanted.initrds ?? [])]) {
    if (path.startsWith('/') || !(await tree.isFile(path))) {
      return { chosen: false, because: `"${path}" is no file in the image: name it relative to its folder` };
    }
  }
  const { title = recognised.title, release = recognised.release } = wanted;
  const { architecture = recognised.architecture } = wanted;
  const words = { title, release, architecture };
  if (wanted.kernel === undefined) return { chosen: true, tree: { ...recognised, ...words, initrds } };
  // The note is about the kernel that was found, or about none being there.
  const { note: _note, needs: _needs, ...rest } = recognised;
  return { chosen: true, tree: { ...rest, ...words, kernel: wanted.kernel, initrds } };
}
