import { type ChildProcess, spawn } from 'node:child_process';
import { CAPTURE_NEEDS, requireOnHost } from '../../src/lab/host-programs.ts';
import { mustRun } from '../../src/lab/run-program.ts';

/** What a machine and Muster say to each other; of files only the beginnings of their packets. */
const FILTER = 'udp or arp or tcp or icmp6';
const SNAP_BYTES = 600;
const MAX_MEGABYTES = 200;
const READY_TIMEOUT_MS = 5_000;

/** Records an interface with tcpdump, for questions afterwards and as evidence. */
export class WireCapture {
  readonly path: string;
  readonly #process: ChildProcess;

  private constructor(path: string, process: ChildProcess) {
    this.path = path;
    this.#process = process;
  }

  /** @returns when it records. */
  static async start(interfaceName: string, path: string): Promise<WireCapture> {
    const tcpdump = requireOnHost(CAPTURE_NEEDS[0]);
    const words = [
      ['-i', interfaceName, '-n', '-U'],
      ['-s', String(SNAP_BYTES)],
      ['-w', path],
      ['-C', String(MAX_MEGABYTES), '-W', '1', '-Z', 'root', FILTER],
    ];
    const child = spawn(tcpdump, words.flat(), { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('tcpdump did not begin')), READY_TIMEOUT_MS);
      child.on('error', reject);
      child.stderr.on('data', (bytes: Buffer) => {
        if (!bytes.includes('listening on')) return;
        clearTimeout(timer);
        resolve();
      });
    });
    return new WireCapture(path, child);
  }

  /** Every packet that fits, in tcpdump's words; a packet may have several lines. */
  async packets(filter: string): Promise<readonly string[]> {
    const said = await mustRun(['tcpdump', '-r', this.path, '-n', '-v', filter]);
    return said
      .toString('utf8')
      .split(/\n(?=\d\d:\d\d:\d\d\.)/)
      .filter((packet) => packet !== '');
  }

  /** When each packet that fits was on the wire, in milliseconds since 1970-01-01 UTC. */
  async timesMs(filter: string): Promise<readonly number[]> {
    const said = await mustRun(['tcpdump', '-r', this.path, '-n', '-tt', filter]);
    return Array.from(
      said.toString('utf8').matchAll(/^(\d+\.\d+) /gm),
      ([, seconds]) => Number(seconds) * 1000,
    );
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#process.on('close', () => resolve()));
    this.#process.kill('SIGTERM');
    await ended;
  }
}
