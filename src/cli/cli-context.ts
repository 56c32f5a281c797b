import type { Command } from 'commander';
import { CliFailure } from './cli-failure.ts';
import type { ApiClient } from './client.ts';
import type { LocalCommands, TalkOptions } from './local-commands.ts';
import { Output, type OutputFormat } from './output.ts';
import { readSession } from './session-file.ts';
import type { Terminal } from './terminal.ts';

export const DEFAULT_SERVER = 'http://127.0.0.1:8067';
const LOOPBACK_URL = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\/?$/i;
/** Characters of a token; a longer file holds something else. */
const MAX_TOKEN_LENGTH = 4096;

/** What every command may be told. */
export interface GlobalOptions {
  readonly output: OutputFormat;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly yes?: true;
  readonly quiet?: true;
  readonly color: boolean;
}

/** What one command wants of its client that others do not. */
export interface ClientChange {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly answerTimeoutMs?: number;
}

/** What a command has at hand while it runs. */
export class CliContext {
  readonly terminal: Terminal;
  readonly local: LocalCommands;
  readonly output: Output;
  readonly #options: GlobalOptions;
  #exitCode = 0;

  constructor(terminal: Terminal, local: LocalCommands, options: GlobalOptions) {
    this.terminal = terminal;
    this.local = local;
    this.#options = options;
    this.output = new Output(terminal, { format: options.output, ...this.talk });
  }

  /** NO_COLOR holds whatever its value is, if it is not empty (no-color.org). */
  get talk(): TalkOptions {
    const { NO_COLOR: noColor = '' } = this.terminal.environment;
    const color = this.#options.color && noColor === '' && this.terminal.outIsTerminal;
    return { color: color ? 'color' : 'plain', quiet: this.#options.quiet === true };
  }

  /** The same command, written to another terminal. */
  on(terminal: Terminal): CliContext {
    return new CliContext(terminal, this.local, this.#options);
  }

  /** The same command, asked of another server. */
  at(server: string): CliContext {
    return new CliContext(this.terminal, this.local, { ...this.#options, server });
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** What the command ends with, where it does not throw. */
  endWith(exitCode: number): void {
    this.#exitCode = exitCode;
  }

  /** Where Muster answers. */
  get server(): string {
    return this.#options.server ?? (this.terminal.environment['MUSTER_SERVER'] || DEFAULT_SERVER);
  }

  /** Loaded when it is needed: `--help` and `--version` do without. */
  readonly client = async (change: ClientChange = {}): Promise<ApiClient> => {
    const { ApiClient: Client } = await import('./client.ts');
    const server = change.server ?? this.server;
    const { answerTimeoutMs } = change;
    const asked = { server, ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }) };
    const tokenFile =
      change.tokenFile ??
      this.#options.tokenFile ??
      (this.terminal.environment['MUSTER_TOKEN_FILE'] || undefined);
    if (tokenFile !== undefined) return new Client({ ...asked, token: await readToken(tokenFile) });
    const session = await readSession(this.terminal, server);
    if (session !== undefined) return new Client({ ...asked, session });
    // Nobody else is shown what opens this computer's own.
    const token = LOOPBACK_URL.test(server) ? await this.local.localToken() : undefined;
    return new Client({ ...asked, ...(token === undefined ? {} : { token }) });
  };

  /** Asks a person before something is taken away. @throws CliFailure when nobody can be asked, or says no. */
  async confirm(question: string): Promise<void> {
    if (this.#options.yes) return;
    if (!this.terminal.inIsTerminal) {
      throw new CliFailure(
        'usage',
        `Nothing was done: there is no terminal to ask on "${question}", so say -y`,
      );
    }
    const answer = await this.terminal.ask(`${question} [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Nothing was done');
  }
}

async function readToken(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const exit = error.code === 'EACCES' ? 'notPermitted' : 'usage';
    throw new CliFailure(exit, `Cannot read the token file ${path}: ${error.message}`);
  });
  const token = text.trim();
  if (token === '' || token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))
    throw new CliFailure('usage', `The token file ${path} holds no token: one word is wanted`);
  return token;
}

/** What a command does: it is given what is at hand, its arguments and its options. */
export type Action<Options> = (
  context: CliContext,
  parts: readonly string[],
  options: Options,
) => Promise<void>;

/** Makes of it what commander runs. */
export type Act = <Options>(action: Action<Options>) => (this: Command, ...given: unknown[]) => Promise<void>;
