import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { Site } from '../../contract/site-schemas.ts';
import { knownFields } from '../../core/site/known-fields.ts';
import { escapeLateControls } from '../printable.ts';
import { yamlText } from '../yaml-text.ts';

type WireSite = z.output<typeof Site>;
export type SiteSectionName = keyof WireSite;

/** In the order of what refers to what. */
const COMMENTS: Readonly<Record<SiteSectionName, string>> = {
  images: 'Images that must be there; muster image add adds one',
  mirrors: 'Package mirrors',
  subnets: 'Addresses on each segment, and what goes with them',
  snippets: 'Pieces of text that templates include',
  profiles: 'How to install: image, template, arguments, variables',
  groups: 'What machines have in common, chosen by their labels',
  machines: 'Machines, and what is their own',
  power: 'How the power of machines is reached; passwords are not carried',
  hooks: 'Servers and programs that are told of events; keys are not carried',
  policy: 'What holds for every machine',
};

export const SITE_SECTIONS = Object.keys(COMMENTS) as readonly SiteSectionName[];

/** What `muster apply` takes: each section under a comment that says what it is, its entries by name. */
export function siteText(site: WireSite): string {
  const parts: string[] = [];
  for (const section of SITE_SECTIONS) {
    const value = leanSection(section, site[section]);
    if (value !== undefined) parts.push(`# ${COMMENTS[section]}.\n${exactYaml({ [section]: value })}`);
  }
  return parts.join('\n');
}

/** One thing as it stands in a site. */
export function entryText(section: SiteSectionName, entry: object): string {
  return exactYaml(leanEntry(section, entry));
}

function leanSection(section: SiteSectionName, value: unknown): unknown {
  return Array.isArray(value) && section !== 'images'
    ? value.map((entry: object) => leanEntry(section, entry))
    : value;
}

/** Always in one order, without empty fields where leaving them out means the same. */
function leanEntry(section: SiteSectionName, entry: object): object {
  const order = knownFields(Site, section === 'policy' ? [section] : [section, 0]);
  const fields = Object.entries(entry)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([field, value]: [string, unknown]) => [field, NAMED.has(field) ? byName(value) : value] as const);
  if (section === 'policy') return Object.fromEntries(fields);
  return Object.fromEntries(
    fields.filter(([field, value]) => {
      if (!isEmpty(value)) return true;
      const without = Object.fromEntries(fields.filter(([other]) => other !== field));
      const read = Site.safeParse({ [section]: [without] });
      return !read.success || JSON.stringify(entriesIn(read.data, section, field)) !== JSON.stringify(value);
    }),
  );
}

/** Fields that hold values by their names, in no order. */
const NAMED: ReadonlySet<string> = new Set(['variables', 'labels']);

function byName(values: unknown): object {
  return Object.fromEntries(
    Object.entries(values as object).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function entriesIn(site: WireSite, section: SiteSectionName, field: string): unknown {
  return (site[section] as readonly Readonly<Record<string, unknown>>[])[0]?.[field];
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === '';
  return Object.keys(value).length === 0;
}

/**
 * Every text quoted where a reader of YAML 1.2 would take one that is not for something else, or a text that ends in
 * empty lines would take those that come behind it.
 */
function exactYaml(value: unknown): string {
  const text = yamlText(value);
  if (JSON.stringify(parse(`${text}\n# More.\n`)) === JSON.stringify(value)) return text;
  const quoted = stringify(value, {
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'QUOTE_DOUBLE',
  });
  return escapeLateControls(quoted);
}
