/**
 * The whole program `muster up` as a process in a network namespace, and its commands, whose answers are read as
 * JSON. Its data is in a temporary folder that `close()` takes away.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { WireEvent } from '../../src/contract/events.ts';
import type { Lease } from '../../src/contract/subnet-schemas.ts';
import { makeNamespace, type NetworkNamespace } from './namespace.ts';
import { type Finished, type RunningProgram, WAIT_MS } from './running-program.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** `isBuilt` looks whether anything is newer than the bundle. */
const BUILD = `const { isBuilt, build } = await import('./scripts/build.mjs'); if (!isBuilt()) await build();`;
/** From its start; looking for other DHCP servers takes two of them. */
const BOX_MS = 20_000;
/** The frame is of plain characters, since no locale is set. */
const BOX = /^\+-+\+\n(?:\|.*\|\n)+\+-+\+$/m;
const MAX_EVENTS = '500';
const METRICS = 'http://127.0.0.1:8067/metrics';

/** How long `expect.poll` looks for an event. */
export const EVENT_WAIT = { timeout: 10_000, interval: 100 } as const;

export const SERVER_ADDRESS = '192.168.122.1';

/** What a user of the classic set-up has configured: `muster subnet add lab …`. */
export const CLASSIC_SUBNET: readonly string[] = [
  '--network=192.168.122.0/24',
  '--range=192.168.122.100-192.168.122.200',
  '--router=192.168.122.1',
  '--dns=192.168.122.1,192.168.122.2',
  '--domain=lab.example',
  '--lease-time=21600',
  '--max-lease-time=43200',
];

/** A server's namespace with the bridge `br0`, where machines are plugged in. */
export class Segment {
  readonly server: NetworkNamespace;
  readonly #machines: NetworkNamespace[] = [];

  private constructor(server: NetworkNamespace) {
    this.server = server;
  }

  static async make(): Promise<Segment> {
    const server = await makeNamespace();
    await server.ip(
      // Without an address of its own, it would take those of its ports, one after another.
      'link add br0 address 52:54:00:ff:00:01 type bridge',
      `address add ${SERVER_ADDRESS}/24 dev br0`,
      'link set br0 up',
    );
    return new Segment(server);
  }

  /** A namespace whose `eth0` has this MAC address and is a port of the bridge. */
  async plugIn(mac: string): Promise<NetworkNamespace> {
    const machine = await makeNamespace();
    this.#machines.push(machine);
    const port = this.#portOf(machine);
    await this.server.ip(
      `link add ${port} master br0 type veth peer name eth0 address ${mac} netns ${machine.pid}`,
      `link set ${port} up`,
    );
    await machine.ip('link set eth0 up');
    return machine;
  }

  async pullCable(machine: NetworkNamespace): Promise<void> {
    await this.server.ip(`link set ${this.#portOf(machine)} down`);
  }

  async putCableBack(machine: NetworkNamespace): Promise<void> {
    await this.server.ip(`link set ${this.#portOf(machine)} up`);
  }

  #portOf(machine: NetworkNamespace): string {
    return `port${this.#machines.indexOf(machine) + 1}`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#machines, this.server].map((namespace) => namespace.close()));
  }
}

export interface MusterOptions {
  /** Environment variables such as MUSTER_TFTP_ROOT. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Runs it as an ordinary user with these capabilities, such as `net_raw`, and no others. */
  readonly capabilities?: readonly string[];
}

/** Called nobody. */
const ORDINARY_USER = 65_534;

export class MusterInNamespace {
  /** Its settings file, its data, and whatever a test puts there. */
  readonly folder: string;
  readonly #namespace: NetworkNamespace;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #capabilities: readonly string[] | undefined;
  #program: RunningProgram | undefined;
  #follower: RunningProgram | undefined;

