import { type LadderStep, STEP_SECONDS } from './perfdhcp.ts';

/** Exchanges a second, tried from low to high. */
export const LADDER_RATES: readonly number[] = [
  250, 500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 12_000, 14_000, 16_000,
];
export const QUICK_RATES: readonly number[] = [250, 1000, 2000, 4000, 6000, 8000, 10_000];

/** The load program may begin a little less than it was asked for; with less than this share it was its own limit. */
const REACHED_SHARE = 0.95;
/** Of one rate. */
const MAX_TRIES = 3;

export type StepVerdict =
  | { readonly is: 'clean' }
  | { readonly is: 'lost'; readonly because: string }
  | { readonly is: 'not reached'; readonly because: string };

/** Clean is a step in which every message was answered. */
export function judgeStep({ offeredRate, discovers, offers, requests, acks }: LadderStep): StepVerdict {
  const lost = discovers - offers + (requests - acks);
  if (lost > 0)
    return { is: 'lost', because: `${lost} of ${discovers + requests} messages were not answered` };
  const wanted = offeredRate * STEP_SECONDS;
  if (discovers < wanted * REACHED_SHARE)
    return { is: 'not reached', because: `the load program began ${discovers} of ${wanted} exchanges` };
  return { is: 'clean' };
}

/** One server's way up the ladder. */
export class Climb {
  readonly #rates: readonly number[];
  #rung = 0;
  #tries = 0;
  #clean = 0;
  #because: string | undefined;

  constructor(rates: readonly number[]) {
    this.#rates = rates;
  }

  /** What to try next; undefined at the end of the ladder, or of the climb. */
  get next(): number | undefined {
    return this.#because === undefined ? this.#rates[this.#rung] : undefined;
  }

  /** The highest rate without a loss, below the first that had losses. */
  get clean(): number {
    return this.#clean;
  }

  /** Why it went no further; undefined at the top. */
  get because(): string | undefined {
    return this.#because;
  }

  /** A loss is tried again, since a machine that does something else for a moment loses packets too. */
  tried(step: LadderStep): StepVerdict {
    const verdict = judgeStep(step);
    this.#tries += 1;
    if (verdict.is === 'clean') {
      this.#clean = step.offeredRate;
      this.#rung += 1;
      this.#tries = 0;
    } else if (this.#tries === MAX_TRIES) this.#because = `at ${step.offeredRate}/s ${verdict.because}`;
    return verdict;
  }
}
