/** `npm run torture -- [NAME…] [--list] [--short] [--json FILE]`: real processes, real kills; sets up what they need first. */
import { build, isBuilt } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { installNpmPackages, installSystemPackages, requireNode, say, sayMissing } from './setup.mjs';

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
runTypeScript('test/torture/run.ts', words);
