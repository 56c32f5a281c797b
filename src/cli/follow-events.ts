import type { WireEvent } from '../contract/events.ts';
import type { CliContext } from './cli-context.ts';
import type { ApiClient, EventWish } from './client.ts';
import { keepFollowing } from './keep-following.ts';

/**
 * Writes events as they happen until the terminal has enough. A lost connection is made again, and goes on behind
 * the last event that was written, so that none is missed and none comes twice.
 *
 * @param after begin behind this event.
 */
export async function followEvents(
  context: Pick<CliContext, 'terminal' | 'output'>,
  client: Pick<ApiClient, 'streamEvents'>,
  whose: EventWish,
  after: number,
  write: (event: WireEvent) => void,
): Promise<void> {
  let last = after;
  await keepFollowing(
    context,
    () => client.streamEvents(whose, last, context.terminal.enough),
    (event) => {
      write(event);
      last = event.id;
    },
  );
}
