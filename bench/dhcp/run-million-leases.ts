import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchRow, type Bound, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { metricValue } from '../metric-value.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { spreadOf } from '../statistics.ts';
import { DHCP_PORT } from './dhcp-servers.ts';
import { nthLease, SUBNET, writeLeases } from './write-leases.ts';

const CASE = 'million-leases';
const LEASES = 1_000_000;
const QUICK_LEASES = 100_000;
const MIB = 1024 * 1024;

const LOADED_WITHIN: Bound = { is: 'at most', number: 5 };
const MEMORY_WITHIN: Bound = { is: 'at most', number: 1024 };
const NONE: Bound = { is: 'at most', number: 0 };

interface Loaded {
  readonly loadSeconds: number;
  /** From the start of the process until it serves: what the database is checked for, and the look for other servers. */
  readonly startSeconds: number;
  readonly memoryMib: number;
  readonly highestMemoryMib: number;
  readonly missing: number;
}

/** Muster is started on a database with a million leases, and must know them all before it serves. */
export async function runMillionLeases(stage: BenchStage): Promise<readonly BenchRow[]> {
  const count = stage.quick ? QUICK_LEASES : LEASES;
  if (stage.quick)
    stage.leaveOut(
      `${CASE} with ${LEASES} leases: a quick run has ${QUICK_LEASES}, and no target for its time`,
    );
  const folder = join(stage.folder, CASE);
  await writeLeases(join(folder, 'data', 'muster.db'), count);
  const runs: Loaded[] = [];
  for (let run = 1; run <= stage.runs; run += 1) {
    const loaded = await load(folder, count);
    runs.push(loaded);
    stage.say(
      `  ${CASE} run ${run}: ${count} leases read in ${loaded.loadSeconds.toFixed(2)} s, ${Math.round(loaded.memoryMib)} MiB, ${loaded.missing} missing`,
    );
  }
  return rowsOf(runs, stage.quick);
}

async function load(folder: string, count: number): Promise<Loaded> {
  const beganMs = performance.now();
  const muster = await MusterUnderTest.start({ folder, port: DHCP_PORT, processors: PROCESSORS.all });
  const startSeconds = (performance.now() - beganMs) / 1000;
  try {
    const page = await muster.metrics();
    const held = metricValue(page, `muster_dhcp_leases{subnet="${SUBNET}",state="held"}`);
    await expectLease(muster, count - 1);
    return {
      loadSeconds: metricValue(page, 'muster_dhcp_lease_load_seconds'),
      startSeconds,
      memoryMib: metricValue(page, 'process_resident_memory_bytes') / MIB,
      highestMemoryMib: highestMemoryMib(muster.server.account.pids),
      missing: count - held,
    };
  } finally {
    await muster.server.stop();
  }
}

/** @throws Error when Muster does not know the lease of the machine with this number as it was written. */
async function expectLease(muster: MusterUnderTest, number: number): Promise<void> {
  const { address, mac, hostname } = nthLease(number, 0);
  const shown = JSON.parse(await muster.command(['lease', 'show', address, '--output', 'json'])) as {
    readonly mac?: string;
    readonly hostname?: string;
  };
  if (shown.mac === mac && shown.hostname === hostname) return;
  throw new Error(
    `The lease of ${address} was written for ${mac}, and Muster knows ${JSON.stringify(shown)}`,
  );
}

/** Since its start, of the process that has most (proc_pid_status(5)). */
function highestMemoryMib(pids: readonly number[]): number {
  const highest = pids.map((pid) =>
    Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
  );
  return Math.max(...highest) / 1024;
}

function rowsOf(runs: readonly Loaded[], quick: boolean): readonly BenchRow[] {
  const row = (metric: string, unit: string, of: (loaded: Loaded) => number, bound?: Bound): BenchRow =>
    rowAlone({ case: CASE, metric, unit, ours: spreadOf(runs.map(of)), runs: runs.length }, bound);
  const whole = (bound: Bound): Bound | undefined => (quick ? undefined : bound);
  return [
    row('all leases read', 's', ({ loadSeconds }) => loadSeconds, whole(LOADED_WITHIN)),
    row('memory then', 'MiB', ({ memoryMib }) => memoryMib, whole(MEMORY_WITHIN)),
    row('memory at its highest', 'MiB', ({ highestMemoryMib: highest }) => highest),
    row('from start to service', 's', ({ startSeconds }) => startSeconds),
    row('leases missing', '', ({ missing }) => missing, NONE),
  ];
}
