import { setTimeout as sleep } from 'node:timers/promises';
import type { CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { ProgressLine } from '../progress/progress-line.ts';
import { percentOf, progressBar, progressText, type WireArrival } from './arrival-text.ts';

const LOOK_EVERY_MS = 500;

/** Shows how far a disc image is: a bar on a terminal, a line now and then elsewhere. */
export class ArrivalProgress {
  readonly #context: CliContext;
  readonly #line: ProgressLine;

  constructor(context: CliContext) {
    this.#context = context;
    this.#line = new ProgressLine(context);
  }

  draw(arrival: WireArrival): void {
    const { name, here, bytes } = arrival;
    this.#line.draw({
      bar: progressBar(arrival),
      text: `${name}: ${progressText(arrival)}`,
      ...(bytes === undefined ? {} : { percent: percentOf(here, bytes) }),
    });
  }

  /** Undefined where somebody had enough; it goes on without. @throws CliFailure where it does not get here. */
  async toItsEnd(api: ApiClient, name: string): Promise<WireArrival | undefined> {
    const { terminal, output } = this.#context;
    for (;;) {
      const arrival = await api.call('getArrival', { params: { name } });
      if (arrival.state === 'under way') this.draw(arrival);
      // Its bytes are in their place, and no more among those on their way.
      if (arrival.state === 'arrived' && arrival.bytes !== undefined)
        this.draw({ ...arrival, here: arrival.bytes });
      if (arrival.state !== 'under way') this.#line.end();
      if (arrival.state === 'arrived') return arrival;
      if (arrival.state === 'failed')
        throw new CliFailure('failed', `${name} does not get here: ${arrival.because ?? 'nobody knows why'}`);
      if (!terminal.enough.aborted)
        await sleep(LOOK_EVERY_MS, undefined, { signal: terminal.enough }).catch(() => undefined);
      if (!terminal.enough.aborted) continue;
      this.#line.end();
      output.talk(
        `${name} goes on without you: muster image ls tells how far it is, muster image rm ends it`,
      );
      return undefined;
    }
  }
}
