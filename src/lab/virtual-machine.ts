import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConsoleLines, plainText } from './console-lines.ts';
import { decodePpm, encodePng } from './png-picture.ts';
import { emulatorPath, type MachineShape, prepareFlash, qemuCommand } from './qemu-command.ts';
import { QmpConnection } from './qmp-connection.ts';

export interface ConsoleLine {
  readonly text: string;
  /** Milliseconds since power-on. */
  readonly atMs: number;
}

/** What a machine does that its console does not say. */
export type MachineHappening = 'reset' | 'powered off' | 'ended';

/** Only the last lines are kept in memory; the file has them all. */
const LINES_KEPT = 20_000;
/** Where a PC keeps the characters of its screen, each with a byte for its colour. */
const VGA_TEXT_ADDRESS = 0xb8000;
const TEXT_COLUMNS = 80;
const TEXT_ROWS = 25;
const STOP_PATIENCE_MS = 2_000;
/** Characters of QEMU's complaints that are kept. */
const STDERR_KEPT = 2_000;
/** One restart of the guest is told by QEMU up to three times (reset by the CPU, the keyboard controller, ACPI). */
const ONE_RESET_MS = 1_000;

/** A running virtual machine: its console as lines, its screen, its keyboard. */
export class VirtualMachine {
  readonly shape: MachineShape;
  readonly poweredOnAtMs: number;
  readonly #process: ChildProcess;
  readonly #console = new ConsoleLines();
  readonly #lines: ConsoleLine[] = [];
  readonly #lineListeners = new Set<(line: ConsoleLine) => void>();
  readonly #happeningListeners = new Set<(happening: MachineHappening) => void>();
  #stderr = '';
  #ended = false;
  #resetAtMs = Number.NEGATIVE_INFINITY;
  #qmp: QmpConnection | undefined;
  /** How it ended: in words. */
  readonly ended: Promise<string>;

  private constructor(shape: MachineShape, command: readonly string[]) {
    this.shape = shape;
    const [program = '', ...words] = command;
    // In a process group of its own: Ctrl-C is for whoever runs the machine, who then pulls the plug in order.
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.poweredOnAtMs = performance.now();
    this.#readConsole(createWriteStream(join(shape.folder, `${shape.name}.console`), { flags: 'a' }));
    this.ended = this.#awaitEnd();
  }

