import type { z } from 'zod';
import type { SITE_KINDS, SiteOutcome } from '../../contract/site-schemas.ts';
import { printable } from '../printable.ts';
import { paint, type TableShape, type Tone } from '../table.ts';
import { countForm } from '../text-forms.ts';
import { diffLines, unifiedDiff } from './line-diff.ts';
import type { SiteSectionName } from './site-text.ts';

type Outcome = z.output<typeof SiteOutcome>;
type Change = Outcome['changes'][number];
type Color = TableShape['color'];

/** Where things of a kind stand in a site. */
export const SECTION_OF = {
  image: 'images',
  mirror: 'mirrors',
  subnet: 'subnets',
  snippet: 'snippets',
  profile: 'profiles',
  group: 'groups',
  machine: 'machines',
  power: 'power',
  hook: 'hooks',
  policy: 'policy',
} as const satisfies Readonly<Record<(typeof SITE_KINDS)[number], SiteSectionName>>;

const MARK_OF: Readonly<Record<Change['change'], readonly [mark: string, tone: Tone]>> = {
  add: ['+', 'good'],
  change: ['~', 'busy'],
  remove: ['-', 'bad'],
};

/** A line for each thing: `+ machine web-1`, `~ machine web-2: macs, variables`. */
export function changeLines({ changes }: Outcome, color: Color): string {
  return changes
    .map(({ kind, name, change, fields }) => {
      const [mark, tone] = MARK_OF[change];
      const what = fields.length === 0 ? '' : `: ${fields.join(', ')}`;
      return `${paint(printable(`${mark} ${thing(kind, name)}${what}`), tone, color)}\n`;
    })
    .join('');
}

/** `2 added, 1 changed, none taken away, 7 unchanged`. */
export function summaryOf({ applied, changes, unchanged }: Outcome): string {
  const count = (change: Change['change']): string =>
    countForm(changes.filter((one) => one.change === change).length, 'thing');
  const sums = `${count('add')} added, ${count('change')} changed, ${count('remove')} taken away, ${unchanged} as it was`;
  return applied ? sums : `Nothing was changed; it would be ${sums}`;
}

/** What `diff -u` would say of each thing that differs, as it stands in a site. */
export async function diffText({ changes }: Outcome, file: string, color: Color): Promise<string> {
  const lines: string[] = [];
  for (const { kind, name, before, after } of changes) {
    const what = thing(kind, name);
    const [old, wanted] = [await linesOf(kind, before), await linesOf(kind, after)];
    lines.push(`--- ${before ? `${what} (as it is)` : '/dev/null'}`);
    lines.push(`+++ ${after ? `${what} (${file})` : '/dev/null'}`);
    lines.push(...unifiedDiff(diffLines(old, wanted)));
  }
  return lines.map((line) => `${paint(printable(line), toneOf(line), color)}\n`).join('');
}

function thing(kind: Change['kind'], name: string): string {
  return kind === 'policy' ? kind : `${kind} ${name}`;
}

async function linesOf(kind: Change['kind'], entry: object | undefined): Promise<readonly string[]> {
  if (entry === undefined) return [];
  const { entryText } = await import('./site-text.ts');
  return entryText(SECTION_OF[kind], entry).trimEnd().split('\n');
}

function toneOf(line: string): Tone | undefined {
  if (line.startsWith('---') || line.startsWith('+++') || line.startsWith('@@')) return 'quiet';
  return line.startsWith('-') ? 'bad' : line.startsWith('+') ? 'good' : undefined;
}
