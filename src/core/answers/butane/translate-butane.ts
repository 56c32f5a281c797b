import { isMap, isScalar, type Document } from 'yaml';
import { readYamlSource, type YamlPlace } from '../yaml-source.ts';
import { bootDevice } from './boot-device.ts';
import { type JsonObject, objectOf, objectsOf } from './json.ts';
import { mountUnit } from './mount-unit.ts';
import { ButaneError, type ReadableYaml, ShapeReader } from './read-shape.ts';
import { BUTANE } from './shapes.ts';
import { BUTANE_VERSIONS, type ButaneVersion, OTHER_VARIANTS } from './versions.ts';

export type TranslatedButane =
  | { readonly translated: true; readonly ignition: string }
  | {
      readonly translated: false;
      readonly line: number;
      readonly column: number;
      readonly because: string;
    };

/** Butane, which people write, as Ignition, which machines read. No key and no value that is not understood passes. */
export function translateButane(text: string): TranslatedButane {
  try {
    const ignition = `${JSON.stringify(ignitionOf(text), undefined, 2)}\n`;
    return { translated: true, ignition };
  } catch (error) {
    if (!(error instanceof ButaneError)) throw error;
    return { translated: false, line: error.line, column: error.column, because: error.message };
  }
}

function ignitionOf(text: string): JsonObject {
  const source = readYamlSource(text, '1.2');
  if (!source.read) {
    const { because, ...place } = source.problems[0] ?? { because: 'it is no YAML', line: 1, column: 1 };
    throw new ButaneError(because, place);
  }
  const { document } = source;
  const target = versionOf(source);
  const reader = new ShapeReader(source, target);
  const read = reader.read(document.contents, BUTANE, '');
  const { boot_device, ignition, passwd, kernelArguments, storage, systemd } = read;
  const boot = bootDevice(objectOf(boot_device));
  if (!boot.made) throw reader.error(document.getIn(['boot_device'], true), boot.because);
  const given = objectOf(storage);
  const units = mountUnits(given, reader, document);
  const allUnits = merged(units, objectsOf(objectOf(systemd)['units']), 'name');
  const allStorage = storageOf(boot.storage, given);
  return {
    ignition: { version: `3.${target.minor}.0`, ...objectOf(ignition) },
    ...(kernelArguments === undefined ? {} : { kernelArguments }),
    ...(passwd === undefined ? {} : { passwd }),
    ...(Object.keys(allStorage).length === 0 ? {} : { storage: allStorage }),
    ...(allUnits.length === 0 ? {} : { systemd: { units: allUnits } }),
  };
}

function versionOf({ document, placeAt }: ReadableYaml): ButaneVersion {
  const at = (key: string): { readonly value: string; readonly place: YamlPlace } => {
    const node = isMap(document.contents) ? document.contents.get(key, true) : undefined;
    const value = isScalar(node) ? String(node.value) : '';
    return { value, place: placeAt(isScalar(node) ? (node.range?.[0] ?? 0) : 0) };
  };
  const variant = at('variant');
  const version = at('version');
  const row = BUTANE_VERSIONS.find((one) => one.variant === variant.value && one.version === version.value);
  if (row) return row;
  const other = Object.hasOwn(OTHER_VARIANTS, variant.value) ? OTHER_VARIANTS[variant.value] : undefined;
  if (other !== undefined)
    throw new ButaneError(`variant ${variant.value} is not taken: ${other}`, variant.place);
  const known = BUTANE_VERSIONS.filter((one) => one.variant === variant.value);
  if (known.length === 0) {
    throw new ButaneError(
      'a Butane file needs "variant: fcos" or "variant: flatcar", and its version',
      variant.place,
    );
  }
  const versions = known.map((one) => one.version).join(', ');
  throw new ButaneError(`"version" of variant ${variant.value} must be one of ${versions}`, version.place);
}

/** What Butane makes of high-level wishes comes first; what is written out for the same thing is laid over it. */
function storageOf(wished: JsonObject, given: JsonObject): JsonObject {
  const { filesystems, ...others } = given;
  const written = objectsOf(filesystems).map(({ with_mount_unit: _mounted, ...rest }) => rest);
  const keys = [...new Set([...Object.keys(wished), ...Object.keys(given)])];
  return Object.fromEntries(
    keys.map((key) => {
      const own = key === 'filesystems' ? written : objectsOf(others[key]);
      return [key, merged(objectsOf(wished[key]), own, IDENTITY[key] ?? 'path')];
    }),
  );
}

/** What tells one entry of a list from another when configurations are merged (Ignition's "Merging"). */
const IDENTITY: Readonly<Record<string, string>> = {
  disks: 'device',
  raid: 'name',
  filesystems: 'device',
  luks: 'name',
};

function merged(
  below: readonly JsonObject[],
  above: readonly JsonObject[],
  identity: string,
): readonly JsonObject[] {
  const over = (entry: JsonObject): JsonObject | undefined =>
    above.find((other) => other[identity] === entry[identity]);
  const own = above.filter((entry) => !below.some((other) => other[identity] === entry[identity]));
  return [...below.map((entry) => overlaid(entry, over(entry) ?? {})), ...own];
}

/** Partitions of the same disk are laid over each other, too. */
function overlaid(entry: JsonObject, other: JsonObject): JsonObject {
  const partitions = merged(objectsOf(entry['partitions']), objectsOf(other['partitions']), 'label');
  return { ...entry, ...other, ...(partitions.length === 0 ? {} : { partitions }) };
}

function mountUnits(storage: JsonObject, reader: ShapeReader, document: Document): readonly JsonObject[] {
  const filesystems = objectsOf(storage['filesystems']);
  return filesystems.flatMap((filesystem, index) => {
    if (filesystem['with_mount_unit'] !== true) return [];
    const missing = ['format', ...(filesystem['format'] === 'swap' ? [] : ['path'])].find(
      (key) => filesystem[key] === undefined,
    );
    if (missing !== undefined) {
      const node = document.getIn(['storage', 'filesystems', index], true);
      throw reader.error(node, `storage.filesystems[${index}] has with_mount_unit, and no "${missing}"`);
    }
    return [mountUnit(filesystem, objectsOf(storage['luks']))];
  });
}
