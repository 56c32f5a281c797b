import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Processor time of everything a server is, its threads and its children that have ended included: from a control
 * group made for it. Version 2 counts in `cpu.stat` of every group; version 1 in `cpuacct.usage`.
 */

/** Where control groups are, each with the file that counts and the unit of its number in seconds. */
const PLACES = [
  { folder: '/sys/fs/cgroup', marker: 'cgroup.controllers', file: 'cpu.stat', unitSeconds: 1e-6 },
  { folder: '/sys/fs/cgroup/unified', marker: 'cgroup.controllers', file: 'cpu.stat', unitSeconds: 1e-6 },
  { folder: '/sys/fs/cgroup/cpuacct', marker: 'cpuacct.usage', file: 'cpuacct.usage', unitSeconds: 1e-9 },
  { folder: '/sys/fs/cgroup/cpu,cpuacct', marker: 'cpuacct.usage', file: 'cpuacct.usage', unitSeconds: 1e-9 },
] as const;
const PREFIX = 'muster-bench-';
const END_TIMEOUT_MS = 5000;

export class CpuAccount {
  readonly #folder: string;
  readonly #file: string;
  readonly #unitSeconds: number;

  private constructor(folder: string, file: string, unitSeconds: number) {
    this.#folder = folder;
    this.#file = file;
    this.#unitSeconds = unitSeconds;
  }

  /** @throws Error when no control group can be made here. */
  static open(name: string): CpuAccount {
    const refusals: string[] = [];
    for (const { folder, marker, file, unitSeconds } of PLACES) {
      if (!existsSync(join(folder, marker))) continue;
      const own = join(folder, `${PREFIX}${name}`);
      try {
        mkdirSync(own, { recursive: true });
        return new CpuAccount(own, join(own, file), unitSeconds);
      } catch (error) {
        refusals.push(String(error));
      }
    }
    throw new Error(
      `The processor time of a server is counted by a control group, and none can be made here: ${refusals.join('; ') || 'no cgroup file system is mounted'}`,
    );
  }

  /** Takes away groups that an earlier run left: they hold no process any more, or they stay. */
  static sweep(): void {
    for (const { folder } of PLACES) {
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder)) if (name.startsWith(PREFIX)) tryRemove(join(folder, name));
    }
  }

  /** The command as it runs inside the group. */
  inside(command: readonly string[]): readonly string[] {
    const join = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
    return ['sh', '-c', join, this.#folder, ...command];
  }

  /** Used since the group was made, in seconds. */
  get seconds(): number {
    const text = readFileSync(this.#file, 'utf8');
    const number = /^usage_usec (\d+)$/m.exec(text)?.[1] ?? text.trim();
    return Number(number) * this.#unitSeconds;
  }

  /** As this process sees them. */
  get pids(): readonly number[] {
    return readFileSync(join(this.#folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** Ends what is left in the group, and the group. */
  async close(): Promise<void> {
    const deadlineMs = performance.now() + END_TIMEOUT_MS;
    while (!tryRemove(this.#folder)) {
      if (performance.now() > deadlineMs) throw new Error(`${this.#folder} cannot be emptied`);
      for (const pid of this.pids) if (pid > 0) endNow(pid);
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
