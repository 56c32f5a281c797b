import type { Command } from 'commander';
import type { LocalDoor } from '../contract/local-door.ts';
import { CliFailure } from './cli-failure.ts';
import type { ApiClient } from './client.ts';
import type { LocalCommands, TalkOptions } from './local-commands.ts';
import { Output, type OutputFormat } from './output.ts';
import type { RememberedAnswers } from './remembered-answers.ts';
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
  readonly ca?: string;
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
  readonly #remembered: RememberedAnswers | undefined;
  #exitCode = 0;

  constructor(
    terminal: Terminal,
    local: LocalCommands,
    options: GlobalOptions,
    remembered?: RememberedAnswers,
  ) {
    this.terminal = terminal;
    this.local = local;
    this.#options = options;
    this.#remembered = remembered;
    this.output = new Output(terminal, { format: options.output, ...this.talk });
  }

  /** NO_COLOR holds whatever its value is, if it is not empty (no-color.org). */
  get talk(): TalkOptions {
    const { NO_COLOR: noColor = '' } = this.terminal.environment;
    const color = this.#options.color && noColor === '' && this.terminal.outIsTerminal;
    return { color: color ? 'color' : 'plain', quiet: this.#options.quiet === true };
  }

  /** The same command, written to another terminal; what was answered already is not asked again. */
  on(terminal: Terminal, remembered?: RememberedAnswers): CliContext {
    return new CliContext(terminal, this.local, this.#options, remembered);
  }

  /** The same command, asked of the Muster behind that door of this computer. */
  at(door: LocalDoor): CliContext {
    const local = { ...this.local, localDoor: async () => door };
    return new CliContext(this.terminal, local, { ...this.#options, server: door.url });
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** What the command ends with, where it does not throw. */
  endWith(exitCode: number): void {
    this.#exitCode = exitCode;
  }

  /** Loaded when it is needed: `--help` and `--version` do without. */
  readonly client = async (change: ClientChange = {}): Promise<ApiClient> => {
    const { ApiClient: Client } = await import('./client.ts');
    const { environment } = this.terminal;
    const tokenFile =
      change.tokenFile ?? this.#options.tokenFile ?? (environment['MUSTER_TOKEN_FILE'] || undefined);
    const door = await this.#door(change.server);
    const { url: server } = door;
    const session = tokenFile === undefined ? await readSession(this.terminal, server) : undefined;
    const ofHere = async () => (await this.#door(change.server)).token;
    const given = tokenFile === undefined ? undefined : await readToken(tokenFile);
    const { certificate } = door;
    const { answerTimeoutMs } = change;
    return new Client({
      server,
      talk: (sentence) => this.output.talk(sentence),
      ...(certificate === undefined ? {} : { certificate }),
      ...(answerTimeoutMs === undefined ? {} : { answerTimeoutMs }),
      ...(this.#remembered === undefined ? {} : { remembered: this.#remembered }),
      ...(session === undefined ? { token: given === undefined ? ofHere : async () => given } : { session }),
    });
  };

  /** Where Muster answers. */
  async server(): Promise<string> {
    return (await this.#door()).url;
  }

  async #door(
    wished?: string,
  ): Promise<{ readonly url: string; readonly token?: string; readonly certificate?: string }> {
    const { environment } = this.terminal;
    const named = wished ?? this.#options.server ?? (environment['MUSTER_SERVER'] || undefined);
    const caFile = this.#options.ca ?? (environment['MUSTER_CA'] || undefined);
    const certificate = caFile === undefined ? {} : { certificate: await readCertificate(caFile) };
    const here = await this.#hereAt(named);
    const url = named ?? here?.url ?? DEFAULT_SERVER;
    return here === undefined ? { url, ...certificate } : { ...here, url, ...certificate };
  }

  /** What opens this computer's own Muster is shown to nothing else: no other address, and no other port. */
  async #hereAt(named: string | undefined): ReturnType<LocalCommands['localDoor']> {
    if (named !== undefined && !LOOPBACK_URL.test(named)) return undefined;
    const here = await this.local.localDoor();
    if (named === undefined || here === undefined) return here;
    return new URL(named).port === new URL(here.url).port ? here : undefined;
  }

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

async function readCertificate(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliFailure('usage', `Cannot read the certificate ${path}: ${error.message}`);
  });
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
