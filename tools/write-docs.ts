/** Writes the pages of docs/ that come from tables; with `--check` it only says which are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './generated-pages.ts';

const docs = join(import.meta.dirname, '../docs');
const checking = process.argv.includes('--check');
const stale = Object.entries(generatedPages()).filter(([name, text]) => {
  const path = join(docs, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  if (!checking) writeFileSync(path, text);
  return true;
});
for (const [name] of stale) {
  console.log(checking ? `docs/${name} is stale: npm run docs` : `wrote docs/${name}`);
}
process.exitCode = checking && stale.length > 0 ? 1 : 0;
