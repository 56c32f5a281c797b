import type { SettingsOptions } from '../cli/local-commands.ts';
import type { SettingsSources } from './load-settings.ts';

/** Where settings come from for this process. */
export function sourcesOf(options: SettingsOptions): SettingsSources {
  return {
    flags: options.set,
    environment: process.env,
    uid: process.getuid?.() ?? 1,
    ...(options.config === undefined ? {} : { file: options.config }),
  };
}
