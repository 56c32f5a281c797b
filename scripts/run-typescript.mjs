/** Runs a program of the checkout from its TypeScript, as this process: its exit code is ours, and our signals are its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from './setup.mjs';

/**
 * @param {string} file in the project's folder
 * @param {readonly string[]} words
 */
export function runTypeScript(file, words) {
  const child = spawn(join(projectFolder, 'node_modules/.bin/tsx'), [file, ...words], {
    cwd: projectFolder,
    stdio: 'inherit',
  });
  child.on('close', (code) => (process.exitCode = code ?? 1));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
}
