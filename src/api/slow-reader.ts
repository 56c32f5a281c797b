import type { ServerResponse } from 'node:http';

/** A reader of a stream that takes nothing for so long is cut off; it comes back and misses nothing. */
export const SLOW_READER_MS = 20_000;

/** Waits until the reader has taken what was written, and cuts off one that does not. */
export async function drained(response: ServerResponse, slowReaderMs = SLOW_READER_MS): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(patience);
      response.off('drain', finish).off('close', finish);
      resolve();
    };
    const patience = setTimeout(() => response.destroy(), slowReaderMs);
    response.on('drain', finish).on('close', finish);
  });
}
