/** `npm run fuzz [-- --packets N --seed S]`: generated packets through everything that reads a network. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installNpmPackages, projectFolder, requireNode } from './setup.mjs';

requireNode();
installNpmPackages();
const child = spawn(
  join(projectFolder, 'node_modules/.bin/tsx'),
  ['test/fuzz/run.ts', ...process.argv.slice(2)],
  {
    cwd: projectFolder,
    stdio: 'inherit',
  },
);
child.on('close', (code) => (process.exitCode = code ?? 1));
