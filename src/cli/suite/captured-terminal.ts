import type { LocalCommands } from '../local-commands.ts';
import { runCli } from '../run-cli.ts';
import type { Terminal } from '../terminal.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** No local command is expected where none is given. */
export const NO_LOCAL_COMMANDS: LocalCommands = {
  up: refuse,
  demo: refuse,
  configShow: refuse,
  configCheck: refuse,
  localDoor: async () => undefined,
  loadersInstall: refuse,
  setupFacts: refuse,
  otherServers: refuse,
  siteAtStart: async () => undefined,
};

function refuse(): Promise<never> {
  throw new Error('A local command was run');
}

/** A terminal that keeps what is written, with nobody at it unless told. */
export function capturedTerminal(change: Partial<Terminal> = {}): {
  readonly terminal: Terminal;
  readonly written: { out: string; err: string };
} {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    outBytes: async (bytes) => {
      written.out += Buffer.from(bytes).toString('latin1');
    },
    err: (text) => {
      written.err += text;
    },
    outIsTerminal: false,
    inIsTerminal: false,
    columns: undefined,
    rows: undefined,
    environment: {},
    workingFolder: '/',
    nowMs: () => Date.UTC(2026, 10, 23, 13),
    ask: () => Promise.reject(new Error('Nobody is there to ask')),
    askSecret: () => Promise.reject(new Error('Nobody is there to ask')),
    readInput: () => Promise.resolve(''),
    gone: new AbortController().signal,
    enough: new AbortController().signal,
    ...change,
  };
  return { terminal, written };
}

/** Runs one command line to its end. */
export async function runCaptured(
  words: readonly string[],
  change: Partial<Terminal> = {},
  local: LocalCommands = NO_LOCAL_COMMANDS,
): Promise<CliResult> {
  const { terminal, written } = capturedTerminal(change);
  const exitCode = await runCli(local, { words, version: '1.2.3', terminal });
  return { exitCode, ...written };
}
