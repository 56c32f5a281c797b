/**
 * Bundles the program into dist/, and the web page into dist/ui: what has native or WASM parts stays outside, what one
 * command needs is loaded with it.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { projectFolder, say } from './setup.mjs';

const OUTPUT = join(projectFolder, 'dist/muster.mjs');
const PAGE = join(projectFolder, 'dist/ui/index.html');
const OUTSIDE = ['koffi', 'minijinja-js', '@photostructure/sqlite'];

/** @param {string} folder @returns {number} the newest change below it, in milliseconds */
function newestIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    if (entry.name === 'node_modules') return newest;
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
  if (!existsSync(OUTPUT) || !existsSync(PAGE)) return false;
  const newest = Math.max(
    newestIn(join(projectFolder, 'src')),
    newestIn(join(projectFolder, 'ui')),
    statSync(join(projectFolder, 'package.json')).mtimeMs,
  );
  return Math.min(statSync(OUTPUT).mtimeMs, statSync(PAGE).mtimeMs) >= newest;
}

export async function build() {
  rmSync(dirname(OUTPUT), { recursive: true, force: true });
  const { buildPage } = await import('../ui/build.mjs');
  await Promise.all([buildProgram(), buildPage()]);
}

async function buildProgram() {
  const { build: bundle } = await import('esbuild');
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
