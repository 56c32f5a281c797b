import { setTimeout as wait } from 'node:timers/promises';
import { RECONNECT_MS, type WireEvent } from '../contract/events.ts';
import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';
import type { ApiClient } from './client.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Writes events as they happen until the terminal has enough. A lost connection is made again, and goes on behind
 * the last event that was written, so that none is missed and none comes twice.
 *
 * @param after begin behind this event.
 */
export async function followEvents(
  { terminal, output }: Pick<CliContext, 'terminal' | 'output'>,
  client: Pick<ApiClient, 'streamEvents'>,
  whose: { readonly machine?: string },
  after: number,
  write: (event: WireEvent) => void,
): Promise<void> {
  let last = after;
  let told = false;
  while (!terminal.enough.aborted) {
    try {
      for await (const event of client.streamEvents(whose, last, terminal.enough)) {
        write(event);
        last = event.id;
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
