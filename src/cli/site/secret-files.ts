import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Issue } from '../../contract/issues.ts';
import type { Site } from '../../contract/site-schemas.ts';
import type { SaidOfSecret } from '../../contract/site-secret-schemas.ts';
import type { Terminal } from '../terminal.ts';

type WireSite = z.input<typeof Site>;

/** Bytes of a file that holds one secret, which is one line. */
const MAX_SECRET_FILE_BYTES = 4096;

export interface WithSecrets {
  readonly site: WireSite;
  /** What cannot be read; nothing is sent then. */
  readonly issues: readonly Issue[];
}

/**
 * The site with the secrets that its files name, out of the one folder that a person names beside them: a site is
 * often somebody else's text, and must not say which files of this computer are read.
 */
export async function withSecretFiles(
  site: WireSite,
  folder: string | undefined,
  { workingFolder }: Pick<Terminal, 'workingFolder'>,
): Promise<WithSecrets> {
  const issues: Issue[] = [];
  const at = folder === undefined ? undefined : resolve(workingFolder, folder);
  const sent = async <T extends SaidOfSecret>(entry: T, path: string): Promise<T> => {
    const read = await readSaid(entry, at);
    if (read === undefined) return entry;
    if ('because' in read) {
      issues.push({ path: `${path}.${read.field}`, message: read.because });
      return entry;
    }
    const { secretFile: _read, ...rest } = entry;
    return { ...rest, newSecret: read.secret } as unknown as T;
  };
  const list = async <T extends SaidOfSecret>(entries: readonly T[], section: string): Promise<T[]> =>
    await Promise.all(entries.map(async (entry, index) => await sent(entry, `${section}[${index}]`)));
  const { power, hooks, ...rest } = site;
  return {
    site: {
      ...rest,
      ...(power && { power: await list(power, 'power') }),
      ...(hooks && { hooks: await list(hooks, 'hooks') }),
    },
    issues,
  };
}

type Said =
  | { readonly secret: string }
  | { readonly field: 'secretFile' | 'newSecret'; readonly because: string };

async function readSaid(
  { secretFile, newSecret }: SaidOfSecret,
  folder: string | undefined,
): Promise<Said | undefined> {
  if (newSecret !== undefined) {
    const because = 'a site file holds no secret as it is: write it to a file, and name that as secretFile';
    return { field: 'newSecret', because };
  }
  if (secretFile === undefined) return undefined;
  const read =
    folder === undefined
      ? { because: `which folder is ${secretFile} in? --secrets FOLDER says it` }
      : await readSecretFile(join(folder, secretFile));
  return 'because' in read ? { field: 'secretFile', because: read.because } : read;
}

/** One line; its line end is none of it. */
async function readSecretFile(
  path: string,
): Promise<{ readonly secret: string } | { readonly because: string }> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_SECRET_FILE_BYTES)
      return { because: `${path} is no file of at most ${MAX_SECRET_FILE_BYTES} bytes` };
    const secret = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    return secret === '' || /[\r\n]/.test(secret)
      ? { because: `${path} holds no secret: one line is wanted` }
      : { secret };
  } catch (error) {
    return { because: `cannot read the secret: ${error instanceof Error ? error.message : String(error)}` };
  }
}
