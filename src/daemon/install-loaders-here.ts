import { execFile } from 'node:child_process';
import { EXIT } from '../cli/exit-codes.ts';
import type { LoaderCpu } from '../core/boot/loaders.ts';
import { type InstallLoadersNeeds, installLoaders } from '../services/boot/install-loaders.ts';
import { unpackedLoadersFolder } from '../services/boot/loader-service.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { sourcesOf } from './settings-sources.ts';

/** Package managers download; this is how long they may. */
const INSTALL_TIMEOUT_MS = 600_000;
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * `muster loaders install`: the boot loaders for machines of a processor, into the data folder of the Muster of this
 * computer.
 *
 * @returns the exit code
 */
export async function installLoadersHere(cpu: LoaderCpu): Promise<number> {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  try {
    const { settings } = loadSettings(sourcesOf({ set: [] }));
    const folder = unpackedLoadersFolder(settings.dataFolder ?? '/var/lib/muster');
    const result = await installLoaders({ run, say, unpackedFolder: folder, cpu });
    if (result.installed) {
      say(`The boot loaders are in ${folder}; a running Muster finds them by itself`);
      return EXIT.ok;
    }
    say(`muster: ${result.because}`);
    return EXIT.failed;
  } catch (error) {
    if (error instanceof SettingsError) say(`muster: ${error.message}`);
    else if (isSystemError(error)) say(`muster: the loaders could not be written: ${error.message}`);
    else throw error;
    return error instanceof SettingsError ? EXIT.badConfiguration : EXIT.notPermitted;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

const run: InstallLoadersNeeds['run'] = ([program = '', ...parameters], cwd) =>
  new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      timeout: INSTALL_TIMEOUT_MS,
      maxBuffer: OUTPUT_LIMIT_BYTES,
    };
    const child = execFile(program, parameters, options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}${error ? `\n${error.message}` : ''}`;
      resolve({ exitCode: child.exitCode ?? (error ? 1 : 0), output });
    });
  });
