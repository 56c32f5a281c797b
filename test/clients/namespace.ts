/**
 * Network namespaces of one's own for tests that run real programs: a DHCP server and its clients on bridges and
 * veth pairs that the host never sees. Needs root, `unshare`, `nsenter`, `setpriv` (util-linux) and `ip`.
 *
 *     describeInNamespace('dhclient gets an address', () => {
 *       let namespace: NetworkNamespace;
 *       beforeAll(async () => {
 *         namespace = await makeNamespace();
 *         await namespace.ip('link add br0 type bridge', 'address add 10.77.0.1/24 dev br0', 'link set br0 up');
 *       });
 *       afterAll(() => namespace.close());
 *
 *       test('…', async () => {
 *         const server = namespace.startScript('test/clients/some-child.ts', ['br0']);
 *         await server.waitFor(/listening/);
 *         const { stdout } = await namespace.run('ip', ['-json', 'address']);
 *         expect((await server.stop()).code).toBe(0);
 *       });
 *     });
 *
 * A namespace has no name in the file system: a holder process keeps it, whose standard input is a pipe from this
 * process. When the pipe closes, by `close()` or because this process was killed, the holder ends every process
 * that is in the namespace and then itself, and the kernel takes the namespace with all its interfaces away. So
 * nothing is left behind, even after `kill -9`. Each namespace has its own mounts, where `/sys` is that of the
 * namespace (else `/sys/class/net` would show the host's interfaces).
 *
 * Two namespaces are joined by a veth pair: `await a.ip('link add v0 type veth peer name v1 netns ' + b.pid)`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Finished, RunningProgram, WAIT_MS } from './running-program.ts';

export interface RunOptions {
  /** The program is killed after this; default 20 s. */
  readonly timeoutMs?: number;
  /** Given on standard input, which is then closed. */
  readonly input?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the root of the repository. */
  readonly cwd?: string;
}

/** How long a program that was started may live, whatever the test does. */
const LONGEST_LIFE_MS = 300_000;

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/**
 * `describe`, where namespaces can be made. Elsewhere the suite is skipped with the reason in its title, or, with
 * CI set, it is one failing test: nothing is skipped silently there.
 */
export function describeInNamespace(title: string, suite: () => void): void {
  const because = whyNoNamespace();
  if (because === undefined) describe(title, suite);
  else if (process.env['CI']) test(title, () => expect.fail(because));
  else describe.skip(`${title} (skipped: ${because})`, suite);
}

/** Why this process cannot make network namespaces; undefined when it can. */
function whyNoNamespace(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root: run the tests with sudo';
  const tried = spawnSync('unshare', ['--net', '--mount', '--', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
    timeout: WAIT_MS,
  });
  if (tried.error) return `unshare does not run (${tried.error.message}): install util-linux and iproute2`;
  return tried.status === 0 ? undefined : `no network namespace can be made here: ${tried.stderr.trim()}`;
}

/**
 * Says the holder's PID, waits for the end of its input, then ends whatever is left in its namespace. `comm` of the
 * processes is of no interest: whoever is in this namespace was started for it.
 */
const HOLDER = `
mount -t sysfs sysfs /sys && ip link set lo up && echo ready $$ || exit 1
cat >/dev/null
own=$(readlink /proc/$$/ns/net)
for tried in 1 2 3; do
  for process in /proc/[0-9]*; do
    pid=\${process#/proc/}
    [ "$pid" = $$ ] && continue
    [ "$(readlink "$process/ns/net" 2>/dev/null)" = "$own" ] && kill -KILL "$pid" 2>/dev/null
  done
done
exit 0`;

export async function makeNamespace(): Promise<NetworkNamespace> {
  const holder = spawn('unshare', ['--net', '--mount', '--', 'setsid', 'sh', '-c', HOLDER]);
  const watched = new RunningProgram(holder, 'the holder of the namespace', undefined);
  const [, pid] = await watched.waitFor(/^ready (\d+)$/m, WAIT_MS);
  return new NetworkNamespace(watched, Number(pid));
}

export class NetworkNamespace {
  /** A process in the namespace, for `ip link set … netns PID`. */
  readonly pid: number;
  readonly #holder: RunningProgram;
  readonly #programs = new Set<RunningProgram>();

  constructor(holder: RunningProgram, pid: number) {
    this.#holder = holder;
    this.pid = pid;
  }

  /** Runs `ip` once for each line: `ip('link add br0 type bridge', 'link set br0 up')`. Throws if one fails. */
  async ip(...lines: readonly string[]): Promise<void> {
    await this.run('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
  }

  /** Runs a program to its end. Throws, with what it said, unless it exits with 0. */
  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const finished = await this.tryRun(command, args, options);
    if (finished.code === 0) return finished;
    const how = finished.signal ? `was ended by ${finished.signal}` : `exited with ${finished.code}`;
    throw new Error(`${[command, ...args].join(' ')} ${how}\n${finished.stdout}\n${finished.stderr}`);
  }

  /** Runs a program to its end, whatever its exit code. */
  async tryRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const program = this.start(command, args, { timeoutMs: WAIT_MS, ...options });
    program.endInput(options.input);
    return program.finished;
  }

  /** Starts a program that goes on; it dies with this process, with the namespace, and after `timeoutMs`. */
  start(command: string, args: readonly string[], options: RunOptions = {}): RunningProgram {
    const enter = ['--target', String(this.pid), '--net', '--mount', '--'];
    const boundToUs = ['setpriv', '--pdeathsig', 'KILL', '--'];
    // Entering other mounts leads to their root folder.
    const inFolder = ['env', `--chdir=${options.cwd ?? REPOSITORY}`, command, ...args];
    const child = spawn('nsenter', [...enter, ...boundToUs, ...inFolder], {
      env: { ...process.env, ...options.env },
      // A process group of its own, so that stopping it also reaches what it started.
      detached: true,
    });
    const program = new RunningProgram(child, command, options.timeoutMs ?? LONGEST_LIFE_MS);
    this.#programs.add(program);
    void program.finished.then(() => this.#programs.delete(program));
    return program;
  }

  /** Runs a TypeScript file of this repository (path from its root) with Node in the namespace. */
  runScript(path: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Finished> {
    return this.run(process.execPath, ['--import', 'tsx', path, ...args], options);
  }

  startScript(path: string, args: readonly string[] = [], options: RunOptions = {}): RunningProgram {
    return this.start(process.execPath, ['--import', 'tsx', path, ...args], options);
  }

  /** Ends every program in it and takes it away, with all its interfaces. */
  async close(): Promise<void> {
    // Together: a program counts as ended when its pipes are closed, and what it left behind may hold them.
    this.#holder.endInput();
    await Promise.all([...this.#programs].map((program) => program.stop('SIGKILL')));
    await this.#holder.finished;
  }
}
