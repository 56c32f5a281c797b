import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { type DataNode, MAX_DEPTH, type Place, type ReadData } from './data-node.ts';
import { error } from './finding.ts';

/** Nodes of one file, those that aliases repeat included: a "billion laughs" ends here. */
const MAX_NODES = 100_000;

/** YAML 1.1, as PyYAML reads it for cloud-init and subiquity: `yes` and `on` are true. Go's reader takes these too. */
export function readYaml(text: string): ReadData {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    const findings = document.errors.map(({ pos, message }) => {
      const { line, column } = place(pos[0]);
      return error(line, column, `this is no YAML: ${message}`);
    });
    return { read: false, findings };
  }
  const reader = new Reader(document, place);
  const root = reader.node(document.contents, 0);
  if (reader.left > 0) return { read: true, root };
  return { read: false, findings: [error(1, undefined, `the file has more than ${MAX_NODES} values`)] };
}

class Reader {
  readonly #document: Document;
  readonly #place: (offset: number) => Place;
  left = MAX_NODES;

  constructor(document: Document, place: (offset: number) => Place) {
    this.#document = document;
    this.#place = place;
  }

  node(node: unknown, depth: number): DataNode {
    this.left -= 1;
    const yaml = node as Node | null;
    const at = this.#place(yaml?.range?.[0] ?? 0);
    if (this.left <= 0 || depth > MAX_DEPTH) return { ...at, is: 'nothing' };
    if (isAlias(yaml)) return { ...this.node(yaml.resolve(this.#document), depth + 1), ...at };
    if (isSeq(yaml))
      return { ...at, is: 'list', items: yaml.items.map((item) => this.node(item, depth + 1)) };
    if (isMap(yaml)) {
      const entries = yaml.items.map((pair) => {
        const key = pair.key as Node | null;
        const keyPlace = this.#place(key?.range?.[0] ?? 0);
        return {
          ...keyPlace,
          key: isScalar(key) ? String(key.value) : '?',
          node: this.node(pair.value, depth + 1),
        };
      });
      return { ...at, is: 'mapping', entries };
    }
    return { ...at, ...scalarOf(isScalar(yaml) ? yaml.value : undefined) };
  }
}

function scalarOf(value: unknown) {
  if (typeof value === 'boolean') return { is: 'switch', value } as const;
  if (typeof value === 'number' || typeof value === 'bigint')
    return { is: 'number', value: Number(value) } as const;
  if (value === null || value === undefined) return { is: 'nothing' } as const;
  return {
    is: 'text',
    text:
      value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value),
  } as const;
}
