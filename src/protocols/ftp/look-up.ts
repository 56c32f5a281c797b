import type { FileTree } from '../../lib/file-tree.ts';
import { isPattern } from './name-pattern.ts';
import { resolvePath } from '../../lib/resolve-path.ts';
import type { Found, LookUp } from './session-action.ts';

/** What is at a path of a tree, or fits its pattern. Rejects when the tree does. */
export async function lookUp(tree: FileTree, { names, last, wildcards }: LookUp): Promise<Found> {
  const resolved = await resolvePath(tree, names, last);
  if (resolved.found) {
    const { node } = resolved;
    return node.kind === 'link'
      ? { found: 'node', node, target: await tree.target(node) }
      : { found: 'node', node };
  }
  const pattern = names.at(-1);
  if (wildcards === 'names' || pattern === undefined || !isPattern(pattern))
    return { found: 'nothing', because: resolved.because };
  const folder = await resolvePath(tree, names.slice(0, -1));
  return folder.found && folder.node.kind === 'folder'
    ? { found: 'pattern', folder: folder.node, pattern }
    : { found: 'nothing', because: resolved.because };
}
