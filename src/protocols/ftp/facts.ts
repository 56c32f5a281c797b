import type { TreeNode } from '../../lib/file-tree.ts';
import { calendarTime } from './calendar-time.ts';

/** The facts of MLST and MLSD (RFC 3659 §7.5), and the times of MDTM. */

/** A fact of one node; undefined where there is none. */
type FactOf = (node: TreeNode, target: string | undefined) => string | undefined;

const FACTS = {
  // The form of RFC 3659 §7.7.4, which FileZilla and lftp know; §7.5.1 would have it without the target.
  type: (node, target) => {
    if (node.kind !== 'link') return node.kind === 'folder' ? 'dir' : 'file';
    return target === undefined || !isFactValue(target) ? 'OS.unix=slink' : `OS.unix=slink:${target}`;
  },
  size: (node) => (node.kind === 'file' ? String(node.size) : undefined),
  modify: (node) => timeValue(node.mtimeMs),
  // §7.5.5: a file can be read, a folder entered and listed; nothing can be changed.
  perm: (node) => ({ file: 'r', folder: 'el', link: '' })[node.kind],
  unique: (node) => node.id.toString(36),
  'unix.mode': (node) => `0${(node.mode & 0o777).toString(8).padStart(3, '0')}`,
} as const satisfies Readonly<Record<string, FactOf>>;

export type FactName = keyof typeof FACTS;

export const ALL_FACTS: readonly FactName[] = ['type', 'size', 'modify', 'perm', 'unique', 'unix.mode'];

/** A line of MLSD or MLST without its end; `name` is the name or the path that stands behind the facts. */
export function factLine(
  node: TreeNode,
  name: string,
  wanted: readonly FactName[],
  target: string | undefined,
): string {
  const facts = wanted.map((fact) => {
    const value = FACTS[fact](node, target);
    return value === undefined ? '' : `${fact}=${value};`;
  });
  return `${facts.join('')} ${name}`;
}

/** The line of FEAT; those that are sent are marked (RFC 3659 §7.8). */
export function factFeature(wanted: readonly FactName[]): string {
  return `MLST ${ALL_FACTS.map((fact) => `${fact}${wanted.includes(fact) ? '*' : ''};`).join('')}`;
}

/** `OPTS MLST type;size;`: those that are known, in our order. None is a wish, too (RFC 3659 §7.9). */
export function chooseFacts(list: string): readonly FactName[] {
  const wanted = new Set(list.toLowerCase().split(';'));
  return ALL_FACTS.filter((fact) => wanted.has(fact));
}

/** `YYYYMMDDHHMMSS` in UTC (RFC 3659 §2.3). */
export function timeValue(mtimeMs: number): string {
  const { year, month, day, hour, minute, second } = calendarTime(mtimeMs);
  const pairs = [month, day, hour, minute, second].map((number) => String(number).padStart(2, '0'));
  return `${String(year).padStart(4, '0')}${pairs.join('')}`;
}

/** A semicolon would end the fact, a control character the line. */
function isFactValue(text: string): boolean {
  return !/[;\p{Cc}]/u.test(text);
}
