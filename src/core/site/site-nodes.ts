import {
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
} from 'yaml';

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
  readonly document: Document;
  readonly placeOf: (offset: number) => Place;
}

/** What a name that begins a line has behind it. */
export interface SiteSection {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: SiteNode;
}

/** How often an alias may be used: a text of a few lines can otherwise stand for any amount of memory. */
const MAX_ALIASES = 1000;

/** The sections of all documents of a file, and what is wrong with its YAML. JSON is YAML, too. */
export function readSections(
  { file, text }: SiteText,
  fault: (fault: SiteFault) => void,
): readonly SiteSection[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const sections: SiteSection[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const wrong = [...document.errors, ...document.warnings];
    for (const { pos, message } of wrong) fault({ place: placeOf(pos[0]), because: message });
    const { contents } = document;
    if (wrong.length > 0 || contents === null) continue;
    if (isMap(contents)) {
      for (const pair of contents.items) {
        const offset = offsetOf(pair.key) ?? offsetOf(contents) ?? 0;
        const value = { node: pair.value, document, placeOf };
        sections.push({ name: keyText(pair), namePlace: placeOf(offset), value });
      }
    } else if (!isScalar(contents) || contents.value !== null)
      fault({
        place: placeOf(offsetOf(contents) ?? 0),
        because: 'sections are wanted here, such as "machines:"',
      });
  }
  return sections;
}

/** What stands in a list, each by itself; undefined where it is none. Nothing is an empty list. */
export function entriesOf(list: SiteNode): readonly SiteNode[] | undefined {
  const node = resolved(list, list.node);
  if (node === null || (isScalar(node) && node.value === null)) return [];
  return isSeq(node) ? node.items.map((item) => ({ ...list, node: item })) : undefined;
}

/** The value as JSON has it. @throws RangeError for an alias of nothing, or of far more than it is. */
export function valueOf({ node, document }: SiteNode): unknown {
  if (!isNode(node)) return null;
  try {
    return node.toJS(document, { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new RangeError(
      error.message.startsWith('Excessive')
        ? `an alias stands for more than ${MAX_ALIASES} others: write it out, or use a group`
        : error.message,
    );
  }
}

/** Where the value at this path stands, or as far on the way there as there is something. */
export function placeOf(root: SiteNode, path: readonly PropertyKey[]): Place {
  let offset = offsetOf(root.node) ?? 0;
  let node = resolved(root, root.node);
  for (const step of path) {
    const next = isMap(node) ? pairOf(node.items, step) : isSeq(node) ? node.items[Number(step)] : undefined;
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
  const key = isMap(object) ? pairOf(object.items, field)?.key : undefined;
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
    if (isMap(node)) node = resolved(root, pairOf(node.items, step)?.value);
    else if (isSeq(node)) node = resolved(root, node.items[Number(step)]);
    else return undefined;
  }
  return node;
}

function resolved({ document }: SiteNode, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function pairOf(pairs: readonly Pair[], key: PropertyKey): Pair | undefined {
  return pairs.find((pair) => keyText(pair) === String(key));
}

function keyText({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
