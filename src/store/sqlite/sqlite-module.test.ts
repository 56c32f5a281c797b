import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { builtinSqlite, loadSqliteModule, withoutSqliteWarning } from './sqlite-module.ts';

const SOURCE = fileURLToPath(new URL('sqlite-module.ts', import.meta.url));

test('opens a database with this Node', async () => {
  const { DatabaseSync } = await loadSqliteModule();
  const database = new DatabaseSync(':memory:');
  expect(database.prepare('select ? as answer').all(42)).toMatchObject([{ answer: 42 }]);
  database.close();
});

/** Bundled into a folder without node_modules, as somebody has it who left the optional package out. */
async function runBundled(
  nodeFlags: readonly string[],
  code: string,
): Promise<{ stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bundle-'));
  try {
    const outfile = join(folder, 'sqlite-module.mjs');
    await build({
      entryPoints: [SOURCE],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const script = `import(${JSON.stringify(outfile)}).then(async ({ loadSqliteModule }) => { ${code} })`;
    return spawnSync(process.execPath, [...nodeFlags, '--eval', script], {
      encoding: 'utf8',
      timeout: 20_000,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('without a driver the error says what Node 20 needs', async () => {
  // A Node that has one of its own is told to leave it out.
  const flags = builtinSqlite() ? ['--no-experimental-sqlite'] : [];
  const { stdout } = await runBundled(
    flags,
    'await loadSqliteModule().catch((e) => console.log(e.kind + "|" + e.message))',
  );
  expect(stdout.trim()).toBe(
    `driver missing|There is no SQLite for Node ${process.versions.node}: ` +
      'Node 20 needs @photostructure/sqlite: run npm install, or use Node 22.13 or newer',
  );
});

// Nodes without one are covered by the test above.
if (builtinSqlite()) {
  test('loads the SQLite of this Node from a bundle, and prints no warning', async () => {
    const run = await runBundled([], 'console.log(typeof (await loadSqliteModule()).DatabaseSync)');
    expect(run).toMatchObject({ stdout: 'function\n', stderr: '' });
  });
}

test('keeps quiet about SQLite being experimental, and about nothing else', () => {
  const passed: unknown[] = [];
  const emit = withoutSqliteWarning((...args: readonly unknown[]) => void passed.push(args));
  const said = 'SQLite is an experimental feature and might change at any time';
  emit(said, 'ExperimentalWarning');
  emit(said, { type: 'ExperimentalWarning' });
  emit('Fetch is an experimental feature', 'ExperimentalWarning');
  emit('SQLite is old', 'DeprecationWarning');
  emit('SQLite has no type');
  expect(passed).toEqual([
    ['Fetch is an experimental feature', 'ExperimentalWarning'],
    ['SQLite is old', 'DeprecationWarning'],
    ['SQLite has no type'],
  ]);
});
