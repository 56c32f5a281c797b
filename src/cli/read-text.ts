import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';

/** A file a command was told of, or all of standard input for `-`. @param what it is, such as `the template`. */
export async function readText(
  { terminal }: Pick<CliContext, 'terminal'>,
  file: string,
  what: string,
): Promise<string> {
  if (file === '-') return await terminal.readInput();
  return await readFile(resolve(terminal.workingFolder, file), 'utf8').catch((error: Error) => {
    throw new CliFailure('failed', `Cannot read ${what}: ${error.message}`);
  });
}
