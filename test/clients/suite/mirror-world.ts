import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { MusterInNamespace, Segment, SERVER_ADDRESS } from '../muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from '../namespace.ts';
import type { RunningProgram } from '../running-program.ts';

/** Below it each mirror has a folder of its name. */
export const MIRRORS = `http://${SERVER_ADDRESS}:8080/mirrors`;
export const UPSTREAM = '192.168.122.50';
/** After so long Muster asks for the indexes anew. */
const CHECK_SECONDS = 1;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** As `describeInNamespace`; skipped with its reason where one of these programs is missing. */
export function describeWithPrograms(programs: readonly string[], title: string, suite: () => void): void {
  const missing = programs.filter((path) => spawnSync('test', ['-x', path]).status !== 0);
  if (missing.length === 0) describeInNamespace(title, suite);
  else
    describeInNamespace(`${title} (skipped: ${missing.join(', ')} missing)`, () => test.skip(title, suite));
}

/** A server with Muster, a machine, and a server of repositories that is elsewhere. */
export class MirrorWorld {
  readonly muster: MusterInNamespace;
  readonly machine: NetworkNamespace;
  /** What the upstream serves. */
  readonly repository: string;
  readonly #segment: Segment;
  readonly #elsewhere: NetworkNamespace;
  #upstream: RunningProgram | undefined;

  private constructor(segment: Segment, machine: NetworkNamespace, elsewhere: NetworkNamespace) {
    this.#segment = segment;
    this.machine = machine;
    this.#elsewhere = elsewhere;
    this.muster = new MusterInNamespace(segment.server, {
      settings: { MUSTER_MIRRORS_CHECK_SECONDS: String(CHECK_SECONDS) },
    });
    this.repository = this.folder('repository');
  }

  static async make(): Promise<MirrorWorld> {
    const segment = await Segment.make();
    const machine = await segment.plugIn('52:54:00:00:00:91');
    const elsewhere = await segment.plugIn('52:54:00:00:00:50');
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    await elsewhere.ip(`address add ${UPSTREAM}/24 dev eth0`);
    return new MirrorWorld(segment, machine, elsewhere);
  }

  /** One that is taken away with all else. */
  folder(name: string): string {
    const path = join(this.muster.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Into the repository. */
  readonly put = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(join(this.repository, path)), { recursive: true });
    writeFileSync(join(this.repository, path), bytes);
  };

  read(path: string): Buffer {
    return readFileSync(join(this.repository, path));
  }

  get upstream(): RunningProgram {
    if (!this.#upstream) throw new Error('The upstream was not started yet');
    return this.#upstream;
  }

  async startUpstream(): Promise<void> {
    const words = [this.repository, UPSTREAM, '80'];
    this.#upstream = this.#elsewhere.startScript('test/clients/mirror-upstream-child.ts', words);
    await this.#upstream.waitFor(/listening/);
  }

  /** It is gone, and Muster's time to ask it anew has come. */
  async takeUpstreamAway(): Promise<void> {
    await this.upstream.stop('SIGKILL');
    await this.waitForCheck();
  }

  async waitForCheck(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, CHECK_SECONDS * 1000 + 100));
  }

  /** How often the upstream that runs now was asked for files whose path begins so. */
  askedFor(path: string): number {
    return this.upstream.stdout.split('\n').filter((line) => line.startsWith(`GET ${path}`)).length;
  }

  async curl(path: string, ...words: readonly string[]): Promise<string> {
    return (await this.machine.run('curl', ['-sS', ...words, `${MIRRORS}/${path}`])).stdout;
  }

  async status(path: string): Promise<string> {
    return await this.curl(path, '-o', '/dev/null', '-w', '%{http_code}');
  }

  async close(): Promise<void> {
    await this.muster.close();
    await this.#segment.close();
  }
}

export function must(program: string, words: readonly string[], cwd: string, input?: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} failed: ${String(stderr)}`);
  return stdout;
}
