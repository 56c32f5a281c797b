import { copyFile, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventFeed } from '../../src/lab/event-feed.ts';
import { API_URL, MusterProcess } from '../../src/lab/muster-process.ts';
import { LAB_NETWORK, setUpPrivateNetwork } from '../../src/lab/private-network.ts';
import type { MachineShape } from '../../src/lab/qemu-command.ts';
import { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import { musterCommand } from './muster-command.ts';
import { WireCapture } from './wire-capture.ts';

export interface Phase {
  readonly text: string;
  /** Milliseconds since the boot's beginning. */
  readonly atMs: number;
}

/** `with its pauses`: nobody answers the boot ROM's search for an IPv6 router. */
export type BootSpeed = 'quick' | 'with its pauses';

/** Larger files explain no failure; disks are not kept. */
const EVIDENCE_MAX_BYTES = 250 * 1024 * 1024;
const EVIDENCE = /\.(?:log|console|png|pcap)\d?$/;
const CONSOLE_LINES_SHOWN = 15;
/** A processor that stands still shows the same address several times. */
const LOOKS = 5;
const LOOK_PAUSE_MS = 200;

/** One boot's surroundings inside the private network: Muster, machines, the wire; and its phases. */
export class BootStage {
  readonly name: string;
  readonly scratchFolder: string;
  readonly wire: WireCapture;
  readonly feed: EventFeed;
  readonly phases: Phase[] = [];
  readonly #speed: BootSpeed;
  readonly #startedAtMs = performance.now();
  readonly #machines: VirtualMachine[] = [];
  readonly #captures: WireCapture[] = [];
  #muster: MusterProcess | undefined;

  private constructor(name: string, speed: BootSpeed, scratchFolder: string, wire: WireCapture) {
    this.name = name;
    this.#speed = speed;
    this.scratchFolder = scratchFolder;
    this.wire = wire;
    this.feed = new EventFeed(API_URL, this.path('data'));
  }

  static async open(name: string, speed: BootSpeed = 'quick'): Promise<BootStage> {
    const { scratchFolder } = await setUpPrivateNetwork();
    const wire = await WireCapture.start(LAB_NETWORK.bridge, join(scratchFolder, 'wire.pcap'));
    return new BootStage(name, speed, scratchFolder, wire);
  }

  path(file: string): string {
    return join(this.scratchFolder, file);
  }

  /** Prints what was reached, with the seconds. */
  phase(text: string): void {
    const phase = { text, atMs: performance.now() - this.#startedAtMs };
    this.phases.push(phase);
    process.stdout.write(`  ${(phase.atMs / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  }

  /** @param settings further `MUSTER_*` variables. */
  async startMuster(settings: Readonly<Record<string, string>> = {}): Promise<MusterProcess> {
    this.#muster = await MusterProcess.start({
      command: musterCommand(),
      settings: {
        MUSTER_DATA_FOLDER: this.path('data'),
        MUSTER_INTERFACES: LAB_NETWORK.bridge,
        MUSTER_LOG_FORMAT: 'text',
        MUSTER_IPV6_ROUTER_ADVERTISEMENT: this.#speed === 'quick' ? 'auto' : 'off',
        ...settings,
      },
      logPath: this.path('muster.log'),
    });
    this.feed.start();
    this.phase('Muster answers');
    return this.#muster;
  }

  /** Records another interface too. */
  async capture(interfaceName: string): Promise<WireCapture> {
    const capture = await WireCapture.start(interfaceName, this.path(`${interfaceName}.pcap`));
    this.#captures.push(capture);
    return capture;
  }

  /** On the lab's own segment, unless it says which tap. */
  async powerOn(
    shape: Omit<MachineShape, 'folder' | 'tap'> & Partial<Pick<MachineShape, 'tap'>>,
  ): Promise<VirtualMachine> {
    const machine = await VirtualMachine.powerOn({
      tap: LAB_NETWORK.tap,
      ...shape,
      folder: this.scratchFolder,
    });
    this.#machines.push(machine);
    this.phase(`${shape.name} is switched on`);
    return machine;
  }

  /**
   * Ends everything in order.
   *
   * @throws Error when Muster does not end as it should: SIGTERM, status 0.
   */
  async close(): Promise<void> {
    this.feed.stop();
    for (const machine of this.#machines) await machine.powerOff();
    const status = await this.#muster?.stop();
    for (const capture of [this.wire, ...this.#captures]) await capture.stop();
    if (status !== undefined && status !== 0)
      throw new Error(`"muster up" ended with status ${status} after SIGTERM`);
  }

  /** Prints the last words of everyone and keeps what explains a failure; call it before `close`. */
  async keepEvidence(error: unknown): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `muster-boot-${this.name}-`));
    await writeFile(join(folder, 'failure.log'), describe(error));
    await writeFile(
      join(folder, 'timeline.log'),
      this.feed.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    );
    for (const machine of this.#machines) await this.#showLastWords(machine);
    if (this.#muster) process.stdout.write(`  last lines of Muster:\n${await this.#muster.lastWords()}\n`);
    for (const file of await readdir(this.scratchFolder)) {
      const from = this.path(file);
      if (EVIDENCE.test(file) && (await stat(from)).size <= EVIDENCE_MAX_BYTES)
        await copyFile(from, join(folder, file));
    }
    return folder;
  }

  async #showLastWords(machine: VirtualMachine): Promise<void> {
    const { name } = machine.shape;
    const lines = machine.lastLines(CONSOLE_LINES_SHOWN).map((line) => `    ${line}\n`);
    process.stdout.write(`  last lines of ${name}:\n${lines.join('')}`);
    if (machine.hasEnded) return;
    try {
      await machine.takePicture(this.path(`${name}-failed.png`));
      const looks: string[] = [];
      for (let look = 0; look < LOOKS; look += 1) {
        looks.push(await machine.readRegisters());
        await sleep(LOOK_PAUSE_MS);
      }
      await writeFile(this.path(`${name}-registers.log`), looks.join('\n'));
    } catch (error) {
      process.stdout.write(`  no picture of its screen: ${describe(error)}\n`);
    }
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
