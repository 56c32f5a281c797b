import { setTimeout as wait } from 'node:timers/promises';
import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';
import { EXIT } from './exit-codes.ts';
import { keepFollowing } from './keep-following.ts';
import { Frames } from './frames.ts';

/** Drawn five times a second at most, however much happens. */
const DRAW_EVERY_MS = 200;

/**
 * Shows something again whenever something happened, until somebody has enough. Nothing is asked again without an event:
 * the stream of the server says when.
 *
 * @param draw shows it once, in a context whose terminal is the frame.
 */
export async function watching(
  context: CliContext,
  draw: (context: CliContext) => Promise<void>,
): Promise<void> {
  const { terminal } = context;
  // From here on Ctrl-C is the end of it, also before the first frame.
  const { enough: stop } = terminal;
  const client = await context.client();
  const frames = new Frames(terminal, context.output.choices.format);
  const bell = new Bell();
  // Events from before the first frame do no harm, and those after it are not missed.
  const { items } = await client.call('listEvents', { query: { limit: 1 } });
  let last = items.at(-1)?.id ?? 0;
  await drawFrame(context, frames, draw);
  const over = new AbortController();
  const enough = AbortSignal.any([stop, over.signal]);
  const talk = (sentence: string): void => frames.below(() => context.output.talk(sentence));
  const following = keepFollowing(
    { terminal: { enough }, output: { talk } },
    () => client.streamEvents({}, last, enough),
    ({ id }) => {
      last = id;
      bell.ring();
    },
  );
  try {
    while (!enough.aborted) {
      await Promise.race([bell.heard(), following]);
      if (enough.aborted) break;
      await drawAgain(context, frames, draw);
      await wait(DRAW_EVERY_MS, undefined, { signal: enough }).catch(() => undefined);
    }
  } finally {
    over.abort();
    frames.end();
    // What it failed with was thrown above.
    await following.catch(() => undefined);
  }
}

/** A server that is away for a moment leaves the last frame; the stream says when it is back. */
async function drawAgain(
  context: CliContext,
  frames: Frames,
  draw: (context: CliContext) => Promise<void>,
): Promise<void> {
  try {
    await drawFrame(context, frames, draw);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.exitCode !== EXIT.unreachable) throw error;
  }
}

async function drawFrame(
  context: CliContext,
  frames: Frames,
  draw: (context: CliContext) => Promise<void>,
): Promise<void> {
  const frame = frames.next();
  await draw(context.on(frame.terminal));
  frame.show();
}

/** Rings once for all who rang while nobody listened. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async heard(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#rung = false;
    this.#wake = undefined;
  }
}
