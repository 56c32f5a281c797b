import { setTimeout as sleep } from 'node:timers/promises';
import type { CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';
import { percentOf, progressBar, progressText, type WireArrival } from './arrival-text.ts';

const LOOK_EVERY_MS = 500;
/** Where it is no terminal, a line is written whenever so much has come. */
const LINE_EVERY_PERCENT = 10;
/** Back to the beginning of the line, which is emptied (ECMA-48 EL). */
const OVER_AGAIN = '\r\x1b[K';

/** Shows how far a disc image is: a bar on a terminal, a line now and then elsewhere. */
export class ArrivalProgress {
  readonly #context: CliContext;
  #toldPercent = 0;

  constructor(context: CliContext) {
    this.#context = context;
  }

  draw(arrival: WireArrival): void {
    const { terminal, output } = this.#context;
    if (output.choices.quiet) return;
    if (terminal.outIsTerminal) {
      terminal.err(`${OVER_AGAIN}${progressBar(arrival, terminal.columns ?? 80)}`);
      return;
    }
    const percent = arrival.bytes === undefined ? 0 : percentOf(arrival.here, arrival.bytes);
    if (percent - this.#toldPercent < LINE_EVERY_PERCENT) return;
    this.#toldPercent = percent;
    output.talk(`${arrival.name}: ${progressText(arrival)}`);
  }

  /** Undefined where somebody had enough; it goes on without. @throws CliFailure where it does not get here. */
  async toItsEnd(api: ApiClient, name: string): Promise<WireArrival | undefined> {
    const { terminal, output } = this.#context;
    for (;;) {
      const arrival = await api.call('getArrival', { params: { name } });
      this.draw(arrival);
      if (arrival.state !== 'under way') this.#endLine();
      if (arrival.state === 'arrived') return arrival;
      if (arrival.state === 'failed')
        throw new CliFailure('failed', `${name} does not get here: ${arrival.because ?? 'nobody knows why'}`);
      if (!terminal.enough.aborted)
        await sleep(LOOK_EVERY_MS, undefined, { signal: terminal.enough }).catch(() => undefined);
      if (!terminal.enough.aborted) continue;
      this.#endLine();
      output.talk(
        `${name} goes on without you: muster image ls tells how far it is, muster image rm ends it`,
      );
      return undefined;
    }
  }

  #endLine(): void {
    const { terminal, output } = this.#context;
    if (terminal.outIsTerminal && !output.choices.quiet) terminal.err('\n');
  }
}
