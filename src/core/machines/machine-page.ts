import { noPlace, partsOfPlaceWord, placeWord } from '../../lib/place-word.ts';
import { INSTALL_STATES, type InstallState } from '../install/life.ts';
import type { Machine } from './machine.ts';
import type { Selector } from './selector.ts';

/** Orders in which machines are listed; with `-` the last comes first. */
export const MACHINE_SORTS = ['name', '-name', 'created', '-created', 'state', '-state'] as const;
export type MachineSort = (typeof MACHINE_SORTS)[number];

/**
 * The machine that a page ended with. The next begins behind what stands here, not behind so many rows: so none comes
 * twice and none is passed over when others are added or taken away meanwhile, or when this one is gone.
 */
export type MachinePlace =
  | { readonly sort: 'name' | '-name'; readonly name: string }
  | { readonly sort: 'created' | '-created'; readonly name: string; readonly createdAtMs: number }
  | { readonly sort: 'state' | '-state'; readonly name: string; readonly state: NewestState };

/** Of the newest install of a machine; `none`: it never had one. */
export type NewestState = InstallState | 'none';

const NEWEST_STATES: readonly NewestState[] = [...INSTALL_STATES, 'none'];

export interface MachineQuery {
  /** Left out: all of them. One without terms chooses none. */
  readonly selector?: Selector;
  /** Words, each a part of its name, a MAC address, its serial number, asset tag or UUID, in letters of either size. */
  readonly text?: string;
  readonly state?: NewestState;
  readonly sort: MachineSort;
  readonly after?: MachinePlace;
  readonly limit: number;
}

export interface MachinePage {
  readonly machines: readonly Machine[];
  /** Undefined at the end. */
  readonly next: MachinePlace | undefined;
  /** So many fit, on whichever page. */
  readonly total: number;
}

/** Of what is searched; each must be found. */
export function wordsOf(text = ''): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** A word that clients hand back as it is. */
export function formatPlace(place: MachinePlace): string {
  const { sort, name } = place;
  const parts = [
    sort,
    name,
    ...('createdAtMs' in place ? [place.createdAtMs] : []),
    ...('state' in place ? [place.state] : []),
  ];
  return placeWord(parts);
}

/** @throws SyntaxError for a word that `formatPlace` did not make for this order. */
export function parsePlace(text: string, sort: MachineSort): MachinePlace {
  const [itsSort, name, more] = partsOfPlaceWord(text);
  if (itsSort !== sort)
    throw new SyntaxError(
      `"${text}" is not the next of a page in this order: send the one that came with it`,
    );
  const place = typeof name === 'string' ? placeFrom(sort, name, more) : undefined;
  if (place) return place;
  throw noPlace(text);
}

function placeFrom(sort: MachineSort, name: string, more: unknown): MachinePlace | undefined {
  switch (sort) {
    case 'name':
    case '-name':
      return { sort, name };
    case 'created':
    case '-created':
      return typeof more === 'number' && Number.isSafeInteger(more)
        ? { sort, name, createdAtMs: more }
        : undefined;
    case 'state':
    case '-state': {
      const state = NEWEST_STATES.find((one) => one === more);
      return state && { sort, name, state };
    }
    default:
      return sort satisfies never;
  }
}

/** @param state of its newest install. */
export function placeOf(
  { name, createdAtMs }: Machine,
  sort: MachineSort,
  state: NewestState = 'none',
): MachinePlace {
  switch (sort) {
    case 'name':
    case '-name':
      return { sort, name };
    case 'created':
    case '-created':
      return { sort, name, createdAtMs };
    case 'state':
    case '-state':
      return { sort, name, state };
    default:
      return sort satisfies never;
  }
}
