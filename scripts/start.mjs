/** `npm start`: sets up what is missing, builds what changed, and runs Muster: `up` unless a command is named. */
import { build, isBuilt } from './build.mjs';
import { installNpmPackages, installSystemPackages, requireNode, say, sayMissing } from './setup.mjs';

requireNode();
installNpmPackages();
const words = process.argv.slice(2);
const command = words[0] === undefined || words[0].startsWith('-') ? ['up', ...words] : words;
if (command[0] === 'up' || command[0] === 'demo') {
  const missing = installSystemPackages(command[0] === 'demo' ? ['serve', 'machine'] : ['serve']);
  sayMissing(
    missing,
    command[0] === 'demo'
      ? 'The demo cannot run without them.'
      : 'BIOS machines cannot boot without them; the rest works.',
  );
}
if (!isBuilt()) {
  say('Setting up: building dist/muster.mjs');
  await build();
}
process.argv.splice(2, process.argv.length, ...command);
await import('../bin/muster.mjs');
