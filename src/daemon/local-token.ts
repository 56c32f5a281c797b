import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './lifecycle.ts';
import { LOCAL_TOKEN_FILE } from '../contract/local-token.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { sourcesOf } from './settings-sources.ts';

const MODE_OF_OWNER = 0o600;

/** @throws StartError when it cannot be written. */
export function writeLocalToken(dataFolder: string, secret: string): void {
  const file = join(dataFolder, LOCAL_TOKEN_FILE);
  try {
    // Never there with other rights, nor half: it is made beside its place.
    writeFileSync(`${file}.new`, `${secret}\n`, { mode: MODE_OF_OWNER });
    renameSync(`${file}.new`, file);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot write ${file} (${because}): look whether the disk is full`, 1);
  }
}

/** That of the settings' data folder. @returns undefined where this user may not read it, or Muster never ran here. */
export function readLocalToken(): string | undefined {
  try {
    const { settings } = loadSettings(sourcesOf({ set: [] }));
    return readFileSync(join(settings.dataFolder ?? '/var/lib/muster', LOCAL_TOKEN_FILE), 'utf8').trim();
  } catch (error) {
    if (error instanceof SettingsError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
