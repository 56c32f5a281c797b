import { join } from 'node:path';
import { mustRun } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, type Bound, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { spreadOf } from '../statistics.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import { DHCP_PORT, startDhcpMuster, startDhcpPeer } from './dhcp-servers.ts';
import { keptAfterKill, type LeaseSeen } from './kept-leases.ts';
import type { StormLoad, StormReport } from './storm-report.ts';

const LOAD_PROGRAM = new URL('./storm-load.ts', import.meta.url);
const MACHINES = 10_000;
const CASE = 'boot-storm';

/** From the start of a machine to its lease, with the last ones. */
const TIMES = {
  'half of the machines': (report) => report.leaseMs?.p50,
  '99 % of the machines': (report) => report.leaseMs?.p99,
  'the last machine': (report) => (report.bound.length === MACHINES ? report.leaseMs?.max : undefined),
} as const satisfies Record<string, (report: StormReport) => number | undefined>;
/** What is not bound by then is not waited for, and counts with this time. */
const LIMIT_SECONDS = 30;
const NEVER_MS = LIMIT_SECONDS * 1000;
/** PXE ROMs have asked twice by then. */
const LAST_WITHIN: Bound = { is: 'at most', number: 10_000 };

interface OurRun {
  readonly report: StormReport;
  /** Leases that were acknowledged and are not there after a kill -9. */
  readonly lost: number;
}

/** 10,000 machines that are switched on within one second; then Muster is killed, and what it acknowledged is counted. */
export async function runBootStorm(stage: BenchStage): Promise<readonly BenchRow[]> {
  const ours: OurRun[] = [];
  const keas: StormReport[] = [];
  for (let run = 1; run <= stage.runs; run += 1) {
    ours.push(await stormMuster(run, stage));
    const kea = await stormKea(run, stage);
    if (kea !== undefined) keas.push(kea);
  }
  if (keas.length === 0) stage.leaveOut(`${CASE} on kea: it is not there`);
  return rowsOf(ours, keas);
}

async function stormMuster(run: number, stage: BenchStage): Promise<OurRun> {
  const folder = join(stage.folder, `storm-muster-${run}`);
  const muster = await startDhcpMuster(folder, 'hall');
  let report: StormReport;
  try {
    report = await storm(run, stage);
    tell('muster', run, report, stage);
  } finally {
    await muster.server.kill();
  }
  const again = await MusterUnderTest.start({ folder, port: DHCP_PORT, processors: PROCESSORS.server });
  try {
    const leases = JSON.parse(
      await again.command(['lease', 'ls', '--output', 'json']),
    ) as readonly LeaseSeen[];
    const lost = report.bound.length - keptAfterKill(report.bound, leases);
    stage.say(`  ${CASE} run ${run} muster after kill -9: ${lost} of ${report.bound.length} leases are lost`);
    return { report, lost };
  } finally {
    await again.server.stop();
  }
}

async function stormKea(run: number, stage: BenchStage): Promise<StormReport | undefined> {
  const server = await startDhcpPeer('kea', stage, join(stage.folder, `storm-kea-${run}`));
  if (server === undefined) return undefined;
  try {
    const report = await storm(run, stage);
    tell('kea', run, report, stage);
    return report;
  } finally {
    await server.stop();
  }
}

async function storm(run: number, stage: BenchStage): Promise<StormReport> {
  const load: StormLoad = {
    server: BENCH_NETWORK.server,
    relay: BENCH_NETWORK.client,
    machines: MACHINES,
    startSeconds: 1,
    limitSeconds: LIMIT_SECONDS,
    seed: run,
  };
  const command = [
    'taskset',
    '-c',
    PROCESSORS.load,
    ...TYPESCRIPT_NODE,
    LOAD_PROGRAM.pathname,
    JSON.stringify(load),
  ];
  return JSON.parse((await mustRun(stage.network.asClient(command))).toString('utf8')) as StormReport;
}

function tell(
  name: string,
  run: number,
  { bound, leaseMs, repetitions, seconds, clientCpuSeconds }: StormReport,
  stage: BenchStage,
): void {
  const last = leaseMs === undefined ? 'none' : `the last after ${(leaseMs.max / 1000).toFixed(2)} s`;
  const load = Math.round((clientCpuSeconds / Math.max(1, seconds)) * 100);
  stage.say(
    `  ${CASE} run ${run} ${name}: ${bound.length} leases, ${last}, ${repetitions} repetitions, load program at ${load} %`,
  );
}

function rowsOf(ours: readonly OurRun[], keas: readonly StormReport[]): readonly BenchRow[] {
  const row = (metric: string, unit: string, values: readonly number[]) => ({
    case: CASE,
    metric,
    unit,
    ours: spreadOf(values),
    runs: ours.length,
  });
  const reports = ours.map(({ report }) => report);
  const twice = reports.map(({ bound }) => bound.length - new Set(bound.map(([, address]) => address)).size);
  const none: Bound = { is: 'at most', number: 0 };
  const times = Object.entries<(report: StormReport) => number | undefined>(TIMES);
  return [
    rowAlone(
      row(
        'machines with a lease',
        '',
        reports.map(({ bound }) => bound.length),
      ),
      { is: 'at least', number: MACHINES },
    ),
    rowAlone(
      row(
        'the last machine',
        'ms',
        reports.map((report) => TIMES['the last machine'](report) ?? NEVER_MS),
      ),
      LAST_WITHIN,
    ),
    rowAlone(
      row(
        'acknowledged leases lost by kill -9',
        '',
        ours.map(({ lost }) => lost),
      ),
      none,
    ),
    rowAlone(row('addresses given twice', '', twice), none),
    ...(keas.length === 0
      ? []
      : times.map(([metric, of]) =>
          rowAgainst(
            row(
              metric,
              'ms',
              reports.map((report) => of(report) ?? NEVER_MS),
            ),
            'kea',
            spreadOf(keas.map((report) => of(report) ?? NEVER_MS)),
          ),
        )),
  ];
}
