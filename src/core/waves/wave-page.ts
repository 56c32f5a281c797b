import { noPlace, partsOfPlaceWord, placeWord } from '../../lib/place-word.ts';
import type { Wave, WaveState, WaveWithMembers } from './wave.ts';

/** The wave that a page ended with: the next begins behind what stands here, also when it is forgotten meanwhile. */
export type WavePlace = Pick<Wave, 'name' | 'createdAtMs'>;

export interface WaveQuery {
  readonly state?: WaveState;
  readonly after?: WavePlace;
  readonly limit: number;
}

export interface WavePage {
  readonly waves: readonly WaveWithMembers[];
  /** Undefined at the end. */
  readonly next: WavePlace | undefined;
}

export function formatWavePlace({ createdAtMs, name }: WavePlace): string {
  return placeWord([createdAtMs, name]);
}

/** @throws SyntaxError for a word that `formatWavePlace` did not make. */
export function parseWavePlace(word: string): WavePlace {
  const [createdAtMs, name] = partsOfPlaceWord(word);
  if (typeof name === 'string' && typeof createdAtMs === 'number' && Number.isSafeInteger(createdAtMs))
    return { createdAtMs, name };
  throw noPlace(word);
}
