import {
  type MachinePage,
  type MachinePlace,
  type MachineQuery,
  type MachineSort,
  placeOf,
  wordsOf,
} from './machine-page.ts';
import type { Machine } from './machine.ts';
import { isChosen } from './selector.ts';

/** What is asked of machines themselves; what their installs say, they do not know. */
export interface OwnQuery extends Omit<MachineQuery, 'state'> {
  readonly state?: never;
  readonly sort: OwnSort;
  readonly after?: OwnPlace;
}

type OwnSort = Exclude<MachineSort, 'state' | '-state'>;
type OwnPlace = Exclude<MachinePlace, { readonly state: unknown }>;

export function isOwnQuery(query: MachineQuery): query is OwnQuery {
  const { state, sort, after } = query;
  return state === undefined && !sort.endsWith('state') && !(after && 'state' in after);
}

/** One page of machines that are all at hand. @param byName all of them, by name. */
export function pageOfMachines(byName: readonly Machine[], query: OwnQuery): MachinePage {
  const { sort, after, limit } = query;
  const fitting = inOrder(
    byName.filter((machine) => fits(machine, query)),
    sort,
  );
  const begin = after === undefined ? 0 : placeBehind(fitting, after);
  const machines = fitting.slice(begin, begin + limit);
  const last = machines.at(-1);
  const isMore = last !== undefined && begin + limit < fitting.length;
  return { machines, next: isMore ? placeOf(last, sort) : undefined, total: fitting.length };
}

function fits(machine: Machine, { selector, text }: OwnQuery): boolean {
  return (
    (selector === undefined || isChosen(selector, machine.labels)) &&
    wordsOf(text).every((word) => holdsText(machine, word.toLowerCase()))
  );
}

function holdsText({ name, serial, assetTag, uuid, macs }: Machine, wanted: string): boolean {
  if ([name, serial, assetTag, uuid].some((own) => own?.toLowerCase().includes(wanted))) return true;
  // A MAC address may be written with any separator, or in part.
  const digits = wanted.replaceAll(/[:.-]/g, '');
  return /^[\da-f]+$/.test(digits) && macs.some((mac) => mac.replaceAll(':', '').includes(digits));
}

function inOrder(byName: readonly Machine[], sort: OwnSort): readonly Machine[] {
  switch (sort) {
    case 'name':
      return byName;
    case '-name':
      return byName.toReversed();
    case 'created':
      return byName.toSorted(compareTimes);
    case '-created':
      return byName.toSorted(compareTimes).toReversed();
    default:
      return sort satisfies never;
  }
}

type Placed = Pick<Machine, 'name' | 'createdAtMs'>;

function compareTimes(one: Placed, other: Placed): number {
  return one.createdAtMs - other.createdAtMs || compareNames(one, other);
}

function compareNames(one: Pick<Placed, 'name'>, other: Pick<Placed, 'name'>): number {
  if (one.name === other.name) return 0;
  return one.name < other.name ? -1 : 1;
}

function placeBehind(fitting: readonly Machine[], place: OwnPlace): number {
  const direction = place.sort.startsWith('-') ? -1 : 1;
  const compare = (machine: Machine): number =>
    'createdAtMs' in place ? compareTimes(machine, place) : compareNames(machine, place);
  const at = fitting.findIndex((machine) => direction * compare(machine) > 0);
  return at === -1 ? fitting.length : at;
}
