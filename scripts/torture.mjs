/** `npm run torture -- [NAME…] [--list] [--short] [--json FILE]`: real processes, real kills; sets up what they need first. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, isBuilt } from './build.mjs';
import {
  installNpmPackages,
  installSystemPackages,
  projectFolder,
  requireNode,
  say,
  sayMissing,
} from './setup.mjs';

requireNode();
installNpmPackages();
const words = process.argv.slice(2);
if (!words.includes('--list')) {
  const missing = installSystemPackages(['clients', 'torture']);
  sayMissing(missing, 'Tortures cannot run without them.');
  if (process.getuid?.() !== 0)
    say('Tortures make network namespaces and small disks, so they need root: sudo npm run torture');
  if (missing.length > 0 || process.getuid?.() !== 0) process.exit(1);
  if (!isBuilt()) await build();
}
const child = spawn(join(projectFolder, 'node_modules/.bin/tsx'), ['test/torture/run.ts', ...words], {
  cwd: projectFolder,
  stdio: 'inherit',
});
child.on('close', (code) => (process.exitCode = code ?? 1));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => child.kill(signal));
