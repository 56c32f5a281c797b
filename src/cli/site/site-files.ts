import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MAX_SITE_BYTES } from '../../contract/site-schemas.ts';
import type { SiteText } from '../../core/site/site-nodes.ts';
import type { CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ExitName } from '../exit-codes.ts';

/** Files of one folder. */
const MAX_FILES = 1000;
/** What is said to stand in standard input. */
const STDIN = 'stdin';

/**
 * The texts of the files that were named: each a file, a folder of .yaml, .yml and .json files, or - for what comes in.
 *
 * @throws CliFailure with this exit code where one cannot be read.
 */
export async function readSiteFiles(
  { terminal }: Pick<CliContext, 'terminal'>,
  named: readonly string[],
  exit: ExitName,
): Promise<readonly SiteText[]> {
  const texts: SiteText[] = [];
  try {
    for (const name of named) {
      if (name === '-') texts.push({ file: STDIN, text: await terminal.readInput() });
      else {
        for (const file of await filesOf(resolve(terminal.workingFolder, name), name))
          texts.push({ file, text: await readText(resolve(terminal.workingFolder, file)) });
      }
    }
  } catch (error) {
    throw new CliFailure(
      exit,
      `Cannot read the site: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return texts;
}

/** In the order of their names, told as the folder was named. */
async function filesOf(path: string, name: string): Promise<readonly string[]> {
  const found = await stat(path);
  if (!found.isDirectory()) return [name];
  const entries = await readdir(path);
  const files = entries.filter((entry) => /\.(?:ya?ml|json)$/.test(entry)).toSorted();
  if (files.length === 0) throw new RangeError(`no file of ${name} ends in .yaml, .yml or .json`);
  if (files.length > MAX_FILES)
    throw new RangeError(`${name} has ${files.length} files, and ${MAX_FILES} are the most`);
  return files.map((entry) => join(name, entry));
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_SITE_BYTES)
    throw new RangeError(`${path} has more than ${MAX_SITE_BYTES} bytes: split the site`);
  return await readFile(path, 'utf8');
}
