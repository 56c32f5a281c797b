import { CommanderError } from 'commander';
import { CliFailure } from './cli-failure.ts';
import { createProgram } from './create-program.ts';
import { EXIT } from './exit-codes.ts';
import type { LocalCommands } from './local-commands.ts';
import { printable } from './printable.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export interface CliRun {
  /** What comes after the program's name. */
  readonly words: readonly string[];
  readonly version: string;
  readonly terminal?: Terminal;
}

/** Runs one command line to its end and gives its exit code; whatever goes wrong is one line on standard error. */
export async function runCli(local: LocalCommands, run: CliRun): Promise<number> {
  const terminal = run.terminal ?? processTerminal();
  let exitCode: number = EXIT.ok;
  const program = createProgram(local, {
    version: run.version,
    terminal,
    ended: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(run.words, { from: 'user' });
    return exitCode;
  } catch (error) {
    return codeOf(error, terminal);
  }
}

function codeOf(error: unknown, terminal: Terminal): number {
  // Commander has said it already; its own code for a line that cannot be understood is 1.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliFailure) {
    for (const line of error.message.split('\n')) terminal.err(`muster: ${printable(line)}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`muster: this is a mistake of Muster's own:\n${text}\n`);
  return EXIT.failed;
}
