import { noPlace, partsOfPlaceWord, placeWord } from '../../lib/place-word.ts';
import type { InstallState } from '../install/life.ts';
import type { Machine } from './machine.ts';
import type { Selector } from './selector.ts';

/** Orders in which machines are listed; with `-` the last comes first. */
export const MACHINE_SORTS = ['name', '-name', 'created', '-created'] as const;
export type MachineSort = (typeof MACHINE_SORTS)[number];

/**
 * The machine that a page ended with. The next begins behind what stands here, not behind so many rows: so none comes
 * twice and none is passed over when others are added or taken away meanwhile, or when this one is gone.
 */
export type MachinePlace =
  | { readonly sort: 'name' | '-name'; readonly name: string }
  | { readonly sort: 'created' | '-created'; readonly name: string; readonly createdAtMs: number };

export interface MachineQuery {
  /** Left out: all of them. One without terms chooses none. */
  readonly selector?: Selector;
  /** A part of its name, a MAC address, its serial number, asset tag or UUID, in letters of either size. */
  readonly text?: string;
  /** Of its newest install; `none`: it never had one. */
  readonly state?: InstallState | 'none';
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

/** A word that clients hand back as it is. */
export function formatPlace(place: MachinePlace): string {
  const parts =
    'createdAtMs' in place ? [place.sort, place.name, place.createdAtMs] : [place.sort, place.name];
  return placeWord(parts);
}

/** @throws SyntaxError for a word that `formatPlace` did not make for this order. */
export function parsePlace(text: string, sort: MachineSort): MachinePlace {
  const [itsSort, name, createdAtMs] = partsOfPlaceWord(text);
  if (itsSort !== sort)
    throw new SyntaxError(
      `"${text}" is not the next of a page in this order: send the one that came with it`,
    );
  if (typeof name === 'string' && (sort === 'name' || sort === '-name')) return { sort, name };
  if (typeof name === 'string' && Number.isSafeInteger(createdAtMs))
    return { sort: sort as 'created' | '-created', name, createdAtMs: createdAtMs as number };
  throw noPlace(text);
}

export function placeOf({ name, createdAtMs }: Machine, sort: MachineSort): MachinePlace {
  return sort === 'name' || sort === '-name' ? { sort, name } : { sort, name, createdAtMs };
}
