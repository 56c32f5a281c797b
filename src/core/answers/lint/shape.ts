import { closestWord } from '../../../lib/closest-word.ts';
import type { DataNode } from './data-node.ts';
import { error, type Finding, hint } from './finding.ts';

/** What a part of a file of data has to be, as the reference of its reader says. */
export type Shape =
  | { readonly is: 'any' | 'number' | 'switch' | 'nothing' }
  | {
      readonly is: 'text';
      readonly oneOf?: readonly string[];
      readonly like?: RegExp;
      /** What fits `like`, for the sentence of a finding. */
      readonly wanted?: string;
    }
  | { readonly is: 'list'; readonly of: Shape }
  | { readonly is: 'map'; readonly of: Shape }
  | {
      readonly is: 'object';
      readonly keys: Readonly<Record<string, Shape>>;
      readonly needs?: readonly string[];
      /** Keys that are not named may stand there too. */
      readonly others?: 'allowed';
    }
  | { readonly is: 'either'; readonly of: readonly Shape[] };

export const any: Shape = { is: 'any' };
export const text: Shape = { is: 'text' };
export const number: Shape = { is: 'number' };
/** A yes-or-no value. */
export const flag: Shape = { is: 'switch' };
export const nothing: Shape = { is: 'nothing' };
export const oneOf = (...words: readonly string[]): Shape => ({ is: 'text', oneOf: words });
export const like = (pattern: RegExp, wanted: string): Shape => ({ is: 'text', like: pattern, wanted });
export const list = (of: Shape): Shape => ({ is: 'list', of });
export const map = (of: Shape): Shape => ({ is: 'map', of });
export const either = (...of: readonly Shape[]): Shape => ({ is: 'either', of });
export const object = (keys: Readonly<Record<string, Shape>>, ...needs: readonly string[]): Shape => ({
  is: 'object',
  keys,
  needs,
});
/** Of which only some keys are known here. */
export const open = (keys: Readonly<Record<string, Shape>>, ...needs: readonly string[]): Shape => ({
  is: 'object',
  keys,
  needs,
  others: 'allowed',
});
/** It may be left empty. */
export const maybe = (shape: Shape): Shape => either(shape, nothing);
/** One, or a list of them. */
export const some = (shape: Shape): Shape => either(shape, list(shape));

/** Each place where a file is not what it has to be. @param path of the node: `storage.layout`. */
export function checkShape(node: DataNode, shape: Shape, path = ''): readonly Finding[] {
  switch (shape.is) {
    case 'any':
      return [];
    case 'number':
    case 'switch':
    case 'nothing':
      return node.is === shape.is ? [] : [mismatch(node, shape, path)];
    case 'text':
      return checkText(node, shape, path);
    case 'list':
      return node.is === 'list'
        ? node.items.flatMap((item, at) => checkShape(item, shape.of, `${path}[${at}]`))
        : [mismatch(node, shape, path)];
    case 'map':
      return node.is === 'mapping'
        ? node.entries.flatMap(({ key, node: value }) => checkShape(value, shape.of, below(path, key)))
        : [mismatch(node, shape, path)];
    case 'object':
      return checkObject(node, shape, path);
    case 'either':
      return checkEither(node, shape, path);
    default:
      return shape satisfies never;
  }
}

type ShapeOf<Kind extends Shape['is']> = Extract<Shape, { readonly is: Kind }>;

function checkText(node: DataNode, shape: ShapeOf<'text'>, path: string): readonly Finding[] {
  if (node.is !== 'text') return [mismatch(node, shape, path)];
  if (shape.oneOf && !shape.oneOf.includes(node.text)) {
    const close = hint(closestWord(node.text, shape.oneOf));
    return [
      at(
        node,
        `${nameOf(path)} is "${shorten(node.text)}"${close}: one of ${shape.oneOf.join(', ')} is wanted`,
      ),
    ];
  }
  if (shape.like && !shape.like.test(node.text))
    return [at(node, `${nameOf(path)} is not right: ${shape.wanted ?? 'another text'} is wanted`)];
  return [];
}

function checkObject(node: DataNode, shape: ShapeOf<'object'>, path: string): readonly Finding[] {
  if (node.is !== 'mapping') return [mismatch(node, shape, path)];
  const findings: Finding[] = [];
  for (const { key, line, column, node: value } of node.entries) {
    const known = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (known) findings.push(...checkShape(value, known, below(path, key)));
    else if (shape.others !== 'allowed') {
      const close = hint(closestWord(key, Object.keys(shape.keys)));
      findings.push(error(line, column, `${nameOf(path)} has no key "${shorten(key)}"${close}`));
    }
  }
  const keys = new Set(node.entries.map(({ key }) => key));
  for (const needed of shape.needs ?? [])
    if (!keys.has(needed)) findings.push(at(node, `${nameOf(path)} needs a key "${needed}"`));
  return findings;
}

/** What fits one of them is right; otherwise the one that looks most like it tells what is wrong. */
function checkEither(node: DataNode, { of }: ShapeOf<'either'>, path: string): readonly Finding[] {
  const tries = of.map((shape) => ({ shape, findings: checkShape(node, shape, path) }));
  if (tries.some(({ findings }) => findings.length === 0)) return [];
  const [nearest] = tries
    .filter(({ shape }) => looksLike(node, shape))
    .sort((one, other) => one.findings.length - other.findings.length);
  return nearest?.findings ?? [mismatch(node, { is: 'either', of }, path)];
}

function looksLike(node: DataNode, shape: Shape): boolean {
  if (shape.is === 'either') return shape.of.some((one) => looksLike(node, one));
  return shape.is === 'object' || shape.is === 'map' ? node.is === 'mapping' : node.is === shape.is;
}

function mismatch(node: DataNode, shape: Shape, path: string): Finding {
  return at(node, `${nameOf(path)} is ${KIND_WORDS[node.is]}, and ${wantedOf(shape)} is wanted`);
}

const KIND_WORDS: Readonly<Record<DataNode['is'], string>> = {
  text: 'a text',
  number: 'a number',
  switch: 'true or false',
  nothing: 'empty',
  list: 'a list',
  mapping: 'a mapping',
};

function wantedOf(shape: Shape): string {
  if (shape.is === 'any') return 'anything';
  if (shape.is === 'either') return [...new Set(shape.of.map(wantedOf))].join(' or ');
  return shape.is === 'object' || shape.is === 'map' ? KIND_WORDS.mapping : KIND_WORDS[shape.is];
}

function at({ line, column }: DataNode, sentence: string): Finding {
  return error(line, column, sentence);
}

function nameOf(path: string): string {
  return path === '' ? 'the file' : path;
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const MAX_SHOWN = 60;

function shorten(word: string): string {
  return word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word;
}
