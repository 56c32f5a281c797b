import type { ProblemType } from '../contract/problem.ts';
import { EXIT, type ExitName } from './exit-codes.ts';

/** Ends the command with this exit code and this one line on standard error. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  /** What kind of no the server said, where it was one. */
  readonly problem: ProblemType | undefined;

  constructor(exit: ExitName, message: string, problem?: ProblemType) {
    super(message);
    this.exitCode = EXIT[exit];
    this.problem = problem;
  }
}
