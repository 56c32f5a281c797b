import {
  type MachinePage,
  type MachinePlace,
  type MachineQuery,
  type MachineSort,
  placeOf,
} from './machine-page.ts';
import type { Machine } from './machine.ts';
import { isChosen } from './selector.ts';

/** What is asked of machines themselves; what their installs say, they do not know. */
export type OwnQuery = Omit<MachineQuery, 'state'>;

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
    (text === undefined || text === '' || holdsText(machine, text.toLowerCase()))
  );
}

function holdsText({ name, serial, assetTag, uuid, macs }: Machine, wanted: string): boolean {
  if ([name, serial, assetTag, uuid].some((own) => own?.toLowerCase().includes(wanted))) return true;
  // A MAC address may be written with any separator, or in part.
  const digits = wanted.replaceAll(/[:.-]/g, '');
  return /^[\da-f]+$/.test(digits) && macs.some((mac) => mac.replaceAll(':', '').includes(digits));
}

function inOrder(byName: readonly Machine[], sort: MachineSort): readonly Machine[] {
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

function placeBehind(fitting: readonly Machine[], place: MachinePlace): number {
  const direction = place.sort.startsWith('-') ? -1 : 1;
  const compare = (machine: Machine): number =>
    'createdAtMs' in place ? compareTimes(machine, place) : compareNames(machine, place);
  const at = fitting.findIndex((machine) => direction * compare(machine) > 0);
  return at === -1 ? fitting.length : at;
}
