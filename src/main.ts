import { availableParallelism } from 'node:os';
import { runCli } from './cli/run-cli.ts';
import { VERSION } from './daemon/version.ts';
import { setEngineFlags } from './os/engine-flags.ts';
import { lowerEngineThreads } from './os/engine-threads.ts';

// The program as it was started, to start itself again inside the demo's private network.
const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)];

// What a command needs is loaded when it runs: `muster --help` knows no database.
process.exitCode = await runCli(
  {
    up: async (options) => {
      setEngineFlags();
      if (availableParallelism() > 1) lowerEngineThreads();
      return await (await import('./daemon/up.ts')).up(options);
    },
    localDoor: async (options) => (await import('./daemon/people-door.ts')).readLocalDoor(options),
    demo: async () =>
      (await import('./lab/demo.ts')).runDemo({
        muster: self,
        screen: process.stderr,
        environment: process.env,
      }),
    configShow: async (options) => (await import('./daemon/config-commands.ts')).configShow(options),
    configCheck: async (options) => (await import('./daemon/config-commands.ts')).configCheck(options),
    setupFacts: async () => (await import('./daemon/setup-here.ts')).setupFactsHere(),
    otherServers: async (name) => (await import('./daemon/setup-here.ts')).otherServersHere(name),
    siteAtStart: async (options) => (await import('./daemon/site-at-start.ts')).siteAtStart(options),
    loadersInstall: async ({ cpu }) =>
      (await import('./daemon/install-loaders-here.ts')).installLoadersHere(cpu),
  },
  { words: process.argv.slice(2), version: VERSION },
);
