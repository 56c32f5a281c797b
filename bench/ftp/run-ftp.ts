import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { CpuAccount } from '../cpu-account.ts';
import { HostLoad } from '../host-load.ts';
import { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Contender, MUSTER, takeTurns } from '../turns.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import { FTP_METRICS, type FtpCase, type FtpMetric } from './ftp-cases.ts';
import { decodeFtpReport, type FtpLoad, type FtpReport } from './ftp-report.ts';
import { vsftpdConfiguration } from './vsftpd-configuration.ts';

const PORT = 21;
const IMAGE = 'bench';
const PATH = `/images/${IMAGE}`;
const LOAD_PROGRAM = fileURLToPath(new URL('./ftp-load.ts', import.meta.url));
/** How much of a run is left with `--quick`. */
const QUICK_SHARE = 0.4;
/** Bytes that are made up at once; a large file repeats them. */
const RANDOM_BYTES = 2 ** 20;
/** Before it is measured every server is asked for as long: what it costs to begin is no cost of a file. */
const WARM_UP_SECONDS = 3;
const MAKE_DISC_TIMEOUT_MS = 120_000;

interface Outcome {
  readonly report: FtpReport;
  readonly cpuSeconds: number;
  readonly loadSeconds: number;
  /** What else the machine did, as a share of its processors. */
  readonly elsewhere: number;
}

/** Where the files of a case lie. */
interface Places {
  /** Below it the path of the files is the same as with Muster. */
  readonly root: string;
  readonly files: string;
  /** Undefined where none is wanted. */
  readonly disc: string | undefined;
}

/** Files of an image over FTP, beside vsftpd with the same files at the same path, or from a folder. */
export async function runFtpCase(testCase: FtpCase, stage: BenchStage): Promise<readonly BenchRow[]> {
  const places = await makePlaces(testCase, stage);
  const contenders = contendersFor(testCase, stage, places);
  const seconds = Math.ceil(testCase.seconds * (stage.quick ? QUICK_SHARE : 1));
  const { count } = testCase.files;
  const { server } = BENCH_NETWORK;
  const load = { server, port: PORT, folder: PATH, count, clients: testCase.clients, seconds };
  const outcomes = await takeTurns<Outcome>(stage, {
    caseName: testCase.name,
    contenders,
    isJudged: () => true,
    measure: (contender) => measure(contender, { stage, places, load }),
    describe,
  });
  return rowsOf(testCase, outcomes);
}

async function makePlaces({ name, files, from }: FtpCase, stage: BenchStage): Promise<Places> {
  const root = join(stage.folder, `ftp-${name}`);
  const folder = join(root, PATH);
  await mkdir(folder, { recursive: true });
  // vsftpd reads as another user.
  chmodSync(stage.folder, 0o755);
  for (let number = 0; number < files.count; number += 1) {
    const random = new SeededRandom(number + 1).bytes(Math.min(files.bytes, RANDOM_BYTES));
    const path = join(folder, `file-${number}`);
    writeFileSync(path, random);
    for (let written = random.length; written < files.bytes; written += random.length)
      writeFileSync(path, random, { flag: 'a' });
  }
  if (from === 'folder') return { root, files: folder, disc: undefined };
  const disc = join(stage.folder, `ftp-${name}.iso`);
  await mustRun(['xorriso', '-as', 'mkisofs', '-quiet', '-R', '-J', '-o', disc, folder], {
    timeoutMs: MAKE_DISC_TIMEOUT_MS,
  });
  return { root, files: folder, disc };
}

function contendersFor(testCase: FtpCase, stage: BenchStage, places: Places): readonly Contender[] {
  const muster = (name: string, files: string): Contender => ({
    name,
    start: () =>
      startMuster(join(stage.folder, `data-ftp-${testCase.name}-${name.replace(' ', '-')}`), files),
  });
  if (places.disc !== undefined) return [muster(MUSTER, places.disc), muster(testCase.peer, places.files)];
  const vsftpd = stage.peers.find('vsftpd');
  if (vsftpd === undefined) {
    stage.leaveOut(`${testCase.name} on vsftpd: it is not there`);
    return [muster(MUSTER, places.files)];
  }
  const folder = join(stage.folder, 'vsftpd-empty');
  const configuration = join(stage.folder, 'vsftpd.conf');
  return [
    muster(MUSTER, places.files),
    {
      name: 'vsftpd',
      start: async () => {
        await mkdir(folder, { recursive: true });
        writeFileSync(configuration, vsftpdConfiguration({ folder, root: places.root, port: PORT }));
        return await MeasuredServer.start({
          name: 'vsftpd',
          command: [vsftpd.path, configuration],
          environment: vsftpd.environment,
          port: PORT,
          protocol: 'tcp',
          logPath: join(stage.folder, 'vsftpd.log'),
          processors: PROCESSORS.server,
        });
      },
    },
  ];
}

