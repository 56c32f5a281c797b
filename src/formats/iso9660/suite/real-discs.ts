/** Discs that real programs make, and what real programs read from them, for the tests of the reader. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ByteSource } from '../../../lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../../lib/file-tree.ts';

/** What both sides say of a file. */
export interface SeenFile {
  readonly kind: TreeNode['kind'];
  readonly mode: number;
  readonly mtimeMs: number;
  /** Of a file. */
  readonly size?: number;
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: string;
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status !== null;
}

/** @throws with what the program said. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}

const MTIME = Date.UTC(2021, 1, 3, 4, 5, 6) / 1000;

/** Files by path; a path that ends with `/` is an empty folder, and text that begins with `-> ` a link. */
export function writeTree(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path);
    mkdirSync(path.endsWith('/') ? place : dirname(place), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), place);
    else writeFileSync(place, content);
  }
  // Folders last, and below first: each file that is made changes the time of its folder.
  for (const [index, path] of pathsBelow(root).toReversed().entries()) {
    const place = join(root, path);
    const time = MTIME + index * 3601;
    if (lstatSync(place).isSymbolicLink()) lutimesSync(place, time, time);
    else utimesSync(place, time, time);
  }
}

/** Each folder before what is in it. A listing of Node's own goes through links, and these lead out of the folder. */
function pathsBelow(root: string, before = ''): readonly string[] {
  return readdirSync(join(root, before))
    .toSorted()
    .flatMap((name) => {
      const path = join(before, name);
      return lstatSync(join(root, path)).isDirectory() ? [path, ...pathsBelow(root, path)] : [path];
    });
}

/** What `xorriso` extracts from a disc, by path. */
export function extracted(
  disc: string,
  into: string,
  options: readonly string[] = [],
): Map<string, SeenFile> {
  const load = [...options, '-osirrox', 'on', '-indev', disc];
  run('xorriso', ['-abort_on', 'FATAL', ...load, '-extract', '/', into, '-rollback_end']);
  const seen = new Map<string, SeenFile>();
  for (const path of pathsBelow(into)) {
    const place = join(into, path);
    const stats = lstatSync(place);
    const common = { mode: stats.mode & 0o777, mtimeMs: Math.floor(stats.mtimeMs / 1000) * 1000 };
    if (stats.isSymbolicLink()) seen.set(path, { kind: 'link', ...common, target: readlinkSync(place) });
    else if (stats.isDirectory()) seen.set(path, { kind: 'folder', ...common });
    else {
      const sha256 = createHash('sha256').update(readFileSync(place)).digest('hex');
      seen.set(path, { kind: 'file', ...common, size: stats.size, sha256 });
    }
  }
  return seen;
}

/** What a tree has, by path, read a few entries at a time and with the bytes of every file. */
export async function seenIn(tree: FileTree): Promise<Map<string, SeenFile>> {
  const seen = new Map<string, SeenFile>();
  const folders: { readonly node: TreeNode; readonly path: string }[] = [{ node: tree.root, path: '' }];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    let after = 0;
    for (;;) {
      const entries = await tree.entries(next.node, after, 7);
      for (const { name, node, cookie } of entries) {
        if (cookie <= after) throw new Error(`${name} has the cookie ${cookie} behind ${after}`);
        after = cookie;
        seen.set(`${next.path}${name}`, await seenFile(tree, node));
        if (node.kind === 'folder') folders.push({ node, path: `${next.path}${name}/` });
      }
      if (entries.length === 0) break;
    }
  }
  return seen;
}

async function seenFile(tree: FileTree, node: TreeNode): Promise<SeenFile> {
  const { kind, mode, mtimeMs, size } = node;
  const common = { kind, mode, mtimeMs };
  if (kind === 'folder') return common;
  if (kind === 'link') {
    const target = await tree.target(node);
    if (Buffer.byteLength(target) !== size) throw new Error(`A link to ${target} has the size ${size}`);
    return { ...common, target };
  }
  const source = await tree.open(node);
  const hash = createHash('sha256');
  for (let offset = 0; offset < source.size; ) {
    const bytes = await source.read(offset, 1_000_000);
    hash.update(bytes);
    offset += bytes.length;
  }
  await source.close();
  return { ...common, size, sha256: hash.digest('hex') };
}

/** A file of this machine; it counts how often it was read. */
export function sourceOfFile(path: string): ByteSource & { readonly reads: number } {
  const descriptor = openSync(path, 'r');
  const { size } = statSync(path);
  return {
    size,
    reads: 0,
    read(offset, length) {
      (this as { reads: number }).reads += 1;
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      readSync(descriptor, bytes, 0, bytes.length, offset);
      return Promise.resolve(bytes);
    },
    close: () => Promise.resolve(closeSync(descriptor)),
  };
}
