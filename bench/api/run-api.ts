import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_DOOR_FILE, LocalDoor } from '../../src/contract/local-door.ts';
import { API_PREFIX } from '../../src/contract/routes.ts';
import { runProgram } from '../../src/lab/run-program.ts';
import { type BenchRow, type Bound, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { StolenTime } from '../host-load.ts';
import { MeasuredServer } from '../measured-server.ts';
import { quantile, spreadOf } from '../statistics.ts';
import { CALM_TRIES, calmest } from '../turns.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import type { ApiLoadReport, ApiLoadWish } from './api-load-wish.ts';
import { API_ROWS } from './api-rows.ts';
import { API, loadProgram, startFleet, STOLEN_SHARE, whileBooting } from './fleet-stage.ts';

const CASE = 'fleet';
const PEER_PORT = 8068;
const SECONDS = 20;
const QUICK_SECONDS = 10;
const UNCOUNTED_SECONDS = 5;
const STREAMS = 4;
const EVENTS_AT_LEAST: Bound = { is: 'at least', number: 190 };
const ANSWERED_WITHIN: Bound = { is: 'at most', number: 100 };
const NONE: Bound = { is: 'at most', number: 0 };
const LOAD = fileURLToPath(new URL('./api-load.ts', import.meta.url));
const PLAIN = fileURLToPath(new URL('./plain-server.ts', import.meta.url));

interface Measured extends ApiLoadReport {
  /** Seconds of a processor in a second. */
  readonly busy: number;
  /** The share of all processors that the hypervisor took. */
  readonly elsewhere: number;
}

/** 10,000 machines, of which a hundred a second boot, while a page and some programs ask. */
export async function runApi(stage: BenchStage): Promise<readonly BenchRow[]> {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  const { muster, data } = await startFleet(stage, CASE);
  try {
    const door = readFileSync(join(data, LOCAL_DOOR_FILE), 'utf8');
    const { token } = LocalDoor.parse(JSON.parse(door));
    const answers = join(stage.folder, 'answers.json');
    writeFileSync(answers, JSON.stringify(await answersOf(token)));
    for (let run = 1; run <= stage.runs; run += 1) {
      const measure = (): Promise<Measured> => measureMuster(stage, muster.server, token);
      ours.push(await calmest(CALM_TRIES, measure, (one) => sayRun(stage, run, one), STOLEN_SHARE));
      theirs.push(await measurePlain(stage, answers));
    }
  } finally {
    await muster.server.stop();
  }
  return rowsOf(ours, theirs);
}

async function measureMuster(stage: BenchStage, server: MeasuredServer, token: string): Promise<Measured> {
  const seconds = secondsOf(stage);
  return await whileBooting(stage, UNCOUNTED_SECONDS + seconds, () =>
    ask(server, { origin: API, token, seconds, streams: STREAMS }),
  );
}

/** The framework alone, with the same bytes: what is left of the time is ours. */
async function measurePlain(stage: BenchStage, answers: string): Promise<Measured> {
  const plain = await MeasuredServer.start({
    name: 'fastify',
    command: [...TYPESCRIPT_NODE, PLAIN, String(PEER_PORT), answers],
    port: PEER_PORT,
    protocol: 'tcp',
    logPath: join(stage.folder, 'fastify.log'),
    processors: PROCESSORS.all,
  });
  try {
    return await ask(plain, {
      origin: `http://127.0.0.1:${PEER_PORT}`,
      seconds: secondsOf(stage),
      streams: 0,
    });
  } finally {
    await plain.stop();
  }
}

function secondsOf({ quick }: BenchStage): number {
  return quick ? QUICK_SECONDS : SECONDS;
}

/** @param server whose processor time is counted meanwhile. */
async function ask(
  server: MeasuredServer,
  counted: Omit<ApiLoadWish, 'uncountedSeconds'>,
): Promise<Measured> {
  const wish: ApiLoadWish = { ...counted, uncountedSeconds: UNCOUNTED_SECONDS };
  const seconds = wish.uncountedSeconds + wish.seconds;
  const [stolen, cpuBefore] = [new StolenTime(), server.cpuSeconds];
  const { status, stdout, stderr } = await runProgram([...loadProgram(LOAD), JSON.stringify(wish)], {
    timeoutMs: (seconds + 60) * 1000,
  });
  if (status !== 0) throw new Error(`The load program failed: ${stderr}`);
  const busy = (server.cpuSeconds - cpuBefore) / seconds;
  return { ...(JSON.parse(stdout.toString('utf8')) as ApiLoadReport), busy, elsewhere: stolen.share };
}

/** What each row answers once. */
async function answersOf(token: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { name, method, path, body } of API_ROWS) {
    const response = await fetch(`${API}${API_PREFIX}${path(0)}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body(0)) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path(0)} gave ${response.status}: ${await response.text()}`);
    found[name] = await response.text();
  }
  return found;
}

function sayRun(stage: BenchStage, run: number, report: Measured): void {
  const worst = Math.max(...Object.values(report.answersMs).map((times) => quantile(times, 0.99)));
  stage.say(
    `  ${CASE} run ${run}: ${report.eventsPerSecond.toFixed(0)} events a second, p99 of the slowest row ${worst.toFixed(1)} ms, ${percentOf(report)} % stolen`,
  );
}

function percentOf({ elsewhere }: Measured): string {
  return (elsewhere * 100).toFixed(1);
}

function rowsOf(ours: readonly Measured[], theirs: readonly Measured[]): readonly BenchRow[] {
  const alone = (metric: string, unit: string, of: (report: Measured) => number, bound?: Bound): BenchRow =>
    rowAlone({ case: CASE, metric, unit, ours: spreadOf(ours.map(of)), runs: ours.length }, bound);
  const timeOf = (name: string, share: number) => (report: ApiLoadReport) =>
    quantile(report.answersMs[name] ?? [], share);
  const ofRows = API_ROWS.flatMap(({ name }) => {
    const against = (share: number): BenchRow => {
      const metric = `${name}: p${share * 100} beside the framework alone`;
      const measured = { case: CASE, metric, unit: 'ms', runs: ours.length };
      const spread = spreadOf(ours.map(timeOf(name, share)));
      return rowAgainst({ ...measured, ours: spread }, 'fastify', spreadOf(theirs.map(timeOf(name, share))));
    };
    return [against(0.5), against(0.99), alone(`${name}: p99`, 'ms', timeOf(name, 0.99), ANSWERED_WITHIN)];
  });
  const refusedIn = ({ refused }: ApiLoadReport) =>
    Object.values(refused).reduce((sum, count) => sum + count, 0);
  return [
    ...ofRows,
    alone('events a second', '1/s', ({ eventsPerSecond }) => eventsPerSecond, EVENTS_AT_LEAST),
    alone('an event until it is read: p50', 'ms', ({ eventsMs }) => quantile(eventsMs, 0.5)),
    alone('an event until it is read: p99', 'ms', ({ eventsMs }) => quantile(eventsMs, 0.99)),
    alone('processor time, DHCP among it', 's/s', ({ busy }) => busy),
    alone('processor time that the hypervisor took', '%', ({ elsewhere }) => elsewhere * 100),
    alone('requests refused', '', refusedIn, NONE),
  ];
}
