import { enterpriseLevel } from '../../images/distributions/enterprise-level.ts';
import type { LintInput } from './finding.ts';
import { KICKSTART_RELEASES, KICKSTART_TABLE } from './kickstart-table.ts';

/** How a release takes a command or an option. */
export type Standing = 'known' | 'deprecated' | 'removed' | 'unknown';

interface Row {
  readonly pattern: string;
  /** By name, with the pattern of each. */
  readonly options: Map<string, string>;
}

const ROWS = readTable();

function readTable(): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  let row: Row | undefined;
  for (const line of KICKSTART_TABLE.split('\n')) {
    const words = line.trim().split(' ');
    if (line.startsWith(' ')) {
      for (const word of words) {
        const [name = '', pattern = row?.pattern.replaceAll(/[dr]/g, '+') ?? ''] = word.split(':');
        row?.options.set(name, pattern);
      }
      continue;
    }
    const [name = '', pattern = ''] = words;
    row = { pattern, options: new Map() };
    if (name !== '') rows.set(name, row);
  }
  // Another word for the same.
  const part = rows.get('part');
  if (part) rows.set('partition', part);
  return rows;
}

export interface KickstartRelease {
  /** As people say it: `EL 9`. */
  readonly name: string;
  readonly column: number;
  /** The Enterprise Linux that its installer speaks like. */
  readonly level: number;
}

/** The column that fits a system; of Fedora releases that have none, the one before. */
export function kickstartRelease(system: LintInput['system']): KickstartRelease {
  const level = system === undefined ? 9 : Math.min(enterpriseLevel(system), 10);
  const fedora = /fedora/i.test(system?.title ?? '') ? Number.parseInt(system?.release ?? '', 10) : undefined;
  const names: readonly string[] = KICKSTART_RELEASES;
  const fedoras = names.filter((name) => name.startsWith('Fedora'));
  const before = fedoras.filter((name) => Number.isNaN(fedora) || Number(name.slice(7)) <= (fedora ?? 0));
  const name = fedora === undefined || fedora < 28 ? `EL ${level}` : (before.at(-1) ?? `EL ${level}`);
  return { name, column: names.indexOf(name), level };
}

export function standingOfCommand(name: string, { column }: KickstartRelease): Standing {
  return standingIn(ROWS.get(name)?.pattern, column);
}

/** `unknown` for a command whose options are not in the table is never the answer: they are its own. */
export function standingOfOption(command: string, option: string, { column }: KickstartRelease): Standing {
  const options = ROWS.get(command)?.options;
  if (options === undefined || options.size === 0) return 'known';
  const exact = options.get(option);
  if (exact !== undefined) return standingIn(exact, column);
  // Python's option parsers take what begins only one of them.
  const begun = [...options].filter(([name, pattern]) => name.startsWith(option) && pattern[column] !== '-');
  return begun.length === 1 ? standingIn(begun[0]?.[1], column) : 'unknown';
}

export function commandsOf({ column }: KickstartRelease): readonly string[] {
  return [...ROWS].filter(([, row]) => row.pattern[column] === '+').map(([name]) => name);
}

export function optionsOf(command: string, { column }: KickstartRelease): readonly string[] {
  const options = ROWS.get(command)?.options ?? new Map<string, string>();
  return [...options].filter(([, pattern]) => pattern[column] === '+').map(([name]) => name);
}

const STANDINGS: Readonly<Record<string, Standing>> = { '+': 'known', d: 'deprecated', r: 'removed' };

function standingIn(pattern: string | undefined, column: number): Standing {
  return STANDINGS[pattern?.[column] ?? ''] ?? 'unknown';
}
