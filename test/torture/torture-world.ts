import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  MusterInNamespace,
  type MusterOptions,
  Segment,
  SERVER_ADDRESS,
} from '../clients/muster-in-namespace.ts';
import type { NetworkNamespace } from '../clients/namespace.ts';
import type { RunningProgram } from '../clients/running-program.ts';
import type { LeaseShown, LoadReport } from './acknowledged.ts';

/** The relay agent that the load's machines are behind; outside of the range. */
const RELAY_ADDRESS = '192.168.0.2';
const NETWORK_WORDS = ['--network=192.168.0.0/16', '--range=192.168.1.0-192.168.121.255'] as const;
export const LEASE_SECONDS = 3_600;
const PAUSE_MS = 30_000;
const POLL_MS = 100;

export interface WorldOptions extends MusterOptions {
  /** Machines of the load. */
  readonly machines: number;
  /** Before Muster starts, in the server's namespace. */
  readonly prepare?: (world: TortureWorld) => Promise<void>;
  /** Words of `muster subnet add lab`; a range of some 30,000 addresses else. */
  readonly subnet?: readonly string[];
}

/** A real `muster up` in a namespace of its own, and real packets from another one. */
export class TortureWorld {
  readonly muster: MusterInNamespace;
  readonly segment: Segment;
  readonly #relay: NetworkNamespace;
  #load: RunningProgram | undefined;

  private constructor(muster: MusterInNamespace, segment: Segment, relay: NetworkNamespace) {
    this.muster = muster;
    this.segment = segment;
    this.#relay = relay;
  }

  static async make(options: WorldOptions): Promise<TortureWorld> {
    const segment = await Segment.make();
    await segment.server.ip(
      `address del ${SERVER_ADDRESS}/24 dev br0`,
      `address add ${SERVER_ADDRESS}/16 dev br0`,
    );
    const relay = await segment.plugIn('52:54:00:ff:00:02');
    await relay.ip(`address add ${RELAY_ADDRESS}/16 dev eth0`);
    const world = new TortureWorld(new MusterInNamespace(segment.server, options), segment, relay);
    await options.prepare?.(world);
    await world.muster.up();
    const words = options.subnet ?? [...NETWORK_WORDS, `--lease-time=${LEASE_SECONDS}`];
    await world.muster.run('subnet', 'add', 'lab', ...words);
    world.#load = await world.#startLoad(options.machines);
    return world;
  }

  get load(): RunningProgram {
    if (!this.#load) throw new Error('The load was not started yet');
    return this.#load;
  }

  get counts(): { readonly offers: number; readonly acks: number } {
    const last = [...this.load.stdout.matchAll(/^offers (\d+) acks (\d+)$/gm)].at(-1);
    return { offers: Number(last?.[1] ?? 0), acks: Number(last?.[2] ?? 0) };
  }

  go(): void {
    this.load.write('go\n');
  }

  /** What the load was told so far; it asks nothing until it goes on. */
  async pause(): Promise<LoadReport> {
    const file = join(this.muster.folder, `report-${performance.now()}.json`);
    this.load.write(`pause ${file}\n`);
    await this.load.waitFor(new RegExp(`^paused ${file}$`, 'm'), PAUSE_MS);
    const report = JSON.parse(readFileSync(file, 'utf8')) as LoadReport;
    rmSync(file);
    return report;
  }

  async leases(): Promise<readonly LeaseShown[]> {
    return await this.muster.leases();
  }

  /** `kill -9`, as the kernel does it to a process that took too much memory. */
  async kill(): Promise<void> {
    await this.muster.program.stop('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#load?.stop('SIGKILL');
    await this.muster.close();
    await this.segment.close();
  }

  async #startLoad(machines: number): Promise<RunningProgram> {
    const script = join(import.meta.dirname, 'lease-load-child.ts');
    const words = [RELAY_ADDRESS, SERVER_ADDRESS, String(machines)];
    const load = this.#relay.startScript(script, words, { timeoutMs: LONGEST_LOAD_MS });
    await load.waitFor(/^ready$/m);
    return load;
  }
}

const LONGEST_LOAD_MS = 30 * 60_000;

/** @throws Error with the sentence when it does not come true in time. */
export async function eventually(what: string, isTrue: () => boolean, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}
