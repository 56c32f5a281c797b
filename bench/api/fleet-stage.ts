import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { DHCP_PORT } from '../dhcp/dhcp-servers.ts';
import type { StormLoad } from '../dhcp/storm-report.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import { FLEET_SEED, writeFleet } from './write-fleet.ts';

export const API = 'http://127.0.0.1:8067';
/** Each tells of an offer, and of a lease that was granted. */
const BOOTS_PER_SECOND = 100;
/** From when the machines begin to boot until it is measured. */
const WARM_UP_MS = 2_000;

/**
 * Where the hypervisor took a larger share of the processors meanwhile, a run is made again: how long an answer or a frame
 * takes is then how long the whole computer stood still. A program that did nothing but wait was woken up to 0.16 s late.
 */
export const STOLEN_SHARE = 0.01;

const STORM = fileURLToPath(new URL('../dhcp/storm-load.ts', import.meta.url));

/**
 * Muster with 10,000 machines, on all processors, as on a computer of its own. What it is asked with takes its share of
 * one of them.
 *
 * @returns its data folder, too.
 */
export async function startFleet(
  stage: BenchStage,
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readonly muster: MusterUnderTest; readonly data: string }> {
  const folder = join(stage.folder, `data-${name}`);
  const data = join(folder, 'data');
  await writeFleet(join(data, 'muster.db'));
  const processors = PROCESSORS.all;
  const muster = await MusterUnderTest.start({ folder, port: DHCP_PORT, processors, settings });
  return { muster, data };
}

/** Does something while a hundred machines boot each second. @throws Error when they do not. */
export async function whileBooting<T>(
  stage: BenchStage,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const boots = seconds + (2 * WARM_UP_MS) / 1000;
  const storm: StormLoad = {
    machines: boots * BOOTS_PER_SECOND,
    seed: FLEET_SEED,
    startSeconds: boots,
    limitSeconds: boots + 1,
    relay: BENCH_NETWORK.client,
    server: BENCH_NETWORK.server,
  };
  const booting = runProgram(stage.network.asClient([...loadProgram(STORM), JSON.stringify(storm)]), {
    timeoutMs: (boots + 30) * 1000,
  });
  await sleep(WARM_UP_MS);
  const done = await work();
  const { status, stderr } = await booting;
  if (status !== 0) throw new Error(`The machines did not boot: ${stderr}`);
  return done;
}

/** On the processor of the load. */
export function loadProgram(program: string): readonly string[] {
  return ['taskset', '-c', PROCESSORS.load, ...TYPESCRIPT_NODE, program];
}
