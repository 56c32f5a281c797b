/** Bundles the program into dist/: what has native or WASM parts stays outside, what one command needs is loaded with it. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { projectFolder, say } from './setup.mjs';

const OUTPUT = join(projectFolder, 'dist/muster.mjs');
const OUTSIDE = ['koffi', 'minijinja-js', '@photostructure/sqlite'];

/** @param {string} folder @returns {number} the newest change below it, in milliseconds */
function newestIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }, 0);
}

/** Every `NAME-thread.ts` becomes `threads/NAME.mjs`, which `src/os/start-thread.ts` looks for. */
function threadEntries() {
  const source = join(projectFolder, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const threads = files.filter((file) => file.endsWith('-thread.ts') && !file.includes('suite/'));
  return Object.fromEntries(
    threads
      .filter((file) => basename(file) !== 'start-thread.ts')
      .map((file) => [`threads/${basename(file, '-thread.ts')}`, join(source, file)]),
  );
}

export function isBuilt() {
  if (!existsSync(OUTPUT)) return false;
  const newest = Math.max(
    newestIn(join(projectFolder, 'src')),
    statSync(join(projectFolder, 'package.json')).mtimeMs,
  );
  return statSync(OUTPUT).mtimeMs >= newest;
}

export async function build() {
  const { build: bundle } = await import('esbuild');
  rmSync(dirname(OUTPUT), { recursive: true, force: true });
  await bundle({
    entryPoints: { muster: join(projectFolder, 'src/main.ts'), ...threadEntries() },
    outdir: dirname(OUTPUT),
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: OUTSIDE,
    sourcemap: 'linked',
    logLevel: 'warning',
    // Some CommonJS packages inside the bundle call require() for Node's own modules.
    banner: {
      js: "import { createRequire as musterRequire } from 'node:module'; const require = musterRequire(import.meta.url);",
    },
  });
}

if (process.argv[1] === import.meta.filename) {
  await build();
  say(`Built ${OUTPUT}`);
}
