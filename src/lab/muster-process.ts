import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEALTH_PATH } from '../contract/routes.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** Where Muster's API is unless told otherwise. */
export const API_URL = 'http://127.0.0.1:8067';
const READY_TIMEOUT_MS = 30_000;
const READY_PAUSE_MS = 150;
const HEALTH_TIMEOUT_MS = 2_000;
/** After SIGTERM it finishes what it is doing. */
const STOP_PATIENCE_MS = 10_000;
const COMMAND_TIMEOUT_MS = 30_000;
const LAST_WORDS_LINES = 6;

export interface MusterShape {
  /** The program and its first words that start Muster: `muster`, or Node with a file. */
  readonly command: readonly string[];
  /** Settings, as `MUSTER_*` variables. */
  readonly settings: Readonly<Record<string, string>>;
  /** Gets what it prints. */
  readonly logPath: string;
}

/** A Muster of our own: the daemon as a child process, and the same program as its command line. */
export class MusterProcess {
  readonly #shape: MusterShape;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number>;
  #status: number | undefined;

  private constructor(shape: MusterShape) {
    this.#shape = shape;
    const [program = '', ...words] = shape.command;
    const log = createWriteStream(shape.logPath, { flags: 'a' });
    // In a process group of its own: Ctrl-C is for whoever runs this, who then stops it in order.
    this.#process = spawn(program, [...words, 'up'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentWith(shape.settings),
      detached: true,
    });
    this.#process.stdout?.pipe(log, { end: false });
    this.#process.stderr?.pipe(log, { end: false });
    this.#ended = new Promise((resolve) => {
      const end = (status: number): void => {
        this.#status = status;
        log.end();
        resolve(status);
      };
      this.#process.on('error', () => end(-1));
      this.#process.on('close', (status) => end(status ?? -1));
    });
  }

  /** @returns when it answers. @throws Error with its last words when it does not. */
  static async start(shape: MusterShape): Promise<MusterProcess> {
    const muster = new MusterProcess(shape);
    const deadlineMs = performance.now() + READY_TIMEOUT_MS;
    while (!(await isHealthy())) {
      if (muster.#status !== undefined) {
        throw new Error(`"muster up" ended with status ${muster.#status}:\n${await muster.lastWords()}`);
      }
      if (performance.now() > deadlineMs) {
        await muster.stop();
        throw new Error(
          `"muster up" did not answer within ${READY_TIMEOUT_MS / 1000} s:\n${await muster.lastWords()}`,
        );
      }
      await sleep(READY_PAUSE_MS);
    }
    return muster;
  }

  /** Resolves with its exit status; -1 when a signal ended it. */
  get ended(): Promise<number> {
    return this.#ended;
  }

  /** Runs a command of the command line, such as `['subnet', 'ls']`. */
  async run(words: readonly string[]): Promise<ProgramResult> {
    return runProgram([...this.#shape.command, ...words], {
      environment: environmentWith(this.#shape.settings),
      timeoutMs: COMMAND_TIMEOUT_MS,
    });
  }

  /** The same, where anything but success is an error. @throws Error with what the command said. */
  async mustRun(words: readonly string[]): Promise<ProgramResult> {
    const result = await this.run(words);
    if (result.status === 0) return result;
    throw new Error(
      `"muster ${words.join(' ')}" ended with status ${result.status}: ${result.stderr.trim()}`,
    );
  }

  /** @returns its exit status. */
  async stop(): Promise<number> {
    if (this.#status !== undefined) return this.#status;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_PATIENCE_MS);
    const status = await this.#ended;
    clearTimeout(timer);
    return status;
  }

  async lastWords(): Promise<string> {
    const text = await readFile(this.#shape.logPath, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-LAST_WORDS_LINES).join('\n');
  }
}

/** Settings of whoever started this must not reach into the lab. */
function environmentWith(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MUSTER_'));
  return { ...Object.fromEntries(others), ...settings };
}

async function isHealthy(): Promise<boolean> {
  try {
    const response = await fetch(`${API_URL}${HEALTH_PATH}`, {
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
