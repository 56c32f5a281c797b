import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LAB_NETWORK } from '../../src/lab/private-network.ts';

const READY_MS = 10_000;
const READY_PAUSE_MS = 50;

/** A dnsmasq in Muster's place: addresses, the name of a loader, and TFTP, with all else as it comes. */
export class DnsmasqServer {
  readonly #process: ChildProcess;
  #said = '';

  private constructor(process: ChildProcess) {
    this.#process = process;
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.#said += bytes.toString('utf8');
      });
  }

  /** @param root the folder whose files it serves. @returns when it listens. */
  static async start(root: string): Promise<DnsmasqServer> {
    const { bridge, firstAddress, lastAddress } = LAB_NETWORK;
    const words = [
      ['--no-daemon', '--conf-file=/dev/null', '--user=root', '--port=0'],
      [`--interface=${bridge}`, '--bind-interfaces', '--leasefile-ro'],
      [`--dhcp-range=${firstAddress},${lastAddress},1h`, '--dhcp-boot=pxelinux.0'],
      ['--enable-tftp', `--tftp-root=${root}`],
    ].flat();
    const server = new DnsmasqServer(spawn('dnsmasq', words, { stdio: ['ignore', 'pipe', 'pipe'] }));
    const deadlineMs = performance.now() + READY_MS;
    while (!/DHCP, sockets bound/.test(server.#said)) {
      if (server.#process.exitCode !== null || performance.now() > deadlineMs)
        throw new Error(`dnsmasq did not start: ${server.#said}`);
      await sleep(READY_PAUSE_MS);
    }
    return server;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}
