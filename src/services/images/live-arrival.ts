import type { Arrival } from '../../core/images/arrival.ts';
import type { ArrivalRate } from './arrival-rate.ts';
import type { ArrivalShown } from './arrival-records.ts';
import type { PartFile } from './part-file.ts';

/** One disc image on its way, while something is done to it. */
export interface LiveArrival {
  arrival: Arrival;
  /** Absolute: where the file goes. */
  readonly place: string;
  readonly part: PartFile;
  readonly rate: ArrivalRate;
  readonly stop: AbortController;
  /** What is being done to it; the next waits for it. */
  work: Promise<unknown>;
}

export function shownLive({ arrival, part, rate }: LiveArrival): ArrivalShown {
  const bytesPerSecond = rate.now(part.bytes);
  return {
    arrival,
    state: 'under way',
    here: part.bytes,
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
}

/** Why a piece of an upload cannot be taken now; undefined where it can. @param offset in the whole file, in bytes. */
export function objectionToPiece(
  { part, arrival, stop }: LiveArrival,
  offset: number,
  length: number,
): string | undefined {
  const { bytes: whole = 0, name } = arrival;
  if (stop.signal.aborted) return `upload "${name}" was ended`;
  if (offset !== part.bytes) return `${part.bytes} bytes are here, and the piece is from ${offset} on`;
  if (offset + length > whole) return `the file was said to have ${whole} bytes, and this is more`;
  return undefined;
}