  constructor(namespace: NetworkNamespace, { settings = {}, capabilities }: MusterOptions = {}) {
    buildOnce();
    this.#namespace = namespace;
    this.#capabilities = capabilities;
    this.folder = mkdtempSync(join(tmpdir(), 'muster-process-'));
    for (const name of ['data', 'program']) mkdirSync(join(this.folder, name));
    writeFileSync(this.settingsFile, '');
    if (capabilities !== undefined)
      for (const name of ['', 'data']) chownSync(join(this.folder, name), ORDINARY_USER, ORDINARY_USER);
    this.#environment = {
      MUSTER_DATA_FOLDER: join(this.folder, 'data'),
      MUSTER_INTERFACES: 'br0',
      LC_ALL: 'C',
      ...settings,
    };
  }

  get settingsFile(): string {
    return join(this.folder, 'muster.yaml');
  }

  /** The process of `muster up`, once it was started. */
  get program(): RunningProgram {
    if (!this.#program) throw new Error('Muster was not started yet');
    return this.#program;
  }

  /** Runs it, and does not wait until it serves. */
  start(): RunningProgram {
    const [command = '', ...words] = this.#commandLine(['up', '--config', this.settingsFile]);
    const options = { env: this.#environment, cwd: this.folder };
    this.#program = this.#namespace.start(command, words, options);
    return this.#program;
  }

  #commandLine(words: readonly string[]): readonly string[] {
    if (this.#capabilities === undefined) return musterCommand(words);
    // The repository may lie where ordinary users may not look, such as root's home.
    const visible = join(this.folder, 'program');
    const mountAndRun = 'mount --bind "$0" "$1" && shift && exec "$@"';
    const muster = [process.execPath, join(visible, 'bin/muster.mjs'), ...words];
    return ['sh', '-c', mountAndRun, REPOSITORY, visible, ...asOrdinaryUser(this.#capabilities), ...muster];
  }

  /** Runs it until it serves. @returns the text of its box, without the frame, each wrapped sentence in one line. */
  async up(): Promise<string> {
    const [box] = await this.start().waitFor(BOX, BOX_MS);
    // It goes on by itself after a restart of the server.
    const [command = '', ...words] = musterCommand(['events', '-f', '--limit', MAX_EVENTS, '-o', 'json']);
    if (this.#follower === undefined) {
      this.#follower = this.#namespace.start(command, words, { env: this.#environment });
      // A server that stops before it was reached once is one that is not there, and the follower ends: so it does, too,
      // where the API is off.
      await this.#follower.waitFor(/\n/).catch(() => undefined);
    }
    return unwrapped(box);
  }

  /** A command, whatever its exit code. */
  tryRun(...words: readonly string[]): Promise<Finished> {
    return this.tryRunFor(WAIT_MS, ...words);
  }

  /** The same, of one that takes its time by itself. */
  tryRunFor(timeoutMs: number, ...words: readonly string[]): Promise<Finished> {
    const [command = '', ...rest] = musterCommand(words);
    return this.#namespace.tryRun(command, rest, { env: this.#environment, timeoutMs });
  }

  /** A command that must succeed, and what it answers. */
  async run<T = unknown>(...words: readonly string[]): Promise<T> {
    const [command = '', ...rest] = musterCommand([...words, '-o', 'json']);
    const { stdout } = await this.#namespace.run(command, rest, { env: this.#environment });
    return (stdout === '' ? undefined : JSON.parse(stdout)) as T;
  }

  /** What `muster events -f` has told of this kind so far, oldest first; for `expect.poll`. */
  readonly told = (kind: WireEvent['kind']): readonly WireEvent[] => {
    const lines = (this.#follower?.stdout ?? '').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as WireEvent).filter((event) => event.kind === kind);
  };

  async leases(): Promise<readonly z.output<typeof Lease>[]> {
    return await this.run('lease', 'ls');
  }

  /** A number that `/metrics` has under this name and these labels; 0 where it has none yet. */
  async metric(name: string): Promise<number> {
    const { stdout } = await this.#namespace.run('curl', ['-sS', METRICS]);
    const line = stdout.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? 0);
  }

  /** Ends what runs, and takes its folder away. */
  async close(): Promise<void> {
    await this.#follower?.stop();
    await this.#program?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The program as it is installed. */
function musterCommand(words: readonly string[]): readonly string[] {
  return [process.execPath, join(REPOSITORY, 'bin/muster.mjs'), ...words];
}

function asOrdinaryUser(capabilities: readonly string[]): readonly string[] {
  const only = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  const sets = ['--inh-caps', '--ambient-caps', '--bounding-set'].map((set) => `${set}=${only}`);
  const user = [`--reuid=${ORDINARY_USER}`, `--regid=${ORDINARY_USER}`, '--clear-groups'];
  return ['setpriv', ...user, ...sets, '--no-new-privs', '--'];
}

let isBuilt = false;

function buildOnce(): void {
  if (isBuilt) return;
  const built = spawnSync(process.execPath, ['--input-type=module', '--eval', BUILD], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`Muster could not be built: ${built.stderr}`);
  isBuilt = true;
}

/** A line that begins with a label or after an empty one is a new entry; the others go on where the last one ended. */
function unwrapped(box: string): string {
  return box
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(2, -2).trim())
    .join(' ')
    .replaceAll(/ +/g, ' ');
}
