import type { Environment } from 'minijinja-js';
import { ignitionFrom } from './butane/ignition-from.ts';
import { applyFilter, FILTERS, type FilterName } from './filters.ts';
import { strictJob } from './strict-job.ts';
import { NEED_FILTER } from './strict-names.ts';
import { explainError, type RunAgain, UNSET } from './template-error.ts';
import {
  MAX_ANSWER_LENGTH,
  MAX_TEMPLATE_STEPS,
  type TemplateJob,
  type TemplateOutcome,
} from './template-job.ts';

/** Given by whoever runs it, since the engine's memory is theirs to limit. */
export type TemplateEngine = new () => Environment;

/** `.j2`, since the engine escapes for HTML and the like in templates of other names. Snippets have no ending. */
export const ANSWER_NAME = 'answer.j2';

/**
 * What a filter gives for a value it refuses. The engine cannot convert a symbol, so it stops with an error that
 * has the line. Throwing would do neither: it unwinds through the engine's memory and leaves it unusable.
 */
const REFUSED = Symbol('refused');

/** The text that comes of a template, or why there is none and where. */
export function runTemplate(given: TemplateJob, engine: TemplateEngine): TemplateOutcome {
  const strict = strictJob(given);
  const outcome = runStrict(strict.job, engine);
  if (!outcome.made) return { ...outcome, ...strict.asWritten(outcome) };
  return given.becomes === 'ignition' ? ignitionFrom(outcome.text, given.name) : outcome;
}

function runStrict(job: TemplateJob, engine: TemplateEngine): TemplateOutcome {
  const first = runOnce(job.source, job, engine);
  if (first.ran) {
    if (first.text.length <= MAX_ANSWER_LENGTH) return { made: true, text: first.text };
    return {
      made: false,
      because: `${job.name} made ${first.text.length} characters, and ${MAX_ANSWER_LENGTH} are the most`,
    };
  }
  if (first.panic) {
    return { made: false, because: `${job.name} took more memory than a render may have`, engine: 'broken' };
  }
  const again: RunAgain = (source) => {
    const run = runOnce(source, job, engine);
    return run.ran || run.panic ? undefined : run;
  };
  return { made: false, ...explainError(first, job, again) };
}

type Ran =
  | { readonly ran: true; readonly text: string }
  | { readonly ran: false; readonly panic: boolean; readonly message: string; readonly refusal?: string };

/** An environment for each run, which takes 50 us: nothing that one template did or broke reaches the next. */
function runOnce(source: string, { snippets, values }: TemplateJob, engine: TemplateEngine): Ran {
  const environment = new engine();
  const refusals: string[] = [];
  try {
    configure(environment, refusals);
    for (const [name, text] of Object.entries(snippets)) environment.addTemplate(name, text);
    return { ran: true, text: environment.renderNamedStr(ANSWER_NAME, source, values) };
  } catch (error) {
    const [refusal] = refusals;
    return {
      ran: false,
      // A panic of the engine traps in its code; all else it tells in words.
      panic: error instanceof Error && error.name === 'RuntimeError',
      message: String(error instanceof Error ? error.message : error),
      ...(refusal === undefined ? {} : { refusal }),
    };
  } finally {
    release(environment);
  }
}

function configure(environment: Environment, refusals: string[]): void {
  environment.undefinedBehavior = 'strict';
  environment.fuel = MAX_TEMPLATE_STEPS;
  environment.trimBlocks = true;
  environment.lstripBlocks = true;
  environment.keepTrailingNewline = true;
  // Its errors show where something is wrong. They also show values, secrets too: `explainError` takes only the place.
  environment.debug = true;
  // It prints everything the template was given, secrets included, into the answer file.
  environment.removeGlobal('debug');
  environment.addFilter(NEED_FILTER, (value: unknown, name: unknown) => {
    if (value !== undefined && value !== null) return value;
    refusals.push(`${UNSET}${String(name)}`);
    return REFUSED;
  });
  for (const name of Object.keys(FILTERS) as readonly FilterName[]) {
    environment.addFilter(name, (value: unknown) => {
      const quoted = applyFilter(name, value);
      if (quoted.quoted) return quoted.text;
      refusals.push(
        name === 'refuse' ? quoted.because : `"| ${name}" cannot take this value: ${quoted.because}`,
      );
      return REFUSED;
    });
  }
}

/** After a panic the engine still holds the environment and refuses to give it back; it is left to itself then. */
function release(environment: Environment): void {
  try {
    environment.free();
  } catch {
    return;
  }
}