  #readConsole(log: WriteStream): void {
    this.#process.stdout?.on('data', (bytes: Buffer) => {
      log.write(bytes);
      for (const text of this.#console.push(bytes.toString('latin1'))) this.#addLine(text);
    });
    this.#process.stdout?.on('close', () => log.end());
    this.#process.stderr?.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes.toString('utf8')).slice(-STDERR_KEPT);
    });
    // Typing on the console of a machine that has just ended is nobody's fault.
    this.#process.stdin?.on('error', () => undefined);
  }

  #awaitEnd(): Promise<string> {
    return new Promise((resolve) => {
      const end = (how: string): void => {
        this.#ended = true;
        resolve(how);
        this.#tell('ended');
      };
      this.#process.on('error', (error) => end(`QEMU cannot be started: ${error.message}`));
      this.#process.on('close', (status, signal) => {
        const words = this.#stderr === '' ? '' : `: ${this.#stderr.trim()}`;
        end(`QEMU ended with ${signal ?? `status ${status}`}${words}`);
      });
    });
  }

  /** @throws Error with QEMU's words when it does not run, LabRefusal when its firmware is not on this computer. */
  static async powerOn(shape: MachineShape): Promise<VirtualMachine> {
    const qmpPath = join(shape.folder, `${shape.name}.qmp`);
    await rm(qmpPath, { force: true });
    const [, ...words] = qemuCommand(shape, qmpPath, await prepareFlash(shape));
    const machine = new VirtualMachine(shape, [emulatorPath(shape), ...words]);
    const opened = QmpConnection.open(qmpPath, (event) => {
      if (event === 'RESET') machine.#noteReset();
      if (event === 'SHUTDOWN') machine.#tell('powered off');
    });
    const first = await Promise.race([opened, machine.ended]);
    if (typeof first === 'string') {
      opened.catch(() => undefined);
      throw new Error(first);
    }
    machine.#qmp = first;
    return machine;
  }

  /** The lines its console has printed, oldest first. */
  get lines(): readonly ConsoleLine[] {
    return this.#lines;
  }

  /** The last words of its console, with the line that is not complete. */
  lastLines(count: number): readonly string[] {
    const unfinished = this.#console.unfinished;
    return [...this.#lines.map((line) => line.text), ...(unfinished === '' ? [] : [unfinished])].slice(
      -count,
    );
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  onLine(listener: (line: ConsoleLine) => void): void {
    this.#lineListeners.add(listener);
  }

  onHappening(listener: (happening: MachineHappening) => void): void {
    this.#happeningListeners.add(listener);
  }

  /**
   * The first line that fits, among those printed already (from `after` on) and those to come.
   *
   * @throws Error with the console's last lines when time is up or the machine ended.
   */
  async waitForLine(pattern: RegExp, timeoutMs: number, after = 0): Promise<ConsoleLine> {
    const printed = this.#lines.slice(after).find((line) => pattern.test(line.text));
    if (printed) return printed;
    return new Promise((resolve, reject) => {
      const done = (outcome: () => void): void => {
        clearTimeout(timer);
        this.#lineListeners.delete(listener);
        outcome();
      };
      const fail = (why: string): void => {
        const tail = this.lastLines(8).join('\n  ');
        done(() =>
          reject(new Error(`The console did not show ${pattern}: ${why}. Its last lines:\n  ${tail}`)),
        );
      };
      const listener = (line: ConsoleLine): void => {
        if (pattern.test(line.text)) done(() => resolve(line));
      };
      const timer = setTimeout(() => fail(`${timeoutMs / 1000} s went by`), timeoutMs);
      // Whoever no longer waits, for another thing came first, must not keep the process.
      timer.unref();
      this.#lineListeners.add(listener);
      void this.ended.then(fail);
    });
  }

  /** Writes a PNG of its screen. */
  async takePicture(path: string): Promise<void> {
    const ppm = `${path}.ppm`;
    await this.#qmpOrThrow().execute('screendump', { filename: ppm });
    await writeFile(path, encodePng(decodePpm(await readFile(ppm))));
    await rm(ppm);
  }

  /** The characters on its screen, row by row; only in the text mode of VGA, which BIOS programs use. */
  async readScreen(): Promise<string> {
    const path = join(this.shape.folder, `${this.shape.name}.screen`);
    const size = TEXT_COLUMNS * TEXT_ROWS * 2;
    await this.#qmpOrThrow().execute('pmemsave', { val: VGA_TEXT_ADDRESS, size, filename: path });
    const cells = await readFile(path);
    await rm(path);
    const letters = Buffer.from(cells.filter((_, index) => index % 2 === 0)).toString('latin1');
    const rows = letters.match(new RegExp(`.{${TEXT_COLUMNS}}`, 'gs')) ?? [];
    return rows.map(plainText).join('\n');
  }

  /** What its processor does at this moment, in QEMU's words: for finding out why it stands still. */
  async readRegisters(): Promise<string> {
    const command = { 'command-line': 'info registers' };
    return String(await this.#qmpOrThrow().execute('human-monitor-command', command));
  }

  /** Presses keys one after the other, by QEMU's names: `down`, `ret`, `a`. */
  async pressKeys(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.#qmpOrThrow().execute('send-key', { keys: [{ type: 'qcode', data: name }] });
    }
  }

  /** Types on the serial console. */
  typeOnConsole(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Pulls the plug. */
  async powerOff(): Promise<void> {
    this.#qmp?.close();
    if (this.#ended) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #qmpOrThrow(): QmpConnection {
    if (!this.#qmp || this.#ended) throw new Error(`The virtual machine ${this.shape.name} does not run`);
    return this.#qmp;
  }

  #addLine(text: string): void {
    const line = { text, atMs: performance.now() - this.poweredOnAtMs };
    this.#lines.push(line);
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
    for (const listener of this.#lineListeners) listener(line);
  }

  #noteReset(): void {
    const nowMs = performance.now();
    if (nowMs - this.#resetAtMs >= ONE_RESET_MS) this.#tell('reset');
    this.#resetAtMs = nowMs;
  }

  #tell(happening: MachineHappening): void {
    for (const listener of this.#happeningListeners) listener(happening);
  }
}
