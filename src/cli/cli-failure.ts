import { EXIT, type ExitName } from './exit-codes.ts';

/** Ends the command with this exit code and this one line on standard error. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;

  constructor(exit: ExitName, message: string) {
    super(message);
    this.exitCode = EXIT[exit];
  }
}
