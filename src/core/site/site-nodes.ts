import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import { targetsIn, tooDeepIn } from '../answers/yaml-source.ts';

/** A file of a site: its name as people are told it, and what is in it. */
export interface SiteText {
  readonly file: string;
  readonly text: string;
}

/** Where something stands. Lines and columns begin with 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A fault of a site: what is wrong there, and what is wanted. */
export interface SiteFault {
  /** Absent where the whole is meant. */
  readonly place?: Place;
  readonly because: string;
}

/** A part of a document, which knows where it stands. */
export interface SiteNode {
  readonly node: unknown;
  /** What an alias stands for; found once for all of them, since the parser looks through the file for each. */
  readonly targetOf: (alias: Alias) => Node | undefined;
  readonly placeOf: (offset: number) => Place;
  readonly spare: Spare;
}

/** How many characters may still come out of aliases, in all files of a site together. */
export interface Spare {
  characters: number;
}

/** What a name that begins a line has behind it. */
export interface SiteSection {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: SiteNode;
}

/** The sections of all documents of a file, and what is wrong with its YAML. JSON is YAML, too. */
export function readSections(
  { file, text: written }: SiteText,
  spare: Spare,
  fault: (fault: SiteFault) => void,
): readonly SiteSection[] {
  // Editors of Windows begin a file with a mark that is no part of its first line.
  const text = written.replace(/^\uFEFF/, '');
  const deep = tooDeepIn(text);
  if (deep) {
    fault({ place: { file, line: deep.line, column: deep.column }, because: deep.because });
    return [];
  }
  const lines = new LineCounter();
  // Its own look for keys that stand twice compares each with each, which takes minutes for a hundred thousand.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const documents = parseAllDocuments(text, options);
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const wrong = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      offset: pos[0],
      because: message,
    }));
    const faults = wrong.length > 0 ? wrong : [...otherVersion(document), ...doubleKeys(document)];
    for (const { offset, because } of faults) fault({ place: placeOf(offset), because });
    return faults.length > 0 ? [] : sectionsOf(document, { placeOf, spare }, fault);
  });
}

function sectionsOf(
  document: Document.Parsed,
  around: Pick<SiteNode, 'placeOf' | 'spare'>,
  fault: (fault: SiteFault) => void,
): readonly SiteSection[] {
  const { contents } = document;
  const { placeOf } = around;
  if (isMap(contents)) {
    const targets = targetsIn(document);
    return contents.items.map((pair) => ({
      name: keyText(pair),
      namePlace: placeOf(offsetOf(pair.key) ?? offsetOf(contents) ?? 0),
      value: { ...around, node: pair.value, targetOf: (alias) => targets.get(alias) },
    }));
  }
  if (contents !== null && (!isScalar(contents) || contents.value !== null))
    fault({
      place: placeOf(offsetOf(contents) ?? 0),
      because: 'sections are wanted here, such as "machines:"',
    });
  return [];
}

interface YamlFault {
  readonly offset: number;
  readonly because: string;
}

/** YAML 1.1 takes the name `y` for true, among others. */
function otherVersion({ directives, range }: Document.Parsed): readonly YamlFault[] {
  const { version } = directives.yaml;
  if (version === '1.2') return [];
  const because = `site files are YAML 1.2, and %YAML says ${version}: take that line away`;
  return [{ offset: range[0], because }];
}

function doubleKeys(document: Document): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const pair of items) {
        const key = keyText(pair);
        const because = `Map keys must be unique, and ${JSON.stringify(key)} stands twice`;
        if (seen.has(key)) faults.push({ offset: offsetOf(pair.key) ?? 0, because });
        seen.add(key);
      }
    },
  });
  return faults;
}

/** What stands in a list, each by itself; undefined where it is none. Nothing is an empty list. */
export function entriesOf(list: SiteNode): readonly SiteNode[] | undefined {
  const node = resolved(list, list.node);
  if (node === null || (isScalar(node) && node.value === null)) return [];
  return isSeq(node) ? node.items.map((item) => ({ ...list, node: item })) : undefined;
}

/** Where the value at this path stands, or as far on the way there as there is something. */
export function placeOf(root: SiteNode, path: readonly PropertyKey[]): Place {
  let offset = offsetOf(root.node) ?? 0;
  let node = resolved(root, root.node);
  for (const step of path) {
    const next = isMap(node) ? pairOf(node, step) : isSeq(node) ? node.items[Number(step)] : undefined;
    if (next === undefined) break;
    const value = isPair(next) ? next.value : next;
    offset = offsetOf(value) ?? (isPair(next) ? offsetOf(next.key) : undefined) ?? offset;
    node = resolved(root, value);
  }
  return root.placeOf(offset);
}

/** Where the name of a field of the object at this path stands. */
export function placeOfField(root: SiteNode, path: readonly PropertyKey[], field: string): Place {
  const object = nodeAt(root, path);
  const key = isMap(object) ? pairOf(object, field)?.key : undefined;
  const offset = offsetOf(key);
  return offset === undefined ? placeOf(root, path) : root.placeOf(offset);
}

/** How a number, or true or false, that stands without quotes at this path is written; undefined where none does. */
export function plainTextAt(root: SiteNode, path: readonly PropertyKey[]): string | undefined {
  const node = nodeAt(root, path);
  if (!isScalar(node) || node.value === null || typeof node.value === 'string') return undefined;
  return node.source;
}

function nodeAt(root: SiteNode, path: readonly PropertyKey[]): unknown {
  let node = resolved(root, root.node);
  for (const step of path) {
    if (isMap(node)) node = resolved(root, pairOf(node, step)?.value);
    else if (isSeq(node)) node = resolved(root, node.items[Number(step)]);
    else return undefined;
  }
  return node;
}

function resolved({ targetOf }: SiteNode, node: unknown): unknown {
  return isAlias(node) ? targetOf(node) : node;
}

/** Of mappings that were asked for a name: a hundred thousand faults ask a hundred thousand times. */
const PAIRS = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairOf(map: YAMLMap, key: PropertyKey): Pair | undefined {
  const pairs = PAIRS.get(map) ?? new Map(map.items.map((pair) => [keyText(pair), pair]));
  PAIRS.set(map, pairs);
  return pairs.get(String(key));
}

export function keyText({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