async function startMuster(folder: string, files: string): Promise<MeasuredServer> {
  const off = ['DHCP_PORT', 'TFTP_PORT', 'MACHINE_HTTP_PORT', 'NFS_PORT'];
  const started = await MusterUnderTest.start({
    folder,
    port: PORT,
    protocol: 'tcp',
    processors: PROCESSORS.server,
    settings: Object.fromEntries(off.map((name) => [`MUSTER_${name}`, 'off'])),
  });
  await started.command(['image', 'add', files, '--as', 'files', '--name', IMAGE]);
  return started.server;
}

async function measure(
  contender: Contender,
  { stage, places, load }: { readonly stage: BenchStage; readonly places: Places; readonly load: FtpLoad },
): Promise<Outcome> {
  const server = await contender.start();
  const account = CpuAccount.open(`${process.pid}-ftp-load-${Math.round(performance.now())}`);
  try {
    const url = `ftp://${BENCH_NETWORK.server}:${PORT}${PATH}/file-0`;
    await assertSame(stage, url, join(places.files, 'file-0'));
    const program = (wish: FtpLoad): readonly string[] =>
      account.inside([
        'taskset',
        '-c',
        PROCESSORS.load,
        ...TYPESCRIPT_NODE,
        LOAD_PROGRAM,
        JSON.stringify(wish),
      ]);
    await mustRun(stage.network.asClient(program({ ...load, seconds: WARM_UP_SECONDS })));
    const [before, loadBefore] = [server.cpuSeconds, account.seconds];
    const host = new HostLoad();
    const printed = await mustRun(stage.network.asClient(program(load)));
    const cpuSeconds = server.cpuSeconds - before;
    const loadSeconds = account.seconds - loadBefore;
    const report = decodeFtpReport(printed.toString('utf8'));
    return { report, cpuSeconds, loadSeconds, elsewhere: host.elsewhere(cpuSeconds + loadSeconds) };
  } finally {
    await account.close();
    await server.stop();
  }
}

/** The load program looks at no byte, so that it costs little: one file is compared before. */
async function assertSame(stage: BenchStage, url: string, path: string): Promise<void> {
  const printed = await mustRun(stage.network.asClient(['sh', '-c', 'curl -sSf "$0" | sha256sum', url]));
  const wanted = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (!printed.toString('utf8').startsWith(wanted)) throw new Error(`${url} is not what is in ${path}`);
}

function rowsOf(testCase: FtpCase, outcomes: ReadonlyMap<string, readonly Outcome[]>): readonly BenchRow[] {
  const spread = (name: string, metric: FtpMetric): Spread =>
    spreadOf(
      (outcomes.get(name) ?? []).map(({ report, cpuSeconds }) => FTP_METRICS[metric].of(report, cpuSeconds)),
    );
  const measured = (metric: FtpMetric) => ({
    case: testCase.name,
    metric,
    unit: FTP_METRICS[metric].unit,
    ours: spread(MUSTER, metric),
    runs: outcomes.get(MUSTER)?.length ?? 0,
  });
  const peers = [...outcomes.keys()].filter((name) => name !== MUSTER);
  return [
    ...testCase.compare.flatMap(({ metric, target }) =>
      peers.map((peer) => rowAgainst(measured(metric), peer, spread(peer, metric), target)),
    ),
    ...testCase.alone.map(({ metric, target }) => rowAlone(measured(metric), target)),
  ];
}

function describe({ report, cpuSeconds, loadSeconds, elsewhere }: Outcome): string {
  const { files, bytes, seconds, errors, failure } = report;
  return [
    `${files} files, ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s`,
    `server CPU ${cpuSeconds.toFixed(2)} s`,
    `load program at ${Math.round((loadSeconds / seconds) * 100)} %`,
    `${Math.round(elsewhere * 100)} % elsewhere`,
    ...(errors === 0 ? [] : [`${errors} ERRORS, the first: ${failure}`]),
  ].join(', ');
}
