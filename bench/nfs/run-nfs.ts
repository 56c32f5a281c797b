import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { makeDisc } from '../disc-image.ts';
import { HostLoad } from '../host-load.ts';
import type { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Contender, MUSTER, takeTurns } from '../turns.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import { Ganesha, GANESHA_PORTS } from './ganesha-server.ts';
import { NFS_FILE_BYTES, NFS_METRICS, type NfsCase, type NfsMetric } from './nfs-cases.ts';
import type { NfsLoad, NfsLoadReport } from './nfs-load-report.ts';

const PORT = 2049;
const IMAGE = 'bench';
const FILE_NAME = 'file-0';
const LOAD_PROGRAM = new URL('./nfs-load.ts', import.meta.url);
/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.4;
/** Before each run, on every server: what it does once at its beginning is not measured. */
const WARM_UP_SECONDS = 1;
/** Bytes that are made up at once; the file repeats them. */
const RANDOM_BYTES = 2 ** 20;

interface Outcome {
  readonly report: NfsLoadReport;
  readonly cpuSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** A server, and where it has the file. */
interface NfsContender extends Contender {
  readonly at: Pick<NfsLoad, 'share' | 'mountPort'>;
}

/** READs of one large file over TCP, beside nfs-ganesha with the same file, or beside the file outside of a disc image. */
export async function runNfsCase(testCase: NfsCase, stage: BenchStage): Promise<readonly BenchRow[]> {
  const files = join(stage.folder, 'nfs-files');
  writeFile(files);
  const ganesha = testCase.against === 'nfs-ganesha' ? await Ganesha.prepare(stage) : undefined;
  try {
    const contenders = await contendersFor(testCase, stage, { files, ganesha });
    if (contenders === undefined) return [];
    const outcomes = await takeTurns<Outcome>(stage, {
      caseName: testCase.name,
      contenders,
      isJudged: () => true,
      measure: ({ name }) =>
        measure(
          contenders.find((one) => one.name === name),
          testCase,
          { stage, files },
        ),
      describe,
    });
    return rowsOf(testCase, outcomes);
  } finally {
    await ganesha?.close();
  }
}

function writeFile(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE_NAME);
  const random = new SeededRandom(1).bytes(RANDOM_BYTES);
  writeFileSync(path, '');
  for (let written = 0; written < NFS_FILE_BYTES; written += random.length)
    writeFileSync(path, random, { flag: 'a' });
}

async function contendersFor(
  { name, holder, against }: NfsCase,
  stage: BenchStage,
  { files, ganesha }: { readonly files: string; readonly ganesha: Ganesha | undefined },
): Promise<readonly NfsContender[] | undefined> {
  const disc = holder === 'a disc image' ? await makeDisc(files, join(stage.folder, 'nfs.iso')) : undefined;
  if (holder === 'a disc image' && disc === undefined) {
    stage.leaveOut(`${name}: xorriso is not there`);
    return undefined;
  }
  const muster = musterWith(MUSTER, disc ?? files, stage);
  if (against === 'the plain file') return [muster, musterWith(against, files, stage)];
  if (ganesha === undefined) {
    stage.leaveOut(`${name} on nfs-ganesha: it is not there`);
    return [muster];
  }
  const at = { share: files, mountPort: GANESHA_PORTS.mount };
  return [muster, { name: against, at, start: () => ganesha.start(files) }];
}

function musterWith(name: string, source: string, stage: BenchStage): NfsContender {
  const data = join(stage.folder, `data-nfs-${name.replaceAll(' ', '-')}`);
  return {
    name,
    at: { share: `/images/${IMAGE}`, mountPort: PORT },
    start: async () => {
      const settings = { MUSTER_DHCP_PORT: 'off', MUSTER_TFTP_PORT: 'off', MUSTER_NFS_PORTMAP: 'off' };
      const processors = PROCESSORS.server;
      const started = await MusterUnderTest.start({
        folder: data,
        port: PORT,
        protocol: 'tcp',
        processors,
        settings,
      });
      const known = await started.command(['image', 'ls']);
      if (!known.includes(IMAGE))
        await started.command(['image', 'add', source, '--as', 'files', '--name', IMAGE]);
      return started.server;
    },
  };
}

