import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEALTH_PATH, METRICS_PATH } from '../src/contract/routes.ts';
import { runProgram } from '../src/lab/run-program.ts';
import { BENCH_NETWORK } from './bench-network.ts';
import { MeasuredServer } from './measured-server.ts';

const PROGRAM = fileURLToPath(new URL('../bin/muster.mjs', import.meta.url));
const HEALTH_TIMEOUT_MS = 2000;
const COMMAND_TIMEOUT_MS = 60_000;
const API = 'http://127.0.0.1:8067';

export interface MusterWish {
  /** Is made when it is not there; its data lies in it. */
  readonly folder: string;
  readonly port: number;
  /** UDP when it is left out. */
  readonly protocol?: 'udp' | 'tcp';
  readonly processors: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Muster as a user runs it: the built program, its data on disk, configured by its own command line. */
export class MusterUnderTest {
  readonly server: MeasuredServer;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(server: MeasuredServer, environment: NodeJS.ProcessEnv) {
    this.server = server;
    this.#environment = environment;
  }

  /** @throws Error with its last words when it does not serve. */
  static async start({
    folder,
    port,
    protocol = 'udp',
    processors,
    settings = {},
  }: MusterWish): Promise<MusterUnderTest> {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    const environment = {
      ...withoutMuster(process.env),
      MUSTER_DATA_FOLDER: join(folder, 'data'),
      MUSTER_INTERFACES: BENCH_NETWORK.serverInterface,
      ...settings,
    };
    const server = await MeasuredServer.start({
      name: 'muster',
      command: [process.execPath, PROGRAM, 'up'],
      environment,
      port,
      protocol,
      isReady: isHealthy,
      logPath: join(folder, 'muster.log'),
      processors,
    });
    return new MusterUnderTest(server, environment);
  }

  /** Runs `muster WORDS…`. @returns what it printed. @throws Error with what it said when it fails. */
  async command(words: readonly string[]): Promise<string> {
    const result = await runProgram([process.execPath, PROGRAM, ...words], {
      environment: this.#environment,
      timeoutMs: COMMAND_TIMEOUT_MS,
    });
    if (result.status !== 0) throw new Error(`"muster ${words.join(' ')}" failed: ${result.stderr.trim()}`);
    return result.stdout.toString('utf8');
  }

  /** What `/metrics` says now. */
  async metrics(): Promise<string> {
    const answer = await fetch(`${API}${METRICS_PATH}`, { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`GET ${METRICS_PATH} gave ${answer.status}`);
    return await answer.text();
  }
}

/** Settings of whoever started the benchmark must not reach into it. */
function withoutMuster(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || name.startsWith('MUSTER_') ? [] : [[name, value]],
    ),
  );
}

async function isHealthy(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
    return (await fetch(`${API}${HEALTH_PATH}`, { signal })).ok;
  } catch {
    return false;
  }
}
