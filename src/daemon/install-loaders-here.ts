import { execFile } from 'node:child_process';
import { EXIT } from '../cli/exit-codes.ts';
import { type InstallLoadersNeeds, installLoaders } from '../services/loader-service.ts';

/** Package managers download; this is how long they may. */
const INSTALL_TIMEOUT_MS = 600_000;
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

/** `muster loaders install`: the packages with the boot loaders, on this computer. @returns the exit code */
export async function installLoadersHere(): Promise<number> {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const isRoot = process.getuid?.() === 0;
  const result = await installLoaders({ run, isRoot, say });
  if (result.installed) {
    say('The boot loaders are installed; a running Muster finds them by itself');
    return EXIT.ok;
  }
  say(`muster: ${result.because}`);
  return isRoot ? EXIT.failed : EXIT.notPermitted;
}

const run: InstallLoadersNeeds['run'] = (program, parameters, environment) =>
  new Promise((resolve) => {
    const options = {
      env: { ...process.env, ...environment },
      timeout: INSTALL_TIMEOUT_MS,
      maxBuffer: OUTPUT_LIMIT_BYTES,
    };
    const child = execFile(program, [...parameters], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}${error ? `\n${error.message}` : ''}`;
      resolve({ exitCode: child.exitCode ?? (error ? 1 : 0), output });
    });
  });
