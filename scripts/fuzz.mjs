/** `npm run fuzz [-- --packets N --seed S]`: generated packets through everything that reads a network. */
import { runTypeScript } from './run-typescript.mjs';
import { installNpmPackages, requireNode } from './setup.mjs';

requireNode();
installNpmPackages();
runTypeScript('test/fuzz/run.ts', process.argv.slice(2));
