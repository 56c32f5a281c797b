import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun } from '../../src/lab/run-program.ts';

/** A network card of a neighbour. */
export interface NeighbourCard {
  /** What the neighbour calls it. */
  readonly name: string;
  /** The bridge of the lab that it is plugged into. */
  readonly bridge: string;
  /** With the length of its prefix: `192.168.122.2/24`. */
  readonly address: string;
}

export interface NeighbourShape {
  readonly name: string;
  readonly cards: readonly NeighbourCard[];
  /** Lines of a shell, once the cards are there. */
  readonly setUp?: readonly string[];
  /** What runs there, as lines of a shell that do not end. */
  readonly programs: readonly string[];
  /** What each of them says when it is ready. */
  readonly ready: readonly RegExp[];
}

const READY_MS = 10_000;
const READY_PAUSE_MS = 100;

/** Another computer on the segments of the lab: a network namespace with cards and programs of its own. */
export class Neighbour {
  readonly #process: ChildProcess;
  readonly #name: string;
  #said = '';

  private constructor(process: ChildProcess, name: string) {
    this.#process = process;
    this.#name = name;
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.#said += bytes.toString('utf8');
      });
  }

  /** @returns when all of its programs are ready. */
  static async start(shape: NeighbourShape): Promise<Neighbour> {
    const { name, cards, setUp = [], programs } = shape;
    const lines = [
      'mount -t sysfs other-sys /sys',
      ...cards.map(({ name: card }) => `while [ ! -e /sys/class/net/${card} ]; do sleep 0.05; done`),
      'ip link set lo up',
      ...cards.flatMap(({ name: card, address }) => [
        // Nobody else has its address, so that it need not wait until that is sure.
        `sysctl -q -w net.ipv6.conf.${card}.accept_dad=0`,
        `ip address add ${address} dev ${card}`,
        `ip link set ${card} up`,
      ]),
      ...setUp,
      ...programs.map((program) => `${program} &`),
      'wait',
    ];
    // A process group of its own, so that a signal reaches the shell and what it started.
    const words = ['--net', '--mount', '--', 'sh', '-c', lines.join('\n')];
    const process = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const neighbour = new Neighbour(process, name);
    // `unshare` becomes the shell, so its namespace is that of the process.
    await sleep(READY_PAUSE_MS);
    for (const [index, card] of cards.entries()) {
      const port = `${name}${index}`;
      for (const command of [
        `link add ${port} type veth peer name ${card.name} netns ${process.pid}`,
        `link set ${port} master ${card.bridge} up`,
      ])
        await mustRun(['ip', ...command.split(' ')]);
    }
    for (const pattern of shape.ready) await neighbour.#untilSaid(pattern);
    return neighbour;
  }

  /** What its programs have logged. */
  get said(): string {
    return this.#said;
  }

  /** Its links go with its namespace. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    process.kill(-pid, 'SIGTERM');
    await ended;
  }

  async #untilSaid(pattern: RegExp): Promise<void> {
    const deadlineMs = performance.now() + READY_MS;
    while (!pattern.test(this.#said)) {
      if (this.#process.exitCode !== null || performance.now() > deadlineMs)
        throw new Error(`The neighbour "${this.#name}" does not run as it should: ${this.#said}`);
      await sleep(READY_PAUSE_MS);
    }
  }
}
