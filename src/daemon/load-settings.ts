import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMap, isScalar, type YAMLMap } from 'yaml';
import { aliasIn, readYamlSource } from '../core/answers/yaml-source.ts';
import {
  environmentName,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type Settings,
} from '../core/settings/settings.ts';

/** A settings file, variable or flag that cannot be used; exit code 78. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Larger files are not settings. */
const MAX_FILE_BYTES = 1_048_576;

export interface LoadedSettings {
  readonly settings: Settings;
  /** Where each value comes from: `default`, a variable's name, a flag, or `file:line`. */
  readonly origins: Readonly<Record<SettingName, string>>;
}

export interface SettingsSources {
  /** `NAME=VALUE` of flags. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's numeric id: root uses the system's folders, others their own. */
  readonly uid: number;
  /** A file named by the user; it must be there. Absent: the usual place, where it may be missing. */
  readonly file?: string;
}

interface Found {
  readonly value: unknown;
  readonly origin: string;
}

/** Flag before variable before conf.d before file before default. @throws SettingsError */
export function loadSettings(sources: SettingsSources): LoadedSettings {
  const found = new Map<SettingName, Found>();
  for (const file of settingsFiles(sources)) readSettingsFile(file, found);
  for (const name of SETTING_NAMES) {
    const text = sources.environment[environmentName(name)];
    if (text !== undefined && text !== '') found.set(name, { value: text, origin: environmentName(name) });
  }
  for (const flag of sources.flags) {
    const [name = '', ...rest] = flag.split('=');
    if (rest.length === 0)
      throw new SettingsError(`--set ${flag}: NAME=VALUE is wanted, such as --set tftp.root=/srv/tftp`);
    if (!isSettingName(name)) throw new SettingsError(`--set ${flag}: ${unknownSetting(name)}`);
    found.set(name, { value: rest.join('='), origin: '--set' });
  }
  const settings: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const entry = found.get(name);
    settings[name] = entry ? parseValue(name, entry) : defaultOf(name, sources);
    origins[name] = entry?.origin ?? 'default';
  }
  return { settings: settings as Settings, origins: origins as Record<SettingName, string> };
}

function parseValue(name: SettingName, found: Found): unknown {
  try {
    return SETTINGS[name].parse(found.value);
  } catch (error) {
    throw new SettingsError(
      `${found.origin}: ${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function defaultOf(name: SettingName, sources: SettingsSources): unknown {
  if (name !== 'dataFolder') return SETTINGS[name].default;
  if (sources.uid === 0) return '/var/lib/muster';
  // systemd gives a service its folder this way (StateDirectory=).
  const state = sources.environment['STATE_DIRECTORY'];
  if (state !== undefined && state.startsWith('/')) return state;
  return join(sources.environment['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'muster');
}

/** Where settings are read from, in this order; later ones win. */
export function settingsFiles(sources: SettingsSources): readonly { path: string; mustExist: boolean }[] {
  if (sources.file !== undefined) return [{ path: sources.file, mustExist: true }];
  const config = sources.environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const serviceFolder = sources.environment['CONFIGURATION_DIRECTORY'];
  const folder = sources.uid === 0 ? '/etc/muster' : (serviceFolder ?? join(config, 'muster'));
  return [
    { path: join(folder, 'muster.yaml'), mustExist: false },
    ...yamlFilesIn(join(folder, 'conf.d')).map((path) => ({ path, mustExist: true })),
  ];
}

function yamlFilesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readSettingsFile(file: { path: string; mustExist: boolean }, found: Map<SettingName, Found>): void {
  let text: string;
  try {
    text = readFileSync(file.path, 'utf8');
  } catch (error) {
    if (!file.mustExist && error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw new SettingsError(
      `Cannot read ${file.path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (text.length > MAX_FILE_BYTES)
    throw new SettingsError(`${file.path} has more than ${MAX_FILE_BYTES} bytes, so it is no settings file`);
  parseSettingsText(file.path, text, found);
}

/** Adds what the text sets. @throws SettingsError with file, line and column. */
export function parseSettingsText(path: string, text: string, found: Map<SettingName, Found>): void {
  const source = readYamlSource(text, '1.2');
  if (!source.read) {
    const told = source.problems.map(({ line, column, because }) => `${path}:${line}:${column}: ${because}`);
    throw new SettingsError(told.join('\n'));
  }
  const { document, placeAt } = source;
  const at = (offset: number): string => {
    const { line, column } = placeAt(offset);
    return `${path}:${line}:${column}`;
  };
  const alias = aliasIn(document);
  if (alias) throw new SettingsError(`${at(alias.offset)}: ${alias.because}`);
  if (document.contents === null) return;
  if (!isMap(document.contents))
    throw new SettingsError(`${at(0)}: names with values are wanted, such as "interfaces: [eth0]"`);
  walk(document.contents, '', at, found);
}

function walk(
  map: YAMLMap,
  prefix: string,
  at: (offset: number) => string,
  found: Map<SettingName, Found>,
): void {
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const name = `${prefix}${key}`;
    const keyPlace = at((isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? 0);
    if (isSettingName(name)) {
      const place = hasRange(pair.value) ? at(pair.value.range[0]) : keyPlace;
      const value = hasToJs(pair.value) ? pair.value.toJSON() : pair.value;
      // The value is checked here, so that the message has its column; the caller parses it once more.
      parseValue(name, { value, origin: place });
      found.set(name, { value, origin: place.replace(/:\d+$/, '') });
    } else if (isMap(pair.value) && SETTING_NAMES.some((known) => known.startsWith(`${name}.`))) {
      walk(pair.value, `${name}.`, at, found);
    } else {
      throw new SettingsError(`${keyPlace}: ${unknownSetting(name)}`);
    }
  }
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function hasToJs(node: unknown): node is { toJSON(): unknown } {
  return typeof node === 'object' && node !== null && 'toJSON' in node;
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

function unknownSetting(name: string): string {
  return `there is no setting "${name}": there are ${SETTING_NAMES.join(', ')}`;
}
