/** `tsx bench/tftp/tftp-load.ts LOAD`: many TFTP clients in one process. LOAD is a `TftpLoad` as JSON; so is the report. */
import { readFileSync } from 'node:fs';
import { SeededRandom } from '../seeded-random.ts';
import { quantile } from '../statistics.ts';
import { clientAddress } from './client-addresses.ts';
import { ClientPort } from './client-port.ts';
import type { TftpLoad, TftpLoadReport } from './load-report.ts';
import { BREAK_OFF, type ClientAction, ReadingClient } from './reading-client.ts';

/** As boot ROMs have it. */
const CLIENT_TIMEOUT_MS = 1000;
const CLIENT_ATTEMPTS = 10;
/** How often the clients look at their clocks. */
const TICK_MS = 5;
const KEPT_FAILURES = 5;

/** One client: a transfer after the other, each from a port of its own, until there are none left. */
class Seat {
  readonly #run: LoadRun;
  readonly #number: number;
  #port: ClientPort | undefined;
  #client: ReadingClient | undefined;
  #startedMs = 0;

  constructor(run: LoadRun, number: number) {
    this.#run = run;
    this.#number = number;
  }

  async begin(): Promise<void> {
    const { load, expected } = this.#run;
    this.#port = await ClientPort.open({
      address: clientAddress(this.#number),
      server: load.server,
      random: this.#run.random,
      loss: load.loss,
      delayMs: load.delayMs,
      onPacket: (bytes) => this.#act(this.#client?.onPacket(bytes, performance.now())),
    });
    this.#startedMs = performance.now();
    this.#client = new ReadingClient(
      { ...load, expected, timeoutMs: CLIENT_TIMEOUT_MS, attempts: CLIENT_ATTEMPTS },
      this.#startedMs,
    );
    this.#port.send(this.#client.request, load.port);
  }

  onTick(nowMs: number): void {
    if (this.#client !== undefined && nowMs >= this.#client.deadlineMs) this.#act(this.#client.onTime(nowMs));
  }

  /** The time is over. */
  breakOff(): void {
    if (this.#client === undefined) return;
    this.#port?.send(BREAK_OFF, undefined);
    this.#end('brokenOff');
  }

  #act(action: ClientAction | undefined): void {
    switch (action?.do) {
      case undefined:
      case 'wait':
        return;
      case 'send':
        return this.#port?.send(
          action.bytes,
          this.#client?.isAsking === true ? this.#run.load.port : undefined,
        );
      case 'finish':
        this.#port?.send(action.bytes, undefined);
        this.#run.latenciesMs.push(performance.now() - this.#startedMs);
        return this.#next('finished');
      case 'fail':
        this.#run.failures.push(action.because);
        return this.#next('failed');
      default:
        action satisfies undefined;
    }
  }

  #next(outcome: 'finished' | 'failed'): void {
    this.#end(outcome);
    this.#run.seatIsFree(this);
  }

  #end(outcome: 'finished' | 'failed' | 'brokenOff'): void {
    const run = this.#run;
    run.counts[outcome] += 1;
    run.counts.bytes += this.#client?.receivedBytes ?? 0;
    run.counts.repetitions += this.#client?.repetitions ?? 0;
    this.#client = undefined;
    this.#port?.close();
  }
}

class LoadRun {
  readonly load: TftpLoad;
  readonly expected: Uint8Array;
  readonly random: SeededRandom;
  readonly counts = { finished: 0, failed: 0, brokenOff: 0, bytes: 0, repetitions: 0 };
  readonly latenciesMs: number[] = [];
  readonly failures: string[] = [];
  readonly #seats: readonly Seat[];
  #begun = 0;
  #isOver = false;
  #over: () => void = () => {};

  constructor(load: TftpLoad) {
    this.load = load;
    this.expected = readFileSync(load.filePath);
    this.random = new SeededRandom(load.seed);
    const seats = Math.min(load.clients, load.transfers);
    this.#seats = Array.from({ length: seats }, (_, number) => new Seat(this, number));
  }

  async run(): Promise<TftpLoadReport> {
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    const ticks = setInterval(() => {
      for (const seat of this.#seats) seat.onTick(performance.now());
    }, TICK_MS);
    const limit = setTimeout(() => this.#over(), this.load.limitSeconds * 1000);
    for (const seat of this.#seats) this.seatIsFree(seat);
    await over;
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    clearInterval(ticks);
    clearTimeout(limit);
    this.#isOver = true;
    for (const seat of this.#seats) seat.breakOff();
    return this.#report(seconds, (user + system) / 1e6);
  }

  seatIsFree(seat: Seat): void {
    if (this.#isOver) return;
    if (this.#begun < this.load.transfers) {
      this.#begun += 1;
      seat.begin().catch((error: unknown) => {
        throw error;
      });
    } else if (this.counts.finished + this.counts.failed >= this.load.transfers) this.#over();
  }

  #report(seconds: number, clientCpuSeconds: number): TftpLoadReport {
    const at = (share: number): number => quantile(this.latenciesMs, share);
    const latencyMs =
      this.latenciesMs.length === 0
        ? {}
        : { latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) } };
    const failures = this.failures.slice(0, KEPT_FAILURES);
    return { seconds, ...this.counts, failures, ...latencyMs, clientCpuSeconds };
  }
}

const report = await new LoadRun(JSON.parse(process.argv[2] ?? '') as TftpLoad).run();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
