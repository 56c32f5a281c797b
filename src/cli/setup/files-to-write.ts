import { copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { SetupFiles } from './setup-files.ts';

/** A settings file is everybody's to read; a site file may hold hashes of passwords. */
const [SETTINGS_MODE, SITE_MODE] = [0o644, 0o600];

export interface FileToWrite {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly isThere: boolean;
}

export interface FilesToWrite {
  readonly settings: FileToWrite;
  readonly site: FileToWrite;
}

/** @param at where they were wished; the site file stands beside the settings unless it has a place of its own. */
export async function filesToWrite(
  texts: SetupFiles,
  at: { readonly workingFolder: string; readonly settings: string; readonly site?: string | undefined },
): Promise<FilesToWrite> {
  const settings = resolve(at.workingFolder, at.settings);
  const site = resolve(at.workingFolder, at.site ?? join(dirname(settings), 'site.yaml'));
  return {
    settings: { path: settings, text: texts.settings, mode: SETTINGS_MODE, isThere: await exists(settings) },
    site: { path: site, text: texts.site, mode: SITE_MODE, isThere: await exists(site) },
  };
}

/**
 * Whole or not at all: a server that starts meanwhile reads the old file or the new one. What was there is kept.
 *
 * @throws CliFailure where it cannot be written.
 */
export async function writeFileWhole({ path, text, mode, isThere }: FileToWrite): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    if (isThere) await copyFile(path, `${path}.old`);
    await writeFile(`${path}.new`, text, { mode });
    await rename(`${path}.new`, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const isRight = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const advice = isRight ? ': run it as root, or say another place with --settings-file' : '';
    throw new CliFailure(isRight ? 'notPermitted' : 'failed', `Cannot write ${path} (${message})${advice}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
