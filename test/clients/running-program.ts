import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** A program that ran to its end. */
export interface Finished {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a test waits for a program, unless it says otherwise. */
export const WAIT_MS = 20_000;
const STOP_GRACE_MS = 5_000;
/** More output than this is not kept; a test that wants more should write a file. */
const MOST_OUTPUT_CHARS = 4_194_304;

/** A program while it runs. */
export class RunningProgram {
  readonly pid: number;
  /** Resolves when the program has ended; rejects only when it could not be started. */
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  #stdout = '';
  #stderr = '';
  #ended = false;
  readonly #watchers = new Set<() => void>();

  constructor(child: ChildProcessWithoutNullStreams, name: string, lifeMs: number | undefined) {
    this.#child = child;
    this.#name = name;
    this.pid = child.pid ?? 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout = (this.#stdout + text).slice(0, MOST_OUTPUT_CHARS);
      this.#tell();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(0, MOST_OUTPUT_CHARS);
      this.#tell();
    });
    // A program that ends without reading its input closes the pipe under us; its exit code says enough.
    child.stdin.on('error', () => {});
    const life = lifeMs === undefined ? undefined : setTimeout(() => this.signal('SIGKILL'), lifeMs);
    this.finished = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(life);
        this.#ended = true;
        this.#tell();
        const how = { code: code ?? undefined, signal: signal ?? undefined };
        resolve({ ...how, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
    this.finished.catch(() => {});
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until the pattern is in standard output or standard error; throws when the program ends first. */
  waitFor(pattern: RegExp, timeoutMs: number = WAIT_MS): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (outcome: RegExpExecArray | string): void => {
        clearTimeout(limit);
        this.#watchers.delete(look);
        if (typeof outcome !== 'string') resolve(outcome);
        else reject(new Error(`${this.#name} ${outcome} ${pattern}\n${this.#stdout}\n${this.#stderr}`));
      };
      const look = (): void => {
        const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
        if (match) finish(match);
        else if (this.#ended) finish('ended without saying');
      };
      const limit = setTimeout(() => finish(`did not say within ${timeoutMs} ms:`), timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  /** Writes to standard input, which stays open. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  endInput(text = ''): void {
    this.#child.stdin.end(text);
  }

  /** To the program and all that it started; nothing when it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.#ended || this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It ended in this very moment.
    }
  }

  /** Asks it to end, waits, and insists after a grace period. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.signal(signal);
    const insist = setTimeout(() => this.signal('SIGKILL'), STOP_GRACE_MS);
    try {
      return await this.finished;
    } finally {
      clearTimeout(insist);
    }
  }

  #tell(): void {
    for (const look of this.#watchers) look();
  }
}
