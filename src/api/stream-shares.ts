import type { ServerResponse } from 'node:http';
import type { Asker } from '../core/people/asker.ts';
import { ApiProblem } from './problems.ts';

/** Streams that one user has open at most, of events and of logs together: more windows than anybody looks at. */
export const MAX_STREAMS_OF_USER = 24;

/** So that no user, however little they may, keeps the streams of all others closed. */
export class StreamShares {
  readonly #open = new Map<string, number>();

  /** Until the answer ends. @throws ApiProblem */
  take(asker: Asker | undefined, response: ServerResponse): void {
    // Where nobody logs in, everybody is one; and this computer's own commands are whoever runs Muster.
    if (asker?.by !== 'session' && asker?.by !== 'token') return;
    const { who } = asker;
    const count = this.#open.get(who) ?? 0;
    if (count >= MAX_STREAMS_OF_USER)
      throw new ApiProblem('busy', `${who} has ${MAX_STREAMS_OF_USER} streams open, and no more: close one`);
    this.#open.set(who, count + 1);
    response.once('close', () => this.#leave(who));
  }

  #leave(who: string): void {
    const left = (this.#open.get(who) ?? 1) - 1;
    if (left === 0) this.#open.delete(who);
    else this.#open.set(who, left);
  }
}
