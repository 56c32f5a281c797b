import type { BenchStage } from './bench-stage.ts';
import type { MeasuredServer } from './measured-server.ts';

interface Named {
  readonly name: string;
}

/** A server that is compared with others, and started anew for each of its turns. */
export interface Contender extends Named {
  readonly start: () => Promise<MeasuredServer>;
}

export const MUSTER = 'muster';
/**
 * A run beside which the machine was busy with other things for a larger share is made again: every packet is dearer then
 * (32 TFTP clients took 7.1 s/GB beside 0.05, and 9.1 beside 0.21). What starts a load program of Node is some 0.05 of it
 * alone ...
 */
const DISTURBED_SHARE = 0.06;
/** ... up to so many tries in all, and the calmest of them counts. */
export const CALM_TRIES = 6;

interface TurnsWish<Outcome, Server extends Named> {
  readonly caseName: string;
  readonly contenders: readonly Server[];
  /** A target is about what this server took. */
  readonly isJudged: (name: string) => boolean;
  /** @param run from 1 on. */
  readonly measure: (contender: Server, run: number) => Promise<Outcome>;
  readonly describe: (outcome: Outcome) => string;
}

/**
 * Runs one case on every server, turn and turn about.
 *
 * @returns the outcomes of each, by its name.
 */
export async function takeTurns<Outcome extends { readonly elsewhere: number }, Server extends Named>(
  stage: BenchStage,
  { caseName, contenders, isJudged, measure, describe }: TurnsWish<Outcome, Server>,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const outcomes = new Map<string, Outcome[]>(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= stage.runs; run += 1) {
    for (const contender of contenders) {
      const { name } = contender;
      const tell = (outcome: Outcome): void =>
        stage.say(`  ${caseName} run ${run} ${name}: ${describe(outcome)}`);
      const tries = isJudged(name) ? CALM_TRIES : 1;
      const outcome = await calmest(tries, () => measure(contender, run), tell);
      stage.disturbed(outcome.elsewhere);
      outcomes.get(name)?.push(outcome);
    }
  }
  return outcomes;
}

/** For every server alike: what counts is how much the machine was disturbed, never what was measured. */
export async function calmest<Outcome extends { readonly elsewhere: number }>(
  tries: number,
  measureOnce: () => Promise<Outcome>,
  tell: (outcome: Outcome) => void,
  disturbedShare = DISTURBED_SHARE,
): Promise<Outcome> {
  let best = await measureOnce();
  tell(best);
  for (let at = 1; at < tries && best.elsewhere > disturbedShare; at += 1) {
    const next = await measureOnce();
    tell(next);
    if (next.elsewhere < best.elsewhere) best = next;
  }
  return best;
}
