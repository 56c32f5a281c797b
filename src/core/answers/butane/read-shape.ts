import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Json, JsonObject } from './json.ts';
import { resourceOf } from './resource.ts';
import type { Field, Shape } from './shape.ts';
import type { YamlPlace, YamlSource } from '../yaml-source.ts';
import type { ButaneVersion } from './versions.ts';

/** Aliases can make a small file large; no configuration of a machine has as many parts. */
const MAX_NODES = 20_000;
/** What an octal mode can say: permissions, and set-user, set-group and sticky. */
const MAX_MODE = 0o7777;

/** Something in a Butane file that cannot be translated, and where. */
export class ButaneError extends SyntaxError {
  readonly line: number;
  readonly column: number;

  constructor(because: string, place: YamlPlace) {
    super(because);
    this.line = place.line;
    this.column = place.column;
  }
}

export type ReadableYaml = Extract<YamlSource, { readonly read: true }>;

/** Reads the tree of a YAML document by the tables of shapes. */
export class ShapeReader {
  readonly #source: ReadableYaml;
  readonly #version: ButaneVersion;
  #nodes = 0;

  constructor(source: ReadableYaml, version: ButaneVersion) {
    this.#source = source;
    this.#version = version;
  }

  /**
   * What a mapping holds, by the names of Ignition; what is translated apart keeps the name it has in Butane.
   *
   * @throws ButaneError
   */
  read(given: unknown, shape: Shape, where: string): JsonObject {
    const node = this.#resolve(given);
    if (!isMap(node)) throw this.error(node, `${where} must be a mapping`);
    const result: Record<string, Json> = {};
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
      const place = where === '' ? name : `${where}.${name}`;
      if (field === undefined) throw this.error(key, this.#unknown(name, shape, where));
      const because = this.#objectionTo(field, place);
      if (because !== undefined) throw this.error(key, because);
      const found = this.#resolve(value);
      if (found === null || (isScalar(found) && found.value === null)) continue;
      result[field.apart ? name : (field.name ?? camelCase(name))] = this.#value(found, field, place);
    }
    for (const [name, field] of Object.entries(shape)) {
      if (field.needed && result[field.name ?? camelCase(name)] === undefined) {
        throw this.error(node, `${where} has no "${name}", which it needs`);
      }
    }
    return result;
  }

  error(node: unknown, because: string): ButaneError {
    const [offset = 0] = (node as Node | null | undefined)?.range ?? [];
    return new ButaneError(because, this.#source.placeAt(offset));
  }

  #value(node: unknown, field: Field, where: string): Json {
    switch (field.kind) {
      case 'one':
        return this.read(node, field.shape, where);
      case 'many':
        return this.#list(node, where, (item, place) => this.read(item, field.shape, place));
      case 'resource':
        return this.#resource(node, field.shape, where);
      case 'resources':
        return this.#list(node, where, (item, place) => this.#resource(item, field.shape, place));
      case 'texts':
        return this.#list(node, where, (item, place) => this.#text(item, place));
      case 'text':
        return this.#text(node, where);
      case 'path': {
        const path = this.#text(node, where);
        if (!path.startsWith('/')) throw this.error(node, `${where} must begin with a slash`);
        return path;
      }
      case 'flag':
        if (isScalar(node) && typeof node.value === 'boolean') return node.value;
        throw this.error(node, `${where} must be true or false`);
      case 'count':
        if (isScalar(node) && Number.isSafeInteger(node.value)) return Number(node.value);
        throw this.error(node, `${where} must be a whole number`);
      case 'mode':
        return this.#mode(node, where);
      case 'refused':
        throw this.error(node, field.because);
      default:
        return field satisfies never;
    }
  }

  #list(node: unknown, where: string, read: (item: unknown, place: string) => Json): readonly Json[] {
    if (!isSeq(node)) throw this.error(node, `${where} must be a list`);
    return node.items.map((item, index) => read(this.#resolve(item), `${where}[${index}]`));
  }

  /** YAML takes `1.0` for a number; where a text is wanted it is what was written. */
  #text(node: unknown, where: string): string {
    if (isScalar(node)) {
      if (typeof node.value === 'string') return node.value;
      if (typeof node.value === 'number' && node.source !== undefined) return node.source;
    }
    throw this.error(node, `${where} must be a text`);
  }

  /** Butane reads YAML 1.1, where a number that begins with 0 is octal. */
  #mode(node: unknown, where: string): number {
    const source = isScalar(node) ? (node.source ?? '') : '';
    if (/^0o?[0-7]{1,5}$/.test(source)) {
      const mode = Number.parseInt(source.replace(/^0o?/, '') || '0', 8);
      if (mode <= MAX_MODE) return mode;
    } else if (/^[1-9][0-7]{2,3}$/.test(source)) {
      const octal = Number(source).toString(8);
      throw this.error(
        node,
        `${where} is ${source} in decimal, which is 0${octal} in octal: write that, or 0${source}`,
      );
    }
    throw this.error(node, `${where} must be permissions in octal, such as 0644`);
  }

  #resource(node: unknown, shape: Shape, where: string): JsonObject {
    const made = resourceOf(this.read(node, shape, where));
    if (made.made) return made.resource;
    throw this.error(node, `${where} ${made.because}`);
  }

  #objectionTo(field: Field, where: string): string | undefined {
    const { variant, version, minor } = this.#version;
    if (field.kind === 'refused') return `${where} is not taken: ${field.because}`;
    if (field.only !== undefined && field.only !== variant) return `${where} is not in variant ${variant}`;
    if ((field.since ?? 0) > minor) {
      return `${where} is not in version ${version} of ${variant}, which leads to Ignition 3.${minor}.0: it needs 3.${field.since}.0`;
    }
    return undefined;
  }

  #unknown(name: string, shape: Shape, where: string): string {
    const inside = where === '' ? 'a Butane file' : where;
    return `"${name}" is not a key of ${inside}: it knows ${Object.keys(shape).join(', ')}`;
  }

  #resolve(node: unknown): unknown {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) throw this.error(node, `it has more than ${MAX_NODES} parts`);
    return isAlias(node) ? this.#source.targetOf(node) : node;
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
