import type { Finding, LintInput } from '../../core/answers/lint/finding.ts';
import type { TemplateJob, TemplateOutcome } from '../../core/answers/template-job.ts';

/** Work on answer files that a thread does: what others wrote decides how long it takes and how much memory. */
export interface AnswerWork {
  readonly render: { readonly job: TemplateJob; readonly outcome: TemplateOutcome };
  readonly lint: { readonly job: LintInput; readonly outcome: LintOutcome };
  readonly hash: { readonly job: HashJob; readonly outcome: HashOutcome };
}

export type WorkKind = keyof AnswerWork;

export interface HashJob {
  readonly password: string;
}

export type LintOutcome =
  | { readonly linted: true; readonly findings: readonly Finding[] }
  | { readonly linted: false; readonly because: string };

export type HashOutcome =
  | { readonly hashed: true; readonly hash: string }
  | { readonly hashed: false; readonly because: string };

/** One piece of it, as it goes to the thread. */
export type WorkMessage = {
  readonly [Kind in WorkKind]: { readonly kind: Kind; readonly job: AnswerWork[Kind]['job'] };
}[WorkKind];

export type WorkTidings =
  | { readonly is: 'ready' }
  | { readonly is: 'done'; readonly outcome: unknown }
  /** What it had to do is done, but it can do nothing more. */
  | { readonly is: 'broken'; readonly outcome: unknown };
