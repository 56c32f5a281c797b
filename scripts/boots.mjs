/** `npm run boots -- [NAME…] [--list] [--all]`: real boots in QEMU; sets up what they need first. */
import { build, isBuilt } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { installNpmPackages, installSystemPackages, requireNode, say, sayMissing } from './setup.mjs';

requireNode();
installNpmPackages();
const words = process.argv.slice(2);
if (!words.includes('--list')) {
  const missing = installSystemPackages(['browser', 'serve', 'machine', 'clients']);
  sayMissing(missing, 'Real boots cannot run without them.');
  if (process.getuid?.() !== 0)
    say('Real boots make network namespaces and taps, so they need root: sudo npm run boots');
  if (missing.length > 0 || process.getuid?.() !== 0) process.exit(1);
  if (!isBuilt()) await build();
}
runTypeScript('test/boots-qemu/run.ts', words);
