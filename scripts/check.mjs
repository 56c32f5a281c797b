/** `npm run check`: everything that needs nothing but Node: types, lint, format, imports, dead code, docs, unit tests. */
import { installNpmPackages, requireNode } from './setup.mjs';
import { conclude, runBeside } from './stages.mjs';

/**
 * For programs in Go that check types. Each thread would check the types of the libraries again for itself, and the
 * other processor has the tests; collected every 100 % as usual, their garbage takes a fifth of their time.
 */
const ONE_THREAD = { GOMAXPROCS: '1', GOGC: '400' };

/**
 * Two rows that run beside each other: the tests wait for disks and processes much of their time.
 *
 * @type {readonly (readonly import('./stages.mjs').Stage[])[]}
 */
export const CHECK_STAGES = [
  [
    {
      name: 'types',
      command: ['tsc', '-p', '.', '--singleThreaded'],
      counts: 'exit code',
      quiet: true,
      environment: ONE_THREAD,
    },
    {
      name: 'types of the web page',
      command: ['tsc', '-p', 'ui', '--noEmit', '--singleThreaded'],
      counts: 'exit code',
      quiet: true,
      environment: ONE_THREAD,
    },
    {
      name: 'lint',
      command: ['oxlint', '--type-aware'],
      counts: 'exit code',
      quiet: true,
      environment: ONE_THREAD,
    },
    { name: 'format', command: ['biome', 'format', '.'], counts: 'exit code', quiet: true },
    { name: 'imports', command: ['tsx', 'tools/check-imports.ts'], counts: 'exit code', quiet: true },
    { name: 'dead code', command: ['knip'], counts: 'exit code', quiet: true },
    {
      name: 'docs are fresh',
      command: ['tsx', 'tools/write-docs.ts', '--check'],
      counts: 'exit code',
      quiet: true,
    },
  ],
  [{ name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'], counts: 'vitest', quiet: true }],
];

if (process.argv[1] === import.meta.filename) {
  requireNode();
  installNpmPackages();
  conclude(await runBeside(CHECK_STAGES));
}
