import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = join(PROJECT, 'dist/muster.mjs');

/** Node with what runs TypeScript, whatever folder it is started in. */
export const TYPESCRIPT_NODE = [process.execPath, '--import', import.meta.resolve('tsx')] as const;

/** How Muster is started here: as it is installed when the bundle is up to date, else from its sources. */
export function musterCommand(): readonly string[] {
  return isFresh(BUNDLE)
    ? [process.execPath, join(PROJECT, 'bin/muster.mjs')]
    : [...TYPESCRIPT_NODE, join(PROJECT, 'src/main.ts')];
}

function isFresh(bundle: string): boolean {
  return existsSync(bundle) && statSync(bundle).mtimeMs >= newestChangeIn(join(PROJECT, 'src'));
}

function newestChangeIn(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return Math.max(
    ...entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}
