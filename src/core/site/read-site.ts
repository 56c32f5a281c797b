import type { z } from 'zod';
import { type Issue, parseInOurWords, pathText } from '../../contract/issues.ts';
import { MAX_SITE_BYTES, MAX_SITE_FAULTS, Site } from '../../contract/site-schemas.ts';
import { knownFields, unknownField } from './known-fields.ts';
import {
  entriesOf,
  type Place,
  placeOf,
  placeOfField,
  plainTextAt,
  readSections,
  type SiteFault,
  type SiteNode,
  type SiteSection,
  type SiteText,
} from './site-nodes.ts';
import { MAX_ALIASED_CHARACTERS, valueOf } from './yaml-value.ts';

export type ReadSite =
  | {
      readonly read: true;
      readonly site: z.input<typeof Site>;
      /** What the API has against parts of it, by their paths, with where they stand and in that order. */
      readonly placed: (issues: readonly Issue[]) => readonly SiteFault[];
    }
  /** In the order in which they stand, `MAX_SITE_FAULTS` at most. */
  | { readonly read: false; readonly faults: readonly SiteFault[]; readonly untold: number };

const SECTIONS = Object.keys(Site.shape);
/** The one section that is no list. */
const POLICY = 'policy';

/** What was collected of all files: each entry of each list, with where it stands. */
interface Collected {
  readonly value: Record<string, unknown>;
  readonly nodes: Map<string, SiteNode[]>;
  readonly names: Map<string, Place>;
}

/** The site that these texts hold together, checked as the API checks it; or every fault, with its line and column. */
export function readSite(texts: readonly SiteText[]): ReadSite {
  const faults: SiteFault[] = [];
  const fault = (one: SiteFault): void => void faults.push(one);
  const bytes = texts.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);
  const start = { file: texts[0]?.file ?? '', line: 1, column: 1 };
  if (bytes > MAX_SITE_BYTES) {
    const because = `a site has at most ${MAX_SITE_BYTES} bytes, and this has ${bytes}: split it`;
    return { read: false, faults: [{ place: start, because }], untold: 0 };
  }
  const collected: Collected = { value: {}, nodes: new Map(), names: new Map() };
  const spare = { characters: MAX_ALIASED_CHARACTERS };
  for (const text of texts) {
    for (const section of readSections(text, spare, fault)) collect(collected, section, fault);
  }
  if (faults.length === 0 && Object.keys(collected.value).length === 0)
    fault({ place: start, because: `nothing stands there: sections are wanted, of ${SECTIONS.join(', ')}` });
  checkSite(collected, fault);
  if (faults.length > 0) {
    const told = inOrder(faults, texts).slice(0, MAX_SITE_FAULTS);
    return { read: false, faults: told, untold: faults.length - told.length };
  }
  const site = collected.value as z.input<typeof Site>;
  const placed = (issues: readonly Issue[]): readonly SiteFault[] =>
    inOrder(
      issues.map(({ path, message }) => {
        const place = placeIn(collected, pathOf(path));
        return { because: message, ...(place ? { place } : {}) };
      }),
      texts,
    );
  return { read: true, site, placed };
}

function collect(collected: Collected, section: SiteSection, fault: (fault: SiteFault) => void): void {
  const { name, namePlace, value } = section;
  if (!SECTIONS.includes(name)) {
    fault({ place: namePlace, because: unknownField(name, SECTIONS, 'section') });
    return;
  }
  if (name === POLICY) {
    if (collected.names.has(name)) fault({ place: namePlace, because: 'the policy stands twice: keep one' });
    else {
      add(collected, name, [value], fault);
      [collected.value[name]] = collected.value[name] as readonly unknown[];
      if (collected.value[name] === undefined) delete collected.value[name];
    }
  } else {
    const entries = entriesOf(value);
    if (entries === undefined)
      fault({
        place: placeOf(value, []),
        because: `${name}: a list is wanted, each entry with "- " before it`,
      });
    else add(collected, name, entries, fault);
  }
  collected.names.set(name, collected.names.get(name) ?? namePlace);
}

