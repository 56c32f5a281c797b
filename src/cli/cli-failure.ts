import type { ProblemType } from '../contract/problem.ts';
import type { Issue } from '../contract/issues.ts';
import { EXIT, type ExitName } from './exit-codes.ts';

/** Ends the command with this exit code and this one line on standard error. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  readonly #exit: ExitName;
  /** What kind of no the server said, where it was one. */
  readonly problem: ProblemType | undefined;
  /** What the server says of each part of what was asked, where it says that. */
  readonly issues: readonly Issue[];

  constructor(exit: ExitName, message: string, problem?: ProblemType, issues: readonly Issue[] = []) {
    super(message);
    this.#exit = exit;
    this.exitCode = EXIT[exit];
    this.problem = problem;
    this.issues = issues;
  }

  /** The same, with what to type next behind it. */
  saying(advice: string): CliFailure {
    return new CliFailure(this.#exit, `${this.message}. ${advice}`, this.problem, this.issues);
  }
}
