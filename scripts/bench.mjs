/** `npm run bench -- tftp|dhcp [--case NAME]… [--quick] [--runs N] [--json FILE] [--list]`: Muster beside other servers. */
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
  const missing = installSystemPackages(['bench']);
  sayMissing(missing, 'A benchmark cannot run without them.');
  if (missing.length > 0) process.exit(1);
  if (!isBuilt()) {
    say('Building dist/muster.mjs');
    await build();
  }
}
const child = spawn(join(projectFolder, 'node_modules/.bin/tsx'), ['bench/run.ts', ...words], {
  cwd: projectFolder,
  stdio: 'inherit',
});
child.on('close', (code) => (process.exitCode = code ?? 1));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => child.kill(signal));
