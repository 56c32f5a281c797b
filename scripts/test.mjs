/**
 * `npm test`: sets up, then runs everything: the check, tests that kill processes and threads, real clients and a
 * browser in network namespaces, torture, and real boots in QEMU. The last four need root and Debian packages;
 * elsewhere it says what is missing and what is skipped because of it. With CI=true nothing may be missing.
 */
import { build } from './build.mjs';
import { CHECK_STAGES } from './check.mjs';
import { installNpmPackages, installSystemPackages, requireNode, say, sayMissing } from './setup.mjs';
import { addCounts, conclude, runBeside, runStages } from './stages.mjs';

/** @type {readonly import('./stages.mjs').Stage[]} */
const SYSTEM_STAGES = [
  { name: 'system tests', command: ['vitest', 'run', '--project', 'system'], counts: 'vitest', quiet: true },
];

/** @type {readonly import('./stages.mjs').Stage[]} */
const REAL_STAGES = [
  { name: 'real clients', command: ['vitest', 'run', '--project', 'clients'], counts: 'vitest', quiet: true },
  {
    name: 'a real browser',
    command: ['vitest', 'run', '--project', 'browser'],
    counts: 'vitest',
    quiet: true,
  },
  { name: 'torture', command: ['tsx', 'test/torture/run.ts', '--short'], counts: 'boots', quiet: true },
  // A machine without hardware virtualisation has one processor: two of them are no crowd on two.
  { name: 'real boots', command: ['tsx', 'test/boots-qemu/run.ts', '--beside', '2'], counts: 'boots' },
];

requireNode();
installNpmPackages();
const missing = installSystemPackages(['serve', 'machine', 'clients', 'browser']);
const root = process.getuid?.() === 0;
const inCi = process.env['CI'] === 'true';
sayMissing(
  missing,
  inCi
    ? 'With CI=true nothing is skipped: this run fails.'
    : 'Real clients and real boots are skipped because of it.',
);
if (!root)
  say(
    'Not root: real clients and real boots are skipped (they make network namespaces): sudo npm test runs them.',
  );

const total = addCounts(await runBeside(CHECK_STAGES), await runStages(SYSTEM_STAGES));
if (root && missing.length === 0) {
  say('Building dist/muster.mjs');
  await build();
  conclude(addCounts(total, await runStages(REAL_STAGES)));
} else {
  conclude({ ...total, failed: total.failed + (inCi ? 1 : 0), skipped: total.skipped + REAL_STAGES.length });
}
