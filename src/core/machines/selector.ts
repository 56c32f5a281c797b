import { parseLabelKey, parseLabelValue } from '../../lib/labels.ts';
import { refused, SelectorCursor } from './selector-cursor.ts';

/**
 * Which machines are meant, said by their labels. The text is that of Kubernetes:
 * `rack=a,role!=db,env in (lab,test),zone notin (x),gpu,!old`.
 */

/** Characters of a selector. */
export const MAX_SELECTOR_LENGTH = 4096;
/** Terms of a selector. */
export const MAX_SELECTOR_TERMS = 64;
/** Values in one pair of brackets. */
export const MAX_TERM_VALUES = 256;

export type SelectorTerm =
  | { readonly is: 'equal' | 'not equal'; readonly key: string; readonly value: string }
  | { readonly is: 'one of' | 'none of'; readonly key: string; readonly values: readonly string[] }
  | { readonly is: 'there' | 'absent'; readonly key: string };

/** All terms must hold. One without terms chooses nothing: what was left out by mistake must not mean every machine. */
export type Selector = readonly SelectorTerm[];

export type Labels = Readonly<Record<string, string>>;

/** An empty text is a selector without terms. @throws SyntaxError with the column, from 1, and what is wanted there. */
export function parseSelector(text: string): Selector {
  if (text.length > MAX_SELECTOR_LENGTH)
    throw refused(MAX_SELECTOR_LENGTH + 1, `a selector of at most ${MAX_SELECTOR_LENGTH} characters`);
  const cursor = new SelectorCursor(text);
  const terms: SelectorTerm[] = [];
  if (cursor.atEnd()) return terms;
  do {
    if (terms.length === MAX_SELECTOR_TERMS)
      throw refused(cursor.column, `a selector of at most ${MAX_SELECTOR_TERMS} terms`);
    terms.push(readTerm(cursor));
  } while (cursor.took(','));
  if (!cursor.atEnd()) throw cursor.wants('"," or the end');
  return terms;
}

function readTerm(cursor: SelectorCursor): SelectorTerm {
  if (cursor.took('!')) return { is: 'absent', key: readKey(cursor) };
  const key = readKey(cursor);
  if (cursor.took('!=')) return { is: 'not equal', key, value: readValue(cursor) };
  if (cursor.took('==') || cursor.took('=')) return { is: 'equal', key, value: readValue(cursor) };
  if (cursor.tookWord('in')) return { is: 'one of', key, values: readValues(cursor) };
  if (cursor.tookWord('notin')) return { is: 'none of', key, values: readValues(cursor) };
  if (!cursor.atEnd() && !cursor.isAt(','))
    throw cursor.wants('"=", "!=", "in (…)", "notin (…)", "," or the end');
  return { is: 'there', key };
}

function readKey(cursor: SelectorCursor): string {
  return cursor.readWord('the key of a label', parseLabelKey);
}

/** Nothing stands for the empty value, as in `rack=`. */
function readValue(cursor: SelectorCursor): string {
  return cursor.atEnd() || cursor.isAt(',') ? '' : cursor.readWord('a value', parseLabelValue);
}

function readValues(cursor: SelectorCursor): readonly string[] {
  if (!cursor.took('(')) throw cursor.wants('"("');
  const values: string[] = [];
  do {
    if (values.length === MAX_TERM_VALUES)
      throw refused(cursor.column, `at most ${MAX_TERM_VALUES} values in brackets`);
    values.push(cursor.readWord('a value', parseLabelValue));
  } while (cursor.took(','));
  if (!cursor.took(')')) throw cursor.wants('"," or ")"');
  return values;
}

/** The text that `parseSelector` reads as this selector. */
export function formatSelector(selector: Selector): string {
  return selector.map(formatTerm).join(',');
}

export function formatTerm(term: SelectorTerm): string {
  switch (term.is) {
    case 'equal':
      return `${term.key}=${term.value}`;
    case 'not equal':
      return `${term.key}!=${term.value}`;
    case 'one of':
      return `${term.key} in (${term.values.join(',')})`;
    case 'none of':
      return `${term.key} notin (${term.values.join(',')})`;
    case 'there':
      return term.key;
    case 'absent':
      return `!${term.key}`;
    default:
      return term satisfies never;
  }
}

export interface Match {
  readonly matches: boolean;
  /** What the terms found; for a "no" that of the first term that does not hold. */
  readonly because: string;
}

export const EMPTY_SELECTOR_SENTENCE = 'the selector is empty, and an empty one chooses no machine';

export function matchSelector(selector: Selector, labels: Labels): Match {
  if (selector.length === 0) return { matches: false, because: EMPTY_SELECTOR_SENTENCE };
  const fails = selector.find((term) => !holds(term, labels));
  return fails
    ? { matches: false, because: `${findingOf(fails.key, labels)}, and ${formatTerm(fails)} is wanted` }
    : { matches: true, because: [...new Set(selector.map(({ key }) => findingOf(key, labels)))].join(', ') };
}

/** Whether it matches, where nobody asks why. */
export function isChosen(selector: Selector, labels: Labels): boolean {
  if (selector.length === 0) return false;
  // Ten thousand are held against it at a time: a function for each would be garbage of ten thousand.
  for (const term of selector) if (!holds(term, labels)) return false;
  return true;
}

export interface Chosen<Item> {
  readonly machine: Item;
  readonly because: string;
}

/** Those that match, each with its reason, by name, byte by byte, in whichever order they came. */
export function chooseMachines<Item extends { readonly name: string; readonly labels: Labels }>(
  selector: Selector,
  machines: readonly Item[],
): readonly Chosen<Item>[] {
  return machines
    .filter(({ labels }) => isChosen(selector, labels))
    .map((machine) => ({ machine, because: matchSelector(selector, machine.labels).because }))
    .toSorted((one, other) => (one.machine.name < other.machine.name ? -1 : 1));
}

/** How narrow it is: of two that match one machine, the one with more to say about it knows it better. */
export function specificityOf(selector: Selector): number {
  return new Set(selector.map(formatTerm)).size;
}

/** What is absent is neither equal to a value nor one of several, as in Kubernetes. */
function holds(term: SelectorTerm, labels: Labels): boolean {
  const value = Object.hasOwn(labels, term.key) ? labels[term.key] : undefined;
  switch (term.is) {
    case 'equal':
      return value === term.value;
    case 'not equal':
      return value !== term.value;
    case 'one of':
      return value !== undefined && term.values.includes(value);
    case 'none of':
      return value === undefined || !term.values.includes(value);
    case 'there':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    default:
      return term satisfies never;
  }
}

function findingOf(key: string, labels: Labels): string {
  return Object.hasOwn(labels, key) ? `${key} is "${labels[key]}"` : `${key} is not set`;
}
