/** `npm run bench -- tftp|http|ftp|nfs|discs|dhcp|api [--case NAME]… [--quick] [--runs N] [--json FILE] [--list]`: Muster beside other servers. */
import { build, isBuilt } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';
import { installNpmPackages, installSystemPackages, requireNode, say, sayMissing } from './setup.mjs';

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
runTypeScript('bench/run.ts', words);
