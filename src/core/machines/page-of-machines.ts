import {
  type MachinePage,
  type MachinePlace,
  type MachineQuery,
  type MachineSort,
  type NewestState,
  placeOf,
  wordsOf,
} from './machine-page.ts';
import type { Machine } from './machine.ts';
import { isChosen } from './selector.ts';

/** Of the newest install of a machine. */
type StateOf = (machine: Machine) => NewestState;

/**
 * One page of machines that are all at hand.
 *
 * @param byName all of them, by name, byte by byte.
 */
export function pageOfMachines(
  byName: readonly Machine[],
  query: MachineQuery,
  stateOf: StateOf,
): MachinePage {
  const { sort, after, limit } = query;
  // Without a condition all of them fit, and none is looked at.
  const fitting = conditionsOf(query, stateOf).reduce((some, fits) => some.filter(fits), byName);
  const sorted = inOrder(fitting, sort, stateOf);
  const begin = after === undefined ? 0 : placeBehind(sorted, after, stateOf);
  const machines = sorted.slice(begin, begin + limit);
  const last = machines.at(-1);
  const isMore = last !== undefined && begin + limit < sorted.length;
  return {
    machines,
    next: isMore ? placeOf(last, sort, stateOf(last)) : undefined,
    total: sorted.length,
  };
}

/** Each holds for a machine that fits; what they look for is read from the query once, not for every machine. */
function conditionsOf(
  { selector, text, state }: MachineQuery,
  stateOf: StateOf,
): readonly ((machine: Machine) => boolean)[] {
  return [
    ...(state === undefined ? [] : [(machine: Machine) => stateOf(machine) === state]),
    ...(selector === undefined ? [] : [({ labels }: Machine) => isChosen(selector, labels)]),
    ...wordsOf(text).map((word) => holdsText(word.toLowerCase())),
  ];
}

function holdsText(wanted: string): (machine: Machine) => boolean {
  // A MAC address may be written with any separator, or in part.
  const digits = wanted.replaceAll(/[:.-]/g, '');
  const mayBeMac = /^[\da-f]+$/.test(digits);
  return ({ name, serial, assetTag, uuid, macs }) =>
    holds(name, wanted) ||
    holds(serial, wanted) ||
    holds(assetTag, wanted) ||
    holds(uuid, wanted) ||
    (mayBeMac && macs.some((mac) => mac.replaceAll(':', '').includes(digits)));
}

function holds(own: string | undefined, wanted: string): boolean {
  return own !== undefined && own.toLowerCase().includes(wanted);
}

function inOrder(byName: readonly Machine[], sort: MachineSort, stateOf: StateOf): readonly Machine[] {
  switch (sort) {
    case 'name':
      return byName;
    case '-name':
      return byName.toReversed();
    case 'created':
      return byName.toSorted(compareTimes);
    case '-created':
      return byName.toSorted(compareTimes).toReversed();
    case 'state':
      return byState(byName, stateOf);
    case '-state':
      return byState(byName, stateOf).toReversed();
    default:
      return sort satisfies never;
  }
}

/** Those of one state stay by name. */
function byState(byName: readonly Machine[], stateOf: StateOf): readonly Machine[] {
  return byName.toSorted((one, other) => compareTexts(stateOf(one), stateOf(other)));
}

type Placed = Pick<Machine, 'name' | 'createdAtMs'>;

function compareTimes(one: Placed, other: Placed): number {
  return one.createdAtMs - other.createdAtMs || compareTexts(one.name, other.name);
}

/** Byte by byte, as names are in order. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function placeBehind(sorted: readonly Machine[], place: MachinePlace, stateOf: StateOf): number {
  const direction = place.sort.startsWith('-') ? -1 : 1;
  const compare = (machine: Machine): number => {
    if ('createdAtMs' in place) return compareTimes(machine, place);
    const byName = compareTexts(machine.name, place.name);
    return 'state' in place ? compareTexts(stateOf(machine), place.state) || byName : byName;
  };
  const at = sorted.findIndex((machine) => direction * compare(machine) > 0);
  return at === -1 ? sorted.length : at;
}
