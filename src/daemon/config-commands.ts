import { stringify } from 'yaml';
import { EXIT } from '../cli/exit-codes.ts';
import type { ConfigShowOptions, SettingsOptions } from '../cli/local-commands.ts';
import { formatTable } from '../cli/table.ts';
import { SETTING_NAMES } from '../core/settings/settings.ts';
import { type LoadedSettings, loadSettings, SettingsError } from './load-settings.ts';
import { sourcesOf } from './settings-sources.ts';

/** `muster config check`: says nothing but where something is wrong. @returns the exit code */
export function configCheck(options: SettingsOptions): Promise<number> {
  return withSettings(options, () => {
    process.stderr.write('The settings are right\n');
  });
}

/** `muster config show [--origin]`: every setting with its value, and where it comes from. @returns the exit code */
export function configShow(options: SettingsOptions & ConfigShowOptions): Promise<number> {
  return withSettings(options, (loaded) => {
    process.stdout.write(showSettings(loaded, options));
  });
}

export function showSettings({ settings, origins }: LoadedSettings, options: ConfigShowOptions): string {
  const rows = SETTING_NAMES.map((name) => ({
    name,
    value: settings[name] ?? null,
    ...(options.origin ? { origin: origins[name] } : {}),
  }));
  switch (options.format) {
    case 'name':
      return rows.map(({ name }) => `${name}\n`).join('');
    case 'json':
      return `${JSON.stringify(rows, undefined, 2)}\n`;
    case 'yaml':
      return stringify(
        Object.fromEntries(rows.map(({ name, ...rest }) => [name, options.origin ? rest : rest.value])),
      );
    case 'table':
      return settingsTable(rows);
    default:
      return options.format satisfies never;
  }
}

function settingsTable(rows: readonly { name: string; value: unknown; origin?: string }[]): string {
  const shape = { width: process.stdout.isTTY ? process.stdout.columns : undefined, color: 'plain' } as const;
  const withOrigin = rows.some(({ origin }) => origin !== undefined);
  return formatTable(
    [
      { head: 'SETTING', cell: (row) => row.name },
      { head: 'VALUE', cell: (row) => valueText(row.value) },
      ...(withOrigin ? [{ head: 'FROM', cell: (row: (typeof rows)[number]) => row.origin ?? '' }] : []),
    ],
    rows,
    shape,
  );
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'auto' : value.join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

async function withSettings(
  options: SettingsOptions,
  use: (loaded: LoadedSettings) => void,
): Promise<number> {
  try {
    use(loadSettings(sourcesOf(options)));
    return await Promise.resolve(EXIT.ok);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`muster: ${error.message}\n`);
    return EXIT.badConfiguration;
  }
}
