import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingsOptions, SiteAtStart } from '../cli/local-commands.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { sourcesOf } from './settings-sources.ts';

/** In the data folder: what of the site file of the settings was applied last, so that an unchanged one is left alone. */
const APPLIED_FILE = 'applied-site';

/** The site that the settings name. Undefined where they name none, or cannot be read, which the start itself tells. */
export function siteAtStart(options: SettingsOptions): SiteAtStart | undefined {
  const settings = settingsOf(options);
  const file = settings?.['site.file'];
  const folder = settings?.dataFolder;
  if (file === undefined || folder === undefined) return undefined;
  const kept = join(folder, APPLIED_FILE);
  return {
    file,
    wasApplied: (digest) => digestIn(kept) === digest,
    noteApplied: (digest) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${kept}.new`, `${digest}\n`);
      renameSync(`${kept}.new`, kept);
    },
  };
}

function settingsOf(options: SettingsOptions) {
  try {
    return loadSettings(sourcesOf(options)).settings;
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

/** Undefined where none was applied yet. One that cannot be read is as one that was never applied. */
function digestIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
