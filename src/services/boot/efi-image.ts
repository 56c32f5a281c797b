import { EFI_IMAGE_FOLDER } from '../../core/images/image-loaders.ts';
import type { TreeReader } from '../../core/images/tree-reader.ts';
import { fileTreeReader } from '../../core/images/file-tree-reader.ts';
import { openFat } from '../../formats/fat/volume.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { sourceOfPieces } from '../../lib/pieces.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import type { Disc } from '../images/open-disc.ts';

/** Entries of a folder that are asked for at once. */
const PAGE = 500;

type DiscWithEfi = Pick<Disc, 'source' | 'efiImages'>;

/** Undefined where there is none that can be read. */
export type EfiImage = () => Promise<FileTree | undefined>;

/** The path in a disc's EFI image; undefined for any other. */
function pathInEfiImage(path: string): string | undefined {
  const folder = `${EFI_IMAGE_FOLDER}/`;
  return path.startsWith(folder) ? path.slice(folder.length) : undefined;
}

/**
 * What is on the disk that firmware of UEFI starts from a disc; undefined where there is none that can be read. How large
 * it is the file system says: the catalogue has room for too small a number. `extents` of its nodes are places in it.
 */
async function openEfiImage({ source, efiImages }: DiscWithEfi): Promise<FileTree | undefined> {
  for (const { offset } of efiImages) {
    try {
      const { tree } = await openFat(sourceOfPieces(source, [{ offset, length: source.size - offset }]));
      return {
        root: tree.root,
        byId: (id) => tree.byId(id),
        child: (folder, name) => childOfAnyCase(tree, folder, name),
        parent: (node) => tree.parent(node),
        entries: (folder, after, limit) => tree.entries(folder, after, limit),
        target: (link) => tree.target(link),
        open: (file) => tree.open(file),
      };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return undefined;
}

/** As firmware finds it: shim asks for `grubx64.efi`, and on the disk it may be `GRUBX64.EFI`. */
async function childOfAnyCase(tree: FileTree, folder: TreeNode, name: string): Promise<TreeNode | undefined> {
  const wanted = name.toLowerCase();
  let after = 0;
  for (;;) {
    const entries = await tree.entries(folder, after, PAGE);
    const found = entries.find((entry) => entry.name.toLowerCase() === wanted);
    const last = entries.at(-1);
    if (found || !last) return found?.node;
    after = last.cookie;
  }
}

/** It is opened when it is first asked for; most discs never are. */
export function efiImageOf(disc: DiscWithEfi): EfiImage {
  let opened: ReturnType<EfiImage> | undefined;
  return () => (opened ??= openEfiImage(disc));
}

/** A file of the EFI image by its path on the disc; undefined where there is none. */
export async function openInEfiImage(
  path: string,
  efiImage: EfiImage,
): Promise<{ readonly source: ByteSource; readonly mtimeMs: number } | undefined> {
  const inside = pathInEfiImage(path);
  const tree = inside === undefined ? undefined : await efiImage();
  if (inside === undefined || tree === undefined) return undefined;
  const resolved = await resolvePath(tree, namesOf(inside));
  if (!resolved.found || resolved.node.kind !== 'file') return undefined;
  return { source: await tree.open(resolved.node), mtimeMs: resolved.node.mtimeMs };
}

/** For recognition: files of the EFI image by their own paths, where the disc has none of that path. */
export function readerWithEfiImage(reader: TreeReader, efiImage: EfiImage): TreeReader {
  const choose = async (path: string): Promise<readonly [TreeReader, string]> => {
    const inside = pathInEfiImage(path);
    if (inside === undefined || (await reader.isFile(path))) return [reader, path];
    const tree = await efiImage();
    return tree === undefined ? [reader, path] : [fileTreeReader(tree), inside];
  };
  return {
    ...reader,
    async isFile(path) {
      const [chosen, inside] = await choose(path);
      return await chosen.isFile(inside);
    },
    async text(path, maxBytes) {
      const [chosen, inside] = await choose(path);
      return await chosen.text(inside, maxBytes);
    },
    async size(path) {
      const [chosen, inside] = await choose(path);
      return await chosen.size(inside);
    },
  };
}
