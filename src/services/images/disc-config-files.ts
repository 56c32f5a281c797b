import { openFat } from '../../formats/fat/volume.ts';
import {
  CONFIG_ENDINGS,
  DISC_CONFIGS,
  type DiscConfig,
  type DiscLoader,
} from '../../core/images/disc-configs.ts';
import type { Extent } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { sourceOfPieces } from '../../lib/pieces.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import type { Disc } from './open-disc.ts';

/** Where on the disc its bytes are, in order. */
interface Placed {
  readonly path: string;
  readonly size: number;
  readonly extents: readonly Extent[];
}

export type DiscConfigFile = Omit<DiscConfig, 'neighbours'> &
  Placed & { readonly neighbours: readonly Placed[] };

/** Files of the folder of a configuration that are looked at. */
const MAX_NEIGHBOURS = 500;
/** More is no configuration. */
const MAX_CONFIG_BYTES = 1024 * 1024;

/** The configurations of a disc's loaders, in its own files and in its EFI images. */
export async function findDiscConfigs(disc: Disc): Promise<readonly DiscConfigFile[]> {
  const found = [...(await configsIn(disc.tree, 'disc', 0))];
  for (const { offset, bytes } of disc.efiImages) {
    const length = Math.min(bytes ?? Number.POSITIVE_INFINITY, disc.source.size - offset);
    if (length <= 0) continue;
    try {
      const { tree } = await openFat(sourceOfPieces(disc.source, [{ offset, length }]));
      found.push(...(await configsIn(tree, 'EFI image', offset)));
    } catch (error) {
      // It may be a program by itself, or a hard disk: its loader starts what it always did.
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return found;
}

async function configsIn(
  tree: FileTree,
  place: DiscConfig['place'],
  offset: number,
): Promise<readonly DiscConfigFile[]> {
  const found: DiscConfigFile[] = [];
  // Names that differ in their case alone lead to the same file where that is not told apart.
  const seen = new Set<number>();
  for (const loader of Object.keys(DISC_CONFIGS) as DiscLoader[]) {
    for (const path of DISC_CONFIGS[loader]) {
      const resolved = await resolvePath(tree, namesOf(path));
      if (!resolved.found || seen.has(resolved.node.id)) continue;
      const placed = placedAt(path, resolved.node, offset);
      if (!placed) continue;
      seen.add(resolved.node.id);
      found.push({ ...placed, loader, place, neighbours: await neighboursOf(tree, path, offset) });
    }
  }
  return found;
}

async function neighboursOf(tree: FileTree, path: string, offset: number): Promise<readonly Placed[]> {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const resolved = await resolvePath(tree, namesOf(folder));
  if (!resolved.found) return [];
  const entries = await tree.entries(resolved.node, 0, MAX_NEIGHBOURS);
  return entries.flatMap(({ name, node }) => {
    const beside = `${folder}${name}`;
    if (beside === path || !CONFIG_ENDINGS.some((ending) => name.endsWith(ending))) return [];
    return placedAt(beside, node, offset) ?? [];
  });
}

function placedAt(path: string, { kind, size, extents }: TreeNode, offset: number): Placed | undefined {
  if (kind !== 'file' || extents === undefined || size > MAX_CONFIG_BYTES) return undefined;
  return {
    path,
    size,
    extents: extents.map((extent) => ({ ...extent, offset: offset + extent.offset })),
  };
}
