import { chmod, chown, copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { SetupAnswers } from './answers.ts';
import type { SetupFacts } from './setup-facts.ts';
import { setupFiles } from './setup-files.ts';

/** A settings file is everybody's to read; a site file may hold hashes of passwords, and the service has to read it. */
const [SETTINGS_MODE, SITE_MODE, GROUP_MODE] = [0o644, 0o600, 0o640];

export interface FileToWrite {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** Which may read it, too. */
  readonly group?: number;
  readonly isThere: boolean;
}

export interface FilesToWrite {
  readonly settings: FileToWrite;
  readonly site: FileToWrite;
}

/** @param at where they were wished; the site file stands beside the settings unless it has a place of its own. */
export async function filesToWrite(
  answers: SetupAnswers,
  facts: Pick<SetupFacts, 'dnsServers' | 'serviceGroup'>,
  at: { readonly workingFolder: string; readonly settings: string; readonly site?: string | undefined },
): Promise<FilesToWrite> {
  const settings = resolve(at.workingFolder, at.settings);
  const site = resolve(at.workingFolder, at.site ?? join(dirname(settings), 'site.yaml'));
  const texts = setupFiles(answers, facts, site);
  const { serviceGroup: group } = facts;
  const readers = group === undefined ? { mode: SITE_MODE } : { mode: GROUP_MODE, group };
  return {
    settings: { path: settings, text: texts.settings, mode: SETTINGS_MODE, isThere: await exists(settings) },
    site: { path: site, text: texts.site, ...readers, isThere: await exists(site) },
  };
}

/**
 * Whole or not at all: a server that starts meanwhile reads the old file or the new one. What was there is kept.
 *
 * @throws CliFailure where it cannot be written.
 */
export async function writeFileWhole({ path, text, mode, group, isThere }: FileToWrite): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    if (isThere) await copyFile(path, `${path}.old`);
    await writeFile(`${path}.new`, text, { mode: group === undefined ? mode : SITE_MODE });
    if (group !== undefined) await shareWith(`${path}.new`, mode, group);
    await rename(`${path}.new`, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const isRight = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const advice = isRight ? ': run it as root, or say another place with --settings-file' : '';
    throw new CliFailure(isRight ? 'notPermitted' : 'failed', `Cannot write ${path} (${message})${advice}`);
  }
}

/** Its group first: no other may read it meanwhile. */
async function shareWith(path: string, mode: number, group: number): Promise<void> {
  await chown(path, process.getuid?.() ?? 0, group);
  await chmod(path, mode);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
