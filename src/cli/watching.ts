import { setTimeout as wait } from 'node:timers/promises';
import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';
import { EXIT } from './exit-codes.ts';
import { keepFollowing } from './keep-following.ts';
import { Frames } from './frames.ts';
import { RememberedAnswers } from './remembered-answers.ts';

/** Drawn five times a second at most, however much happens. */
const DRAW_EVERY_MS = 200;
/** A terminal shows how time passes. */
const SECOND_MS = 1_000;
/** A few things change without an event, as a lease that is over; they are seen after so long. */
const ASK_AGAIN_MS = 10_000;

/**
 * Shows something again whenever something happened, until somebody has enough. The stream of the server says when to
 * ask; on a terminal what was answered is drawn anew each second, so that ages and the time that is left go on.
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
  const picture = new Picture(context, draw);
  const bell = new Bell();
  // Events from before the first frame do no harm, and those after it are not missed.
  const { items } = await client.call('listEvents', { query: { limit: 1 } });
  let last = items.at(-1)?.id ?? 0;
  await picture.ask();
  const over = new AbortController();
  const enough = AbortSignal.any([stop, over.signal]);
  const talk = (sentence: string): void => picture.frames.below(() => context.output.talk(sentence));
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
      const rang = await Promise.race([bell.heard(picture.passesMs), following]);
      if (enough.aborted) break;
      await (rang === true ? picture.askAgain() : picture.letPass());
      await wait(DRAW_EVERY_MS, undefined, { signal: enough }).catch(() => undefined);
    }
  } finally {
    over.abort();
    bell.ring();
    picture.frames.end();
    // What it failed with was thrown above.
    await following.catch(() => undefined);
  }
}

/** What is shown, by answers that are kept until there are others. */
class Picture {
  readonly frames: Frames;
  /** How long it is true without an event; undefined: where no terminal is, only what happened is told. */
  readonly passesMs: number | undefined;
  readonly #context: CliContext;
  readonly #draw: (context: CliContext) => Promise<void>;
  #answers = new RememberedAnswers();
  #askedAtMs = 0;

  constructor(context: CliContext, draw: (context: CliContext) => Promise<void>) {
    const { terminal, output } = context;
    this.#context = context;
    this.#draw = draw;
    this.frames = new Frames(terminal, output.choices.format);
    this.passesMs = terminal.outIsTerminal ? SECOND_MS : undefined;
  }

  async ask(when: 'always' | 'where it differs' = 'always'): Promise<void> {
    this.#askedAtMs = performance.now();
    const answers = new RememberedAnswers();
    await this.#show(answers, when);
    this.#answers = answers;
  }

  /** A server that is away for a moment leaves the last frame; the stream says when it is back. */
  async askAgain(): Promise<void> {
    await this.ask().catch(unlessAway);
  }

  /** Nothing happened, but time passed. */
  async letPass(): Promise<void> {
    const isDue = performance.now() - this.#askedAtMs >= ASK_AGAIN_MS;
    const drawn = isDue ? this.ask('where it differs') : this.#show(this.#answers, 'where it differs');
    await drawn.catch(unlessAway);
  }

  async #show(answers: RememberedAnswers, when: 'always' | 'where it differs'): Promise<void> {
    const frame = this.frames.next();
    await this.#draw(this.#context.on(frame.terminal, answers));
    frame.show(when);
  }
}

function unlessAway(error: unknown): void {
  if (!(error instanceof CliFailure) || error.exitCode !== EXIT.unreachable) throw error;
}

/** Rings once for all who rang while nobody listened. */
class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** @returns whether it rang within this time. */
  async heard(withinMs: number | undefined): Promise<boolean> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const rang = this.#rung;
    this.#rung = false;
    this.#wake = undefined;
    return rang;
  }
}
