import {
  type Alias,
  type Document,
  isAlias,
  isNode,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';

/**
 * Lists and mappings in each other. The parser goes into them by recursion, and V8 ends the whole process, not the
 * thread, when it comes to the end of the stack while it compiles a regular expression: so the depth is counted first.
 */
export const MAX_YAML_DEPTH = 100;

export interface YamlPlace {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends YamlPlace {
  readonly because: string;
}

export type YamlSource =
  | {
      readonly read: true;
      readonly document: Document;
      readonly placeAt: (offset: number) => YamlPlace;
      /** What an alias stands for; found once for all of them, since the parser looks through the file for each. */
      readonly targetOf: (alias: Alias) => Node | undefined;
    }
  | { readonly read: false; readonly problems: readonly YamlProblem[] };

/** A YAML text as its parser leaves it, or what is wrong with it. */
export function readYamlSource(text: string, version: '1.1' | '1.2'): YamlSource {
  const deep = tooDeepIn(text);
  if (deep) return { read: false, problems: [deep] };
  const lines = new LineCounter();
  const placeAt = (offset: number): YamlPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, { lineCounter: lines, version, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({ ...placeAt(pos[0]), because: message }));
    return { read: false, problems };
  }
  const targets = targetsIn(document);
  return { read: true, document, placeAt, targetOf: (alias) => targets.get(alias) };
}

/** For readers that want everything written out: where the first alias is, if there is one. */
export function aliasIn(
  document: Document,
): { readonly offset: number; readonly because: string } | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      found = alias;
      return visit.BREAK;
    },
  });
  if (!found) return undefined;
  const because = `*${found.source} is an alias, and nothing is repeated that way here: write it out`;
  return { offset: found.range?.[0] ?? 0, because };
}

/** An alias stands for the last node before it that has its anchor (YAML 1.2.2 §7.1). */
export function targetsIn(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
  });
  return targets;
}

/** Where a text goes deeper than `MAX_YAML_DEPTH`. By its words, without recursion: no text is too deep for this. */
export function tooDeepIn(text: string): YamlProblem | undefined {
  let [line, column, flow] = [1, 1, 0];
  /** The columns at which the lists and mappings around this place begin. */
  const blocks: number[] = [];
  for (const word of new Lexer().lex(text)) {
    if (word === '[' || word === '{') flow += 1;
    else if (word === ']' || word === '}') flow = Math.max(flow - 1, 0);
    else if (flow === 0 && isBlockWord(word)) {
      while ((blocks.at(-1) ?? 0) > column) blocks.pop();
      if (blocks.at(-1) !== column) blocks.push(column);
    }
    if (flow + blocks.length > MAX_YAML_DEPTH) {
      const because = `lists and mappings go deeper than ${MAX_YAML_DEPTH} here`;
      return { line, column, because };
    }
    if (MARKS.has(word)) continue;
    const end = word.lastIndexOf('\n');
    if (end < 0) column += word.length;
    else {
      line += word.split('\n').length - 1;
      column = word.length - end;
    }
  }
  return undefined;
}

/** Of the lexer's own: the begin of a document, of a scalar, the end of a flow without its sign. */
const MARKS = new Set(['\u0002', '\u0018', '\u001F']);

/** What can begin a list or a mapping: `-`, `?` and whatever may be its first key. */
function isBlockWord(word: string): boolean {
  return word === '-' || word === '?' || word === '\u001F' || /^["'&*!]/.test(word);
}
