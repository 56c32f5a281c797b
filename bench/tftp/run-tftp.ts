import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { HostLoad } from '../host-load.ts';
import { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Contender, MUSTER, takeTurns } from '../turns.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import type { TftpLoad, TftpLoadReport } from './load-report.ts';
import { BLOCK_BYTES, TFTP_METRICS, type TftpCase, type TftpMetric } from './tftp-cases.ts';
import { TFTP_PEERS, TFTP_PORT, type TftpPeer } from './tftp-peers.ts';

const LOAD_PROGRAM = new URL('./tftp-load.ts', import.meta.url);
/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.4;
/** A server works on after the last packet: what it still does for these transfers is counted. */
const SETTLE_MS = 500;
interface Outcome {
  readonly report: TftpLoadReport;
  readonly cpuSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** Runs one case on every server, turn and turn about, each time on a server that was started anew. */
export async function runTftpCase(testCase: TftpCase, stage: BenchStage): Promise<readonly BenchRow[]> {
  const files = join(stage.folder, 'tftp');
  await mkdir(files, { recursive: true });
  const fileName = `file-${testCase.fileBytes}`;
  writeFileSync(join(files, fileName), new SeededRandom(testCase.fileBytes).bytes(testCase.fileBytes));
  const contenders = contendersFor(testCase, stage, files);
  const outcomes = await takeTurns<Outcome, Contender>(stage, {
    caseName: testCase.name,
    contenders,
    isJudged: (name) => isJudged(testCase, name),
    measure: (contender, run) => {
      const load = loadOf(testCase, { stage, fileName, filePath: join(files, fileName), seed: run });
      return measure(contender, load, stage);
    },
    describe,
  });
  return rowsOf(testCase, outcomes, contenders);
}

/** A target is about what this server took. */
function isJudged({ compare }: TftpCase, name: string): boolean {
  return compare.some(({ target }) => target && (name === MUSTER || isAgainst(target, name)));
}

function isAgainst({ against }: { readonly against: string }, peer: string): boolean {
  return against === 'every peer' || against === peer;
}

function contendersFor(testCase: TftpCase, stage: BenchStage, files: string): readonly Contender[] {
  const wanted = TFTP_PEERS.filter((peer) => testCase.load.windowBlocks === 1 || peer.knowsWindows);
  const peers = wanted.flatMap((peer) => {
    const program = stage.peers.find(peer.name);
    if (program !== undefined) return [peerContender(peer, program, stage, files)];
    stage.leaveOut(`${testCase.name} on ${peer.name}: it is not there`);
    return [];
  });
  const data = join(stage.folder, `data-${testCase.name}`);
  const muster: Contender = {
    name: MUSTER,
    start: async () => {
      const settings = { MUSTER_TFTP_ROOT: files };
      return (
        await MusterUnderTest.start({
          folder: data,
          port: TFTP_PORT,
          processors: PROCESSORS.server,
          settings,
        })
      ).server;
    },
  };
  return [muster, ...peers];
}

function peerContender(
  peer: TftpPeer,
  program: NonNullable<ReturnType<BenchStage['peers']['find']>>,
  stage: BenchStage,
  files: string,
): Contender {
  return {
    name: peer.name,
    start: () =>
      MeasuredServer.start({
        name: peer.name,
        command: peer.command(program.path, files),
        environment: program.environment,
        port: TFTP_PORT,
        logPath: join(stage.folder, `${peer.name}.log`),
        processors: PROCESSORS.server,
      }),
  };
}

function loadOf(
  { load, limitSeconds }: TftpCase,
  { stage, ...rest }: Pick<TftpLoad, 'fileName' | 'filePath' | 'seed'> & { readonly stage: BenchStage },
): TftpLoad {
  return {
    server: BENCH_NETWORK.server,
    port: TFTP_PORT,
    ...rest,
    ...load,
    blockBytes: BLOCK_BYTES,
    limitSeconds: stage.quick ? limitSeconds * QUICK_SHARE : limitSeconds,
  };
}

async function measure(contender: Contender, load: TftpLoad, stage: BenchStage): Promise<Outcome> {
  const server = await contender.start();
  try {
    const before = server.cpuSeconds;
    const host = new HostLoad();
    const command = [
      'taskset',
      '-c',
      PROCESSORS.load,
      ...TYPESCRIPT_NODE,
      LOAD_PROGRAM.pathname,
      JSON.stringify(load),
    ];
    const printed = await mustRun(stage.network.asClient(command));
    await sleep(SETTLE_MS);
    const report = JSON.parse(printed.toString('utf8')) as TftpLoadReport;
    const cpuSeconds = server.cpuSeconds - before;
    const elsewhere = host.elsewhere(cpuSeconds + report.clientCpuSeconds);
    return { report, cpuSeconds, elsewhere };
  } finally {
    await server.stop();
  }
}

function rowsOf(
  testCase: TftpCase,
  outcomes: ReadonlyMap<string, readonly Outcome[]>,
  contenders: readonly Contender[],
): readonly BenchRow[] {
  const spread = (name: string, metric: TftpMetric): Spread =>
    spreadOf(
      (outcomes.get(name) ?? []).map(({ report, cpuSeconds }) => TFTP_METRICS[metric].of(report, cpuSeconds)),
    );
  const measured = (metric: TftpMetric) => ({
    case: testCase.name,
    metric,
    unit: TFTP_METRICS[metric].unit,
    ours: spread(MUSTER, metric),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = contenders.map(({ name }) => name).filter((name) => name !== MUSTER);
  return [
    ...testCase.compare.flatMap(({ metric, target }) =>
      peers.map((peer) => {
        const meant = target && isAgainst(target, peer) ? target : undefined;
        return rowAgainst(measured(metric), peer, spread(peer, metric), meant);
      }),
    ),
    ...testCase.alone.map(({ metric, target }) => rowAlone(measured(metric), target)),
  ];
}

function describe({ report, cpuSeconds, elsewhere }: Outcome): string {
  const { finished, failed, bytes, seconds, failures, clientCpuSeconds } = report;
  const [why] = failures;
  const load = Math.round((clientCpuSeconds / seconds) * 100);
  return [
    `${finished} files, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s`,
    `server CPU ${cpuSeconds.toFixed(2)} s`,
    `load program at ${load} %`,
    `${Math.round(elsewhere * 100)} % elsewhere`,
    ...(failed === 0 ? [] : [`${failed} FAILED: ${why}`]),
  ].join(', ');
}