function add(
  { value, nodes }: Pick<Collected, 'value' | 'nodes'>,
  section: string,
  entries: readonly SiteNode[],
  fault: (fault: SiteFault) => void,
): void {
  const read = entries.flatMap((entry) => {
    try {
      return [{ entry, value: valueOf(entry) }];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      fault({ place: placeOf(entry, []), because: error.message });
      return [];
    }
  });
  value[section] = [...((value[section] as unknown[] | undefined) ?? []), ...read.map((one) => one.value)];
  nodes.set(section, [...(nodes.get(section) ?? []), ...read.map((one) => one.entry)]);
}

function checkSite(collected: Collected, fault: (fault: SiteFault) => void): void {
  let issues = issuesOf(collected.value);
  // Where a text is wanted, a number is taken as it is written: `rack: 3`, or a MAC address of digits only.
  const written = issues.filter((issue) => takeAsWritten(collected, issue));
  if (written.length > 0) issues = issuesOf(collected.value);
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      const known = knownFields(Site, issue.path);
      for (const key of issue.keys)
        fault({ ...placeOfKey(collected, issue.path, key), because: unknownField(key, known) });
      continue;
    }
    const words = pathText(issue.path.slice(issue.path[0] === POLICY ? 1 : 2));
    const because = words === '' ? issue.message : `${words}: ${issue.message}`;
    const place = placeIn(collected, issue.path);
    fault({ because, ...(place ? { place } : {}) });
  }
}

function issuesOf(value: unknown): readonly z.core.$ZodIssue[] {
  const result = parseInOurWords(Site, value);
  return result.success ? [] : result.error.issues;
}

function takeAsWritten(collected: Collected, issue: z.core.$ZodIssue): boolean {
  if (issue.code !== 'invalid_type' || issue.expected !== 'string') return false;
  const found = rootOf(collected, issue.path);
  const text = found && plainTextAt(found.root, found.rest);
  const last = issue.path.at(-1);
  if (text === undefined || last === undefined) return false;
  let holder: unknown = collected.value;
  for (const step of issue.path.slice(0, -1)) holder = (holder as Record<PropertyKey, unknown>)[step];
  (holder as Record<PropertyKey, unknown>)[last] = text;
  return true;
}

function rootOf(
  { nodes }: Collected,
  [section, index, ...rest]: readonly PropertyKey[],
): { readonly root: SiteNode; readonly rest: readonly PropertyKey[] } | undefined {
  const entries = nodes.get(String(section));
  if (section === POLICY) {
    const root = entries?.[0];
    return root && { root, rest: index === undefined ? [] : [index, ...rest] };
  }
  const root = entries?.[Number(index)];
  return root && { root, rest };
}

/** Of the whole section where there is no such entry. */
function placeIn(collected: Collected, path: readonly PropertyKey[]): Place | undefined {
  const found = rootOf(collected, path);
  return found ? placeOf(found.root, found.rest) : collected.names.get(String(path[0]));
}

function placeOfKey(
  collected: Collected,
  path: readonly PropertyKey[],
  key: string,
): Pick<SiteFault, 'place'> {
  const found = rootOf(collected, path);
  return found ? { place: placeOfField(found.root, found.rest, key) } : {};
}

/** `machines[3].macs[0]` as `['machines', 3, 'macs', 0]`. */
function pathOf(path: string): readonly PropertyKey[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, field = '']) =>
    index === undefined ? field : Number(index),
  );
}

/** As they stand, one file after the other; what is about the whole comes first. */
function inOrder(faults: readonly SiteFault[], texts: readonly SiteText[]): readonly SiteFault[] {
  const files = texts.map(({ file }) => file);
  const key = ({ place }: SiteFault): readonly [number, number, number] =>
    place ? [files.indexOf(place.file), place.line, place.column] : [-1, 0, 0];
  return faults.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  });
}
