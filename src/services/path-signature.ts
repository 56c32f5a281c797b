import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries below a folder that are looked at: enough to see that a copy goes on. */
const MAX_ENTRIES = 2_000;
const MAX_DEPTH = 4;

export interface PathSignature {
  readonly kind: 'file' | 'folder' | 'other';
  /** Another text when what is there was written to, or grew. */
  readonly text: string;
}

/** How a file, or a folder with what is in it, looks now; undefined where nothing is that can be read. */
export async function signatureOf(path: string): Promise<PathSignature | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return { kind: 'file', text: `${stats.size} ${stats.mtimeMs}` };
    if (!stats.isDirectory()) return { kind: 'other', text: '' };
    const sum = { entries: 0, bytes: 0, newestMs: stats.mtimeMs };
    await addFolder(path, 0, sum);
    return { kind: 'folder', text: `${sum.entries} ${sum.bytes} ${sum.newestMs}` };
  } catch {
    return undefined; // It went meanwhile, or Muster may not look.
  }
}

async function addFolder(
  path: string,
  depth: number,
  sum: { entries: number; bytes: number; newestMs: number },
): Promise<void> {
  for await (const entry of await opendir(path)) {
    sum.entries += 1;
    if (sum.entries > MAX_ENTRIES) return;
    const inside = join(path, entry.name);
    const stats = await stat(inside).catch(() => undefined);
    if (stats === undefined) continue;
    sum.bytes += stats.size;
    sum.newestMs = Math.max(sum.newestMs, stats.mtimeMs);
    // A link may lead back to where it is.
    if (entry.isDirectory() && depth < MAX_DEPTH) await addFolder(inside, depth + 1, sum);
  }
}
