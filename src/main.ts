import { runCli } from './cli/run-cli.ts';
import { configCheck, configShow } from './daemon/config-commands.ts';
import { installLoadersHere } from './daemon/install-loaders-here.ts';
import { up } from './daemon/up.ts';
import { VERSION } from './daemon/version.ts';
import { runDemo } from './lab/demo.ts';

// The program as it was started, to start itself again inside the demo's private network.
const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)];

process.exitCode = await runCli(
  {
    up,
    demo: () => runDemo({ muster: self, screen: process.stderr, environment: process.env }),
    configShow,
    configCheck,
    loadersInstall: installLoadersHere,
  },
  { words: process.argv.slice(2), version: VERSION },
);
