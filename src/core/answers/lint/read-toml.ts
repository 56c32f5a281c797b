import { parse, TomlDate, TomlError } from 'smol-toml';
import type { DataNode, Place, ReadData } from './data-node.ts';
import { error } from './finding.ts';

/** TOML 1.0. The parser tells no places of what is right, so keys are looked for in the lines of their table. */
export function readToml(text: string): ReadData {
  try {
    const value = parse(text);
    return { read: true, root: nodeOf(value, { line: 1, column: 1 }, placesOfKeys(text), '') };
  } catch (problem) {
    if (!(problem instanceof TomlError)) throw problem;
    const [message = ''] = problem.message.replace(/^Invalid TOML document: /, '').split('\n');
    return { read: false, findings: [error(problem.line, problem.column, `this is no TOML: ${message}`)] };
  }
}

/** `table.key` and where it stands; of arrays of tables the first. */
function placesOfKeys(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let table = '';
  for (const [at, line] of text.split('\n').entries()) {
    const [, head] = /^\s*\[\[?\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    const [, space = '', key] = /^(\s*)([\w."'-]+)\s*=/.exec(line) ?? [];
    if (head !== undefined) table = plain(head);
    const name = head === undefined ? (key === undefined ? undefined : joined(table, plain(key))) : table;
    if (name !== undefined && !places.has(name))
      places.set(name, { line: at + 1, column: head === undefined ? space.length + 1 : 1 });
  }
  return places;
}

function plain(name: string): string {
  return name.replaceAll(/["'\s]/g, '');
}

function joined(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}

function nodeOf(value: unknown, place: Place, places: ReadonlyMap<string, Place>, path: string): DataNode {
  if (typeof value === 'string') return { ...place, is: 'text', text: value };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { ...place, is: 'number', value: Number(value) };
  if (typeof value === 'boolean') return { ...place, is: 'switch', value };
  if (value instanceof TomlDate) return { ...place, is: 'text', text: value.toISOString() };
  if (Array.isArray(value))
    return { ...place, is: 'list', items: value.map((item) => nodeOf(item, place, places, path)) };
  const entries = Object.entries(value as Record<string, unknown>).map(([key, item]) => {
    const name = joined(path, key);
    const at = places.get(name) ?? place;
    return { ...at, key, node: nodeOf(item, at, places, name) };
  });
  return { ...place, is: 'mapping', entries };
}
