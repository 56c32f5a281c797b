import { setTimeout as wait } from 'node:timers/promises';
import { RECONNECT_MS } from '../contract/events.ts';
import { CliFailure } from './cli-failure.ts';
import { EXIT } from './exit-codes.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

/**
 * Reads a stream of the server until the terminal has enough. A lost connection is made again, which is told once until
 * something comes again.
 *
 * @param open a stream that goes on behind the last thing that was taken.
 */
export async function keepFollowing<Thing>(
  {
    terminal,
    output,
  }: { readonly terminal: Pick<Terminal, 'enough'>; readonly output: Pick<Output, 'talk'> },
  open: () => AsyncIterable<Thing>,
  take: (thing: Thing) => void,
): Promise<void> {
  let told = false;
  while (!terminal.enough.aborted) {
    try {
      for await (const thing of open()) {
        take(thing);
        told = false;
      }
    } catch (error) {
      if (!(error instanceof CliFailure) || error.exitCode !== EXIT.unreachable) throw error;
    }
    if (terminal.enough.aborted) return;
    if (!told) output.talk('The connection to Muster is lost; trying again until it is back');
    told = true;
    await wait(RECONNECT_MS, undefined, { signal: terminal.enough }).catch(() => undefined);
  }
}
