import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeSocketTable, portOwner, sayPortTaken } from '../src/os/port-owner.ts';
import { CpuAccount } from './cpu-account.ts';

export interface ServerCommand {
  /** For people, and for the control group: letters, digits and dashes. */
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** It serves once this port is bound ... */
  readonly port: number;
  /** UDP when it is left out. */
  readonly protocol?: 'udp' | 'tcp';
  /** ... and this holds, where there is more to wait for. */
  readonly isReady?: () => Promise<boolean>;
  /** Gets what it prints. */
  readonly logPath: string;
  /** The processors it may use, as taskset(1) takes them. */
  readonly processors: string;
}

const START_TIMEOUT_MS = 60_000;
const STOP_PATIENCE_MS = 15_000;
const LAST_WORDS_LINES = 8;

/**
 * A server while it is measured. A server of an earlier run that still had the port would answer in its place, and
 * every number would be wrong: so the port must be free before, and the server's own afterwards.
 */
export class MeasuredServer {
  readonly name: string;
  readonly account: CpuAccount;
  readonly #wish: ServerCommand;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #startedMs = performance.now();
  #hasEnded = false;

  private constructor(wish: ServerCommand) {
    this.name = wish.name;
    this.#wish = wish;
    this.account = CpuAccount.open(`${process.pid}-${wish.name}-${Math.round(performance.now())}`);
    const log = openSync(wish.logPath, 'a');
    const [program = '', ...words] = this.account.inside(['taskset', '-c', wish.processors, ...wish.command]);
    this.#process = spawn(program, words, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...wish.environment },
      detached: true,
    });
    closeSync(log);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        resolve();
      };
      this.#process.on('error', end);
      this.#process.on('exit', end);
    });
  }

  /** @throws Error when the port is taken, or the server does not serve in time. */
  static async start(wish: ServerCommand): Promise<MeasuredServer> {
    const { protocol = 'udp', port } = wish;
    if (portOwner(protocol, port) !== undefined)
      throw new Error(`${wish.name} cannot be measured: ${sayPortTaken(protocol, port)}`);
    const server = new MeasuredServer(wish);
    try {
      await server.#serves();
      return server;
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  /** Of the whole server since its start, in seconds. */
  get cpuSeconds(): number {
    return this.account.seconds;
  }

  /** Since its process was started, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    if (!this.#hasEnded && this.#process.pid !== undefined) process.kill(this.#process.pid, 'SIGTERM');
    await Promise.race([this.#ended, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    await this.account.close();
  }

  /** Ends it as a power failure would. */
  async kill(): Promise<void> {
    await this.account.close();
  }

  async #serves(): Promise<void> {
    const { name, port, protocol = 'udp', isReady } = this.#wish;
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(isBound(protocol, port) && (await (isReady ?? alwaysReady)()))) {
      if (this.#hasEnded) throw new Error(`${name} ended at its start:\n${this.#lastWords()}`);
      if (performance.now() > deadlineMs)
        throw new Error(`${name} did not serve within ${START_TIMEOUT_MS / 1000} s:\n${this.#lastWords()}`);
      await sleep(50);
    }
    if (this.#hasEnded) throw new Error(`${name} ended at its start:\n${this.#lastWords()}`);
    const owner = portOwner(protocol, port) ?? 'nobody';
    if (!this.account.pids.some((pid) => owner.includes(`(pid ${pid})`)))
      throw new Error(`${name} was started, but ${protocol} port ${port} is that of ${owner}`);
  }

  #lastWords(): string {
    return readFileSync(this.#wish.logPath, 'utf8').trimEnd().split('\n').slice(-LAST_WORDS_LINES).join('\n');
  }
}

function isBound(protocol: 'udp' | 'tcp', port: number): boolean {
  return [protocol, `${protocol}6`]
    .filter((table) => existsSync(`/proc/net/${table}`))
    .flatMap((table) => decodeSocketTable(readFileSync(`/proc/net/${table}`, 'utf8'), protocol))
    .some((holder) => holder.port === port);
}

async function alwaysReady(): Promise<boolean> {
  return true;
}
