import { setTimeout as sleep } from 'node:timers/promises';
import type { Downloaded } from './download.ts';

/** Tries in a row that bring nothing. */
const MAX_TRIES = 6;
/** Before the second try; doubled for each further one that brings nothing. */
const RETRY_MS = 1_000;

export interface TriesWish {
  readonly tryOnce: () => Promise<Downloaded>;
  /** Bytes that are here. */
  readonly here: () => number;
  readonly stop: AbortSignal;
  /** For tests; `RETRY_MS` else. */
  readonly retryMs?: number | undefined;
}

/** Tries again as long as it may help; a try that brought something counts as the first. */
export async function downloadWithTries(wish: TriesWish): Promise<Downloaded> {
  const { tryOnce, here, stop, retryMs = RETRY_MS } = wish;
  let pauseMs = retryMs;
  let left = MAX_TRIES;
  for (;;) {
    const before = here();
    const last = await tryOnce();
    left -= 1;
    if (here() > before) {
      left = MAX_TRIES - 1;
      pauseMs = retryMs;
    }
    if (last.done || !last.again || left <= 0 || stop.aborted) return last;
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    pauseMs *= 2;
  }
}
