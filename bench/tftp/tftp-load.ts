/** `tsx bench/tftp/tftp-load.ts LOAD`: many TFTP clients in one process. LOAD is a `TftpLoad` as JSON; so is the report. */
import { readFileSync } from 'node:fs';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { SeededRandom } from '../seeded-random.ts';
import { quantile } from '../statistics.ts';
import { clientAddress } from './client-addresses.ts';
import { ClientPorts } from './client-ports.ts';
import type { TftpLoad, TftpLoadReport } from './load-report.ts';
import { BREAK_OFF, type ClientAction, ReadingClient } from './reading-client.ts';

/** As boot ROMs have it. */
const CLIENT_TIMEOUT_MS = 1000;
const CLIENT_ATTEMPTS = 10;
/** How often the clients look at their clocks. */
const TICK_MS = 5;
const KEPT_FAILURES = 5;

interface Transfer {
  readonly client: ReadingClient;
  readonly startedMs: number;
}

/** Every seat does a transfer after the other, each from a port of its own, until there are none left. */
class LoadRun {
  readonly #load: TftpLoad;
  readonly #expected: Uint8Array;
  readonly #ports: ClientPorts;
  readonly #transfers: (Transfer | undefined)[];
  readonly #counts = { finished: 0, failed: 0, brokenOff: 0, bytes: 0, repetitions: 0 };
  readonly #latenciesMs: number[] = [];
  readonly #failures: string[] = [];
  #begun = 0;

  constructor(load: TftpLoad) {
    this.#load = load;
    this.#expected = readFileSync(load.filePath);
    const seats = Math.min(load.clients, load.transfers);
    this.#transfers = Array.from({ length: seats }, () => undefined);
    this.#ports = new ClientPorts({
      ...load,
      server: parseIpv4(load.server),
      requestPort: load.port,
      seats,
      random: new SeededRandom(load.seed),
      onPacket: (seat, bytes) =>
        this.#act(seat, this.#transfers[seat]?.client.onPacket(bytes, performance.now())),
    });
  }

  run(): TftpLoadReport {
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    const endMs = startedMs + this.#load.limitSeconds * 1000;
    for (const seat of this.#transfers.keys()) this.#begin(seat);
    let tickMs = startedMs;
    while (!this.#isDone() && performance.now() < endMs) {
      this.#ports.wait(TICK_MS);
      const nowMs = performance.now();
      if (nowMs < tickMs) continue;
      tickMs = nowMs + TICK_MS;
      for (const [seat, transfer] of this.#transfers.entries())
        if (transfer && nowMs >= transfer.client.deadlineMs) this.#act(seat, transfer.client.onTime(nowMs));
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    for (const seat of this.#transfers.keys()) this.#breakOff(seat);
    return this.#report(seconds, (user + system) / 1e6);
  }

  #isDone(): boolean {
    return this.#counts.finished + this.#counts.failed >= this.#load.transfers;
  }

  #begin(seat: number): void {
    if (this.#begun >= this.#load.transfers) return;
    this.#begun += 1;
    const nowMs = performance.now();
    const wish = {
      ...this.#load,
      expected: this.#expected,
      timeoutMs: CLIENT_TIMEOUT_MS,
      attempts: CLIENT_ATTEMPTS,
    };
    const client = new ReadingClient(wish, nowMs);
    this.#transfers[seat] = { client, startedMs: nowMs };
    this.#ports.open(seat, clientAddress(seat));
    this.#ports.send(seat, client.request, 'requests');
  }

  #act(seat: number, action: ClientAction | undefined): void {
    const transfer = this.#transfers[seat];
    if (transfer === undefined || action === undefined) return;
    switch (action.do) {
      case 'wait':
        return;
      case 'send':
        return this.#ports.send(seat, action.bytes, transfer.client.isAsking ? 'requests' : 'transfer');
      case 'finish':
        this.#ports.send(seat, action.bytes, 'transfer');
        this.#latenciesMs.push(performance.now() - transfer.startedMs);
        this.#end(seat, transfer, 'finished');
        return this.#begin(seat);
      case 'fail':
        this.#failures.push(action.because);
        this.#end(seat, transfer, 'failed');
        return this.#begin(seat);
      default:
        action satisfies never;
    }
  }

  /** The time is over. */
  #breakOff(seat: number): void {
    const transfer = this.#transfers[seat];
    if (transfer === undefined) return;
    this.#ports.send(seat, BREAK_OFF, 'transfer');
    this.#end(seat, transfer, 'brokenOff');
  }

  #end(seat: number, { client }: Transfer, outcome: 'finished' | 'failed' | 'brokenOff'): void {
    this.#counts[outcome] += 1;
    this.#counts.bytes += client.receivedBytes;
    this.#counts.repetitions += client.repetitions;
    this.#transfers[seat] = undefined;
    this.#ports.close(seat);
  }

  #report(seconds: number, clientCpuSeconds: number): TftpLoadReport {
    const at = (share: number): number => quantile(this.#latenciesMs, share);
    const latencyMs =
      this.#latenciesMs.length === 0
        ? {}
        : { latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) } };
    const failures = this.#failures.slice(0, KEPT_FAILURES);
    return { seconds, ...this.#counts, failures, ...latencyMs, clientCpuSeconds };
  }
}

const report = new LoadRun(JSON.parse(process.argv[2] ?? '') as TftpLoad).run();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
