import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun } from '../../src/lab/run-program.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { CpuAccount } from '../cpu-account.ts';
import { HostLoad } from '../host-load.ts';
import { spreadOf } from '../statistics.ts';
import { MUSTER, takeTurns } from '../turns.ts';
import { assertSame, makeFiles } from './case-files.ts';
import { FILE_METRICS, type FileCase, type FileMetric, type FileReport, NO_ERROR } from './file-case.ts';
import type { FileDoor } from './file-door.ts';
import { type FileContender, RunningServers } from './running-servers.ts';

/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.5;
/**
 * Before it is measured every server has been there for so long, and was asked for some of it: what it costs to begin is no
 * cost of a file. V8 collects what a start has left behind 8 and 9 s after it, a tenth of a second each time.
 */
const SETTLED_MS = 10_000;
const WARM_UP_SECONDS = 3;

interface Outcome {
  readonly report: FileReport;
  readonly cpuSeconds: number;
  readonly loadSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** Files of an image through one door, beside another server with the same files, or beside Muster with them in a folder. */
export async function runFileCase<Load, At>(
  testCase: FileCase<Load>,
  door: FileDoor<Load, At>,
  stage: BenchStage,
): Promise<readonly BenchRow[]> {
  const files = await makeFiles(testCase, stage);
  if (files === undefined) {
    stage.leaveOut(`${testCase.name}: xorriso is not there`);
    return [];
  }
  const servers = await RunningServers.start(door, stage, { caseName: testCase.name, files });
  try {
    const { contenders } = servers;
    const asked = { testCase, door, stage };
    for (const { at } of contenders) await assertSame(stage, door.copy(at, 'file-0'), files);
    for (const { server } of contenders) await sleep(Math.max(0, SETTLED_MS - server.ageMs));
    for (const contender of contenders) await measure(contender, asked, WARM_UP_SECONDS);
    const seconds = Math.ceil(testCase.seconds * (stage.quick ? QUICK_SHARE : 1));
    const outcomes = await takeTurns<Outcome, FileContender<At>>(stage, {
      caseName: testCase.name,
      contenders,
      isJudged: () => true,
      measure: (contender) => measure(contender, asked, seconds),
      describe,
    });
    return rowsOf(testCase, outcomes);
  } finally {
    await servers.close();
  }
}

interface Asked<Load, At> {
  readonly testCase: FileCase<Load>;
  readonly door: FileDoor<Load, At>;
  readonly stage: BenchStage;
}

async function measure<Load, At>(
  { at, server }: FileContender<At>,
  { testCase, door, stage }: Asked<Load, At>,
  seconds: number,
): Promise<Outcome> {
  const { load, files } = testCase;
  const program = door.makeLoad({ load, at, files, seconds }, stage);
  const account = CpuAccount.open(`${process.pid}-load-${Math.round(performance.now())}`);
  try {
    const serverBefore = server.cpuSeconds;
    const host = new HostLoad();
    const command = account.inside(['taskset', '-c', PROCESSORS.load, ...program.command]);
    const report = program.decode((await mustRun(stage.network.asClient(command))).toString('utf8'));
    const cpuSeconds = server.cpuSeconds - serverBefore;
    const loadSeconds = account.seconds;
    return { report, cpuSeconds, loadSeconds, elsewhere: host.elsewhere(cpuSeconds + loadSeconds) };
  } finally {
    await account.close();
  }
}

function rowsOf(
  { name, compare }: FileCase<unknown>,
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
): readonly BenchRow[] {
  const values = (server: string, metric: FileMetric): readonly number[] =>
    (outcomes.get(server) ?? []).map(({ report, cpuSeconds }) => FILE_METRICS[metric].of(report, cpuSeconds));
  const measured = (metric: FileMetric) => ({
    case: name,
    metric,
    unit: FILE_METRICS[metric].unit,
    ours: spreadOf(values(MUSTER, metric)),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = [...outcomes.keys()].filter((server) => server !== MUSTER);
  return [
    ...compare.flatMap(({ metric, target }) =>
      peers.map((peer) => {
        const [ours, theirs] = [values(MUSTER, metric), values(peer, metric)];
        return rowAgainst(measured(metric), peer, spreadOf(theirs), target, ratioOfTurns(ours, theirs));
      }),
    ),
    rowAlone(measured('errors'), NO_ERROR),
  ];
}

/** The middle one of the ratios of each turn: what a turn has in common, as how fast the computer is just then, is in none of them. */
function ratioOfTurns(ours: readonly number[], theirs: readonly number[]): number {
  return spreadOf(ours.map((value, turn) => value / (theirs[turn] ?? Number.NaN))).median;
}

function describe({ report, cpuSeconds, loadSeconds, elsewhere }: Outcome): string {
  const { answers, bytes, seconds, errors, failure } = report;
  return [
    `${answers} answers, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s`,
    `server CPU ${cpuSeconds.toFixed(2)} s`,
    `load program at ${Math.round((loadSeconds / seconds) * 100)} %`,
    `${Math.round(elsewhere * 100)} % elsewhere`,
    ...(errors === 0 ? [] : [`${errors} ERRORS${failure === undefined ? '' : `, the first: ${failure}`}`]),
  ].join(', ');
}