async function measure(
  contender: NfsContender | undefined,
  { load }: NfsCase,
  { stage, files }: { readonly stage: BenchStage; readonly files: string },
): Promise<Outcome> {
  if (contender === undefined) throw new Error('This server is not in the case');
  const server: MeasuredServer = await contender.start();
  try {
    const where = { server: BENCH_NETWORK.server, nfsPort: PORT, ...contender.at };
    await assertSame(stage, where, join(files, FILE_NAME));
    const seconds = load.seconds * (stage.quick ? QUICK_SHARE : 1);
    const wish: NfsLoad = { ...load, ...where, seconds, fileName: FILE_NAME, fileBytes: NFS_FILE_BYTES };
    await loadWith({ ...wish, seconds: WARM_UP_SECONDS }, stage);
    const host = new HostLoad();
    const before = server.cpuSeconds;
    const report = await loadWith(wish, stage);
    const cpuSeconds = server.cpuSeconds - before;
    return { report, cpuSeconds, elsewhere: host.elsewhere(cpuSeconds + report.clientCpuSeconds) };
  } finally {
    await server.stop();
  }
}

async function loadWith(load: NfsLoad, stage: BenchStage): Promise<NfsLoadReport> {
  const program = [...TYPESCRIPT_NODE, LOAD_PROGRAM.pathname, JSON.stringify(load)];
  const command = stage.network.asClient(['taskset', '-c', PROCESSORS.load, ...program]);
  return JSON.parse((await mustRun(command)).toString('utf8')) as NfsLoadReport;
}

/** The load looks at no byte of the file, so that it costs little: it is compared before. */
async function assertSame(
  stage: BenchStage,
  { server, nfsPort, mountPort, share }: Pick<NfsLoad, 'server' | 'nfsPort' | 'mountPort' | 'share'>,
  path: string,
): Promise<void> {
  const url = `nfs://${server}${share}/${FILE_NAME}?nfsport=${nfsPort}&mountport=${mountPort}`;
  const printed = await mustRun(stage.network.asClient(['sh', '-c', 'nfs-cat "$0" | sha256sum', url]), {
    timeoutMs: 60_000,
  });
  const wanted = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (!printed.toString('utf8').startsWith(wanted)) throw new Error(`${url} is not what is in ${path}`);
}

function rowsOf(testCase: NfsCase, outcomes: ReadonlyMap<string, readonly Outcome[]>): readonly BenchRow[] {
  const spread = (name: string, metric: NfsMetric): Spread =>
    spreadOf(
      (outcomes.get(name) ?? []).map(({ report, cpuSeconds }) => NFS_METRICS[metric].of(report, cpuSeconds)),
    );
  const measured = (metric: NfsMetric) => ({
    case: testCase.name,
    metric,
    unit: NFS_METRICS[metric].unit,
    ours: spread(MUSTER, metric),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = [...outcomes.keys()].filter((name) => name !== MUSTER);
  return [
    ...testCase.compare.flatMap(({ metric, target }) =>
      peers.map((peer) => rowAgainst(measured(metric), peer, spread(peer, metric), target)),
    ),
    rowAlone(measured('errors'), { is: 'at most', number: 0 }),
  ];
}

function describe({ report, cpuSeconds, elsewhere }: Outcome): string {
  const { reads, bytes, seconds, errors, clientCpuSeconds } = report;
  return [
    `${reads} READs, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s`,
    `server CPU ${cpuSeconds.toFixed(2)} s`,
    `load program at ${Math.round((clientCpuSeconds / seconds) * 100)} %`,
    `${Math.round(elsewhere * 100)} % elsewhere`,
    ...(errors === 0 ? [] : [`${errors} ERRORS`]),
  ].join(', ');
}
