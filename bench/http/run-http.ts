import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { CpuAccount } from '../cpu-account.ts';
import { makeDisc } from '../disc-image.ts';
import { HostLoad } from '../host-load.ts';
import { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Contender, MUSTER, takeTurns } from '../turns.ts';
import { HTTP_METRICS, type HttpCase, type HttpMetric, PLAIN_FILE } from './http-cases.ts';
import { nginxConfiguration } from './nginx-configuration.ts';
import { decodeWrk, type WrkReport, wrkScript } from './wrk.ts';

const PORT = 8080;
const IMAGE = 'bench';
const PATH = `/images/${IMAGE}`;
/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.4;
/** Bytes that are made up at once; a large file repeats them. */
const RANDOM_BYTES = 2 ** 20;

interface Outcome {
  readonly report: WrkReport;
  readonly cpuSeconds: number;
  readonly loadSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** Files of an image over HTTP, beside nginx with the same files at the same path. */
export async function runHttpCase(testCase: HttpCase, stage: BenchStage): Promise<readonly BenchRow[]> {
  const wrk = stage.peers.find('wrk');
  if (wrk === undefined) {
    stage.leaveOut(`${testCase.name}: the load program wrk is not there`);
    return [];
  }
  const root = join(stage.folder, `http-${testCase.name}`);
  const files = join(root, PATH);
  await mkdir(files, { recursive: true });
  writeFiles(files, testCase);
  const script = join(stage.folder, `${testCase.name}.lua`);
  writeFileSync(script, wrkScript(PATH, testCase.files.count));
  const contenders = await contendersFor(testCase, stage, { root, files });
  const seconds = Math.ceil(testCase.seconds * (stage.quick ? QUICK_SHARE : 1));
  const load = ['-t1', `-c${testCase.connections}`, `-d${seconds}s`, '-s', script];
  const outcomes = await takeTurns<Outcome>(stage, {
    caseName: testCase.name,
    contenders,
    isJudged: () => true,
    measure: (contender) => measure(contender, { stage, files, wrk, load }),
    describe,
  });
  return contenders.length === 0 ? [] : rowsOf(testCase, outcomes);
}

function writeFiles(folder: string, { files: { count, bytes } }: HttpCase): void {
  for (let number = 0; number < count; number += 1) {
    const random = new SeededRandom(number + 1).bytes(Math.min(bytes, RANDOM_BYTES));
    const path = join(folder, `file-${number}`);
    writeFileSync(path, random);
    for (let written = random.length; written < bytes; written += random.length)
      writeFileSync(path, random, { flag: 'a' });
  }
}

async function contendersFor(
  { name, holder }: HttpCase,
  stage: BenchStage,
  { root, files }: { readonly root: string; readonly files: string },
): Promise<readonly Contender[]> {
  if (holder === undefined) return [musterWith(MUSTER, name, files, stage), ...nginxWith(name, root, stage)];
  const disc = await makeDisc(files, join(stage.folder, 'http.iso'));
  if (disc === undefined) stage.leaveOut(`${name}: xorriso is not there`);
  return disc === undefined
    ? []
    : [musterWith(MUSTER, `${name}-image`, disc, stage), musterWith(PLAIN_FILE, name, files, stage)];
}

function musterWith(name: string, dataName: string, source: string, stage: BenchStage): Contender {
  const data = join(stage.folder, `data-http-${dataName}`);
  return {
    name,
    start: async () => {
      const settings = { MUSTER_DHCP_PORT: 'off', MUSTER_TFTP_PORT: 'off' };
      const wish = {
        folder: data,
        port: PORT,
        protocol: 'tcp',
        processors: PROCESSORS.server,
        settings,
      } as const;
      const started = await MusterUnderTest.start(wish);
      const known = await started.command(['image', 'ls']);
      if (!known.includes(IMAGE))
        await started.command(['image', 'add', source, '--as', 'files', '--name', IMAGE]);
      return started.server;
    },
  };
}

function nginxWith(name: string, root: string, stage: BenchStage): readonly Contender[] {
  const nginx = stage.peers.find('nginx');
  if (nginx === undefined) {
    stage.leaveOut(`${name} on nginx: it is not there`);
    return [];
  }
  const folder = join(stage.folder, 'nginx');
  return [
    {
      name: 'nginx',
      start: async () => {
        await mkdir(folder, { recursive: true });
        const configuration = join(folder, 'nginx.conf');
        writeFileSync(configuration, nginxConfiguration({ folder, root, port: PORT }));
        return await MeasuredServer.start({
          name: 'nginx',
          command: [nginx.path, '-p', folder, '-c', configuration],
          environment: nginx.environment,
          port: PORT,
          protocol: 'tcp',
          logPath: join(stage.folder, 'nginx.log'),
          processors: PROCESSORS.server,
        });
      },
    },
  ];
}

async function measure(
  contender: Contender,
  {
    stage,
    files,
    wrk,
    load,
  }: {
    readonly stage: BenchStage;
    readonly files: string;
    readonly wrk: NonNullable<ReturnType<BenchStage['peers']['find']>>;
    readonly load: readonly string[];
  },
): Promise<Outcome> {
  const server = await contender.start();
  const account = CpuAccount.open(`${process.pid}-wrk-${Math.round(performance.now())}`);
  try {
    const url = `http://${BENCH_NETWORK.server}:${PORT}`;
    await assertSame(stage, `${url}${PATH}/file-0`, join(files, 'file-0'));
    const before = server.cpuSeconds;
    const host = new HostLoad();
    const command = account.inside(['taskset', '-c', PROCESSORS.load, wrk.path, ...load, url]);
    const environment = Object.entries(wrk.environment).map(([name, value]) => `${name}=${value}`);
    const printed = await mustRun(stage.network.asClient(['env', ...environment, ...command]));
    const cpuSeconds = server.cpuSeconds - before;
    const loadSeconds = account.seconds;
    return {
      report: decodeWrk(printed.toString('utf8')),
      cpuSeconds,
      loadSeconds,
      elsewhere: host.elsewhere(cpuSeconds + loadSeconds),
    };
  } finally {
    await account.close();
    await server.stop();
  }
}

/** wrk looks at no byte, so that it costs little: one file is compared before. */
async function assertSame(stage: BenchStage, url: string, path: string): Promise<void> {
  const printed = await mustRun(stage.network.asClient(['sh', '-c', 'curl -sSf "$0" | sha256sum', url]));
  const wanted = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (!printed.toString('utf8').startsWith(wanted)) throw new Error(`${url} is not what is in ${path}`);
}

function rowsOf(testCase: HttpCase, outcomes: ReadonlyMap<string, readonly Outcome[]>): readonly BenchRow[] {
  const spread = (name: string, metric: HttpMetric): Spread =>
    spreadOf(
      (outcomes.get(name) ?? []).map(({ report, cpuSeconds }) => HTTP_METRICS[metric].of(report, cpuSeconds)),
    );
  const measured = (metric: HttpMetric) => ({
    case: testCase.name,
    metric,
    unit: HTTP_METRICS[metric].unit,
    ours: spread(MUSTER, metric),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = [...outcomes.keys()].filter((name) => name !== MUSTER);
  return [
    ...testCase.compare.flatMap(({ metric, target }) =>
      peers.map((peer) =>
        rowAgainst(
          measured(metric),
          peer,
          spread(peer, metric),
          target?.against === peer ? target : undefined,
        ),
      ),
    ),
    ...testCase.alone.map(({ metric, target }) => rowAlone(measured(metric), target)),
  ];
}

function describe({ report, cpuSeconds, loadSeconds, elsewhere }: Outcome): string {
  const { requests, bytes, seconds, errors } = report;
  return [
    `${requests} files, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s`,
    `server CPU ${cpuSeconds.toFixed(2)} s`,
    `load program at ${Math.round((loadSeconds / seconds) * 100)} %`,
    `${Math.round(elsewhere * 100)} % elsewhere`,
    ...(errors === 0 ? [] : [`${errors} ERRORS`]),
  ].join(', ');
}
