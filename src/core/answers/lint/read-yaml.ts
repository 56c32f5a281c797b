import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { readYamlSource, type YamlSource } from '../yaml-source.ts';
import { type DataNode, MAX_DEPTH, type ReadData } from './data-node.ts';
import { error } from './finding.ts';

/** Nodes of one file, those that aliases repeat included: a "billion laughs" ends here. */
const MAX_NODES = 100_000;

/** YAML 1.1, as PyYAML reads it for cloud-init and subiquity: `yes` and `on` are true. Go's reader takes these too. */
export function readYaml(text: string): ReadData {
  const source = readYamlSource(text, '1.1');
  if (!source.read) {
    const findings = source.problems.map(({ line, column, because }) =>
      error(line, column, `this is no YAML: ${because}`),
    );
    return { read: false, findings };
  }
  const reader = new Reader(source);
  const root = reader.node(source.document.contents, 0);
  if (reader.left > 0) return { read: true, root };
  return { read: false, findings: [error(1, undefined, `the file has more than ${MAX_NODES} values`)] };
}

type Source = Extract<YamlSource, { readonly read: true }>;

class Reader {
  readonly #source: Source;
  left = MAX_NODES;

  constructor(source: Source) {
    this.#source = source;
  }

  node(node: unknown, depth: number): DataNode {
    this.left -= 1;
    const yaml = node as Node | null;
    const at = this.#source.placeAt(yaml?.range?.[0] ?? 0);
    if (this.left <= 0 || depth > MAX_DEPTH) return { ...at, is: 'nothing' };
    if (isAlias(yaml)) return { ...this.node(this.#source.targetOf(yaml), depth + 1), ...at };
    if (isSeq(yaml))
      return { ...at, is: 'list', items: yaml.items.map((item) => this.node(item, depth + 1)) };
    if (isMap(yaml)) {
      const entries = yaml.items.map((pair) => {
        const key = pair.key as Node | null;
        const keyPlace = this.#source.placeAt(key?.range?.[0] ?? 0);
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
