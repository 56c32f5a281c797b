import { setTimeout as wait } from 'node:timers/promises';
import { runCli } from '../run-cli.ts';
import type { Terminal } from '../terminal.ts';
import { capturedTerminal, NO_LOCAL_COMMANDS } from './captured-terminal.ts';

const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 15_000;

export interface RunningCommand {
  readonly written: { readonly out: string; readonly err: string };
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** Ctrl-C. @returns its exit code */
  readonly stop: () => Promise<number>;
}

/** A command that runs until it is told to stop. */
export function startCommand(words: readonly string[], change: Partial<Terminal>): RunningCommand {
  const enough = new AbortController();
  const { terminal, written } = capturedTerminal({ enough: enough.signal, ...change });
  const ended = runCli(NO_LOCAL_COMMANDS, { words, version: '1', terminal });
  return {
    written,
    ended,
    stop: async () => {
      enough.abort();
      return await ended;
    },
  };
}

/** @throws Error where it does not come. */
export async function until(fits: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!fits()) {
    if (Date.now() > end) throw new Error('It did not happen within 15 s');
    await wait(LOOK_EVERY_MS);
  }
}
