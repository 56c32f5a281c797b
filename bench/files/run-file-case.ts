import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Image } from '../../src/contract/schemas.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { CpuAccount } from '../cpu-account.ts';
import { HostLoad } from '../host-load.ts';
import type { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Contender, MUSTER, takeTurns } from '../turns.ts';
import { assertSame, type CaseFiles, IMAGE, makeFiles } from './case-files.ts';
import {
  FILE_METRICS,
  type FileCase,
  type FileMetric,
  type FileReport,
  NO_ERROR,
  PLAIN_FILE,
} from './file-case.ts';
import type { FileDoor, FilePeer } from './file-door.ts';

/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.4;
/**
 * Before it is measured every server has been there for so long, and was asked for the last of it: what it costs to begin is no cost
 * of a file. V8 collects twice what a start has left behind, 8 and 9 s after it: a tenth of a second each time.
 */
const SETTLED_SECONDS = 13;
const WARM_UP_SECONDS = 3;
/**
 * A disc image costs hardly more than a folder, and one run differs from the next by a sixth: a comparison that is so
 * close takes so many times the runs.
 */
const CLOSE_RUNS = 3;
const CHECKSUM_TIMEOUT_MS = 120_000;
const CHECKSUM_LOOK_MS = 500;
/** Of every benchmark of files. */
const SETTINGS = { MUSTER_DHCP_PORT: 'off', MUSTER_TFTP_PORT: 'off' } as const;

interface Outcome {
  readonly report: FileReport;
  readonly cpuSeconds: number;
  readonly loadSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** A server, and where it has the files. */
interface FileContender<At> extends Contender {
  readonly at: At;
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
  const peer = files.disc === undefined ? await door.preparePeer(stage, files) : undefined;
  try {
    if (files.disc === undefined && peer === undefined)
      stage.leaveOut(`${testCase.name} on ${door.peer}: it is not there`);
    const contenders = contendersFor(door, stage, { files, peer });
    const runs = files.disc === undefined ? stage.runs : stage.runs * CLOSE_RUNS;
    const outcomes = await takeTurns<Outcome, FileContender<At>>(
      { ...stage, runs },
      {
        caseName: testCase.name,
        contenders,
        isJudged: () => true,
        measure: (contender) => measure(contender, { testCase, door, stage, files }),
        describe,
      },
    );
    return rowsOf(testCase, outcomes);
  } finally {
    await peer?.close?.();
  }
}

function contendersFor<Load, At>(
  door: FileDoor<Load, At>,
  stage: BenchStage,
  { files, peer }: { readonly files: CaseFiles; readonly peer: FilePeer<At> | undefined },
): readonly FileContender<At>[] {
  const muster = (name: string, source: string): FileContender<At> => ({
    name,
    at: door.at,
    start: () => startMuster(door, source, stage),
  });
  if (files.disc !== undefined) return [muster(MUSTER, files.disc), muster(PLAIN_FILE, files.folder)];
  return [muster(MUSTER, files.folder), ...(peer === undefined ? [] : [{ name: door.peer, ...peer }])];
}

/** With a data folder of its own for each source, so that the image is added once. */
async function startMuster<Load, At>(
  door: FileDoor<Load, At>,
  source: string,
  stage: BenchStage,
): Promise<MeasuredServer> {
  const started = await MusterUnderTest.start({
    folder: join(stage.folder, `data-${door.name}-${source.replaceAll(/[^\w-]+/g, '-')}`),
    port: door.port,
    protocol: 'tcp',
    processors: PROCESSORS.server,
    settings: { ...SETTINGS, ...door.settings },
  });
  const known = await started.command(['image', 'ls']);
  if (!known.includes(IMAGE))
    await started.command(['image', 'add', source, '--as', 'files', '--name', IMAGE]);
  await checksumComputed(started);
  return started.server;
}

/** It is computed in the background, by the server's own processor, and is no cost of reading. */
async function checksumComputed(muster: MusterUnderTest): Promise<void> {
  const deadlineMs = performance.now() + CHECKSUM_TIMEOUT_MS;
  for (;;) {
    const image = Image.parse(JSON.parse(await muster.command(['image', 'show', IMAGE, '-o', 'json'])));
    if (image.checksum.state !== 'waiting') return;
    if (performance.now() > deadlineMs) throw new Error('The checksum of the image is not computed in time');
    await sleep(CHECKSUM_LOOK_MS);
  }
}

interface Measurement<Load, At> {
  readonly testCase: FileCase<Load>;
  readonly door: FileDoor<Load, At>;
  readonly stage: BenchStage;
  readonly files: CaseFiles;
}

async function measure<Load, At>(
  { at, start }: FileContender<At>,
  { testCase, door, stage, files }: Measurement<Load, At>,
): Promise<Outcome> {
  const server = await start();
  const account = CpuAccount.open(`${process.pid}-load-${Math.round(performance.now())}`);
  try {
    await assertSame(stage, door.copy(at, 'file-0'), files);
    const load = async (seconds: number): Promise<FileReport> => {
      const program = door.makeLoad({ load: testCase.load, at, files: testCase.files, seconds }, stage);
      const command = account.inside(['taskset', '-c', PROCESSORS.load, ...program.command]);
      return program.decode((await mustRun(stage.network.asClient(command))).toString('utf8'));
    };
    await sleep(Math.max(0, (SETTLED_SECONDS - WARM_UP_SECONDS) * 1000 - server.ageMs));
    await load(WARM_UP_SECONDS);
    const [serverBefore, loadBefore] = [server.cpuSeconds, account.seconds];
    const host = new HostLoad();
    const report = await load(Math.ceil(testCase.seconds * (stage.quick ? QUICK_SHARE : 1)));
    const cpuSeconds = server.cpuSeconds - serverBefore;
    const loadSeconds = account.seconds - loadBefore;
    return { report, cpuSeconds, loadSeconds, elsewhere: host.elsewhere(cpuSeconds + loadSeconds) };
  } finally {
    await account.close();
    await server.stop();
  }
}

function rowsOf(
  { name, compare }: FileCase<unknown>,
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
): readonly BenchRow[] {
  const spread = (server: string, metric: FileMetric): Spread =>
    spreadOf(
      (outcomes.get(server) ?? []).map(({ report, cpuSeconds }) =>
        FILE_METRICS[metric].of(report, cpuSeconds),
      ),
    );
  const measured = (metric: FileMetric) => ({
    case: name,
    metric,
    unit: FILE_METRICS[metric].unit,
    ours: spread(MUSTER, metric),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = [...outcomes.keys()].filter((server) => server !== MUSTER);
  return [
    ...compare.flatMap(({ metric, target }) =>
      peers.map((peer) => rowAgainst(measured(metric), peer, spread(peer, metric), target)),
    ),
    rowAlone(measured('errors'), NO_ERROR),
  ];
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
