import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
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
  const chunks: Buffer[] = [];
  let bytes = 0;
  // What a shell puts there for `<(command)` has no size, and may have no end.
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_SITE_BYTES)
      throw new RangeError(`${path} has more than ${MAX_SITE_BYTES} bytes: split the site`);
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  if (!isUtf8(content))
    throw new RangeError(`${path}, line ${lineOfOther(content)}: save it as UTF-8, which it is not`);
  return content.toString('utf8');
}

/** The first that is not UTF-8, in which a line feed is never a part of something else. */
function lineOfOther(content: Buffer): number {
  let [line, start] = [1, 0];
  for (;;) {
    const end = content.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(content.subarray(start, end))) return line;
    [line, start] = [line + 1, end + 1];
  }
}
