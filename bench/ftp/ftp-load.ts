/**
 * `tsx bench/ftp/ftp-load.ts LOAD`: many FTP clients in one process. LOAD is an `FtpLoad` as JSON; the report is a `FileReport`. What
 * arrives is thrown away inside the kernel, so that the load costs little beside the server it is for. It never sleeps, as the
 * load of NFS does not.
 */
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { EventPoll } from '../../src/os/event-poll.ts';
import { EAGAIN, type Libc, loadLibc, type NativeMemory } from '../../src/os/libc.ts';
import type { FileReport } from '../files/file-case.ts';
import type { FtpLoad } from './ftp-load-wish.ts';

const MAX_READY = 256;
const CONTROL_BYTES = 4096;
const DISCARD_BYTES = 4 * 1024 * 1024;

/** The words of a client until its first file: what it waits for, and what it says then. */
const LOGIN = [
  { awaits: 220, says: 'USER anonymous' },
  { awaits: 331, says: 'PASS bench@' },
  { awaits: 230, says: 'TYPE I' },
  { awaits: 200, says: 'EPSV' },
] as const;

interface Client {
  readonly control: number;
  input: string;
  /** Words of LOGIN that are done. */
  step: number;
  data: number | undefined;
  /** The end of the data connection, and 226, in any order. */
  hasEnded: boolean;
  isConfirmed: boolean;
}

class LoadRun {
  readonly #load: FtpLoad;
  readonly #libc: Libc;
  readonly #poll: EventPoll;
  readonly #memory: NativeMemory;
  readonly #bytes: Buffer;
  readonly #controls = new Map<number, Client>();
  readonly #datas = new Map<number, Client>();
  #next = 0;
  #files = 0;
  #received = 0;
  #errors = 0;
  #failure: string | undefined;

  constructor(load: FtpLoad) {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(`The load program cannot run: ${libc.because}`);
    this.#load = load;
    this.#libc = libc;
    this.#poll = new EventPoll(libc, MAX_READY);
    this.#memory = libc.allocate(CONTROL_BYTES);
    this.#bytes = Buffer.from(this.#memory.buffer);
  }

  run(): FileReport {
    const startedMs = performance.now();
    const endMs = startedMs + this.#load.seconds * 1000;
    for (let count = 0; count < this.#load.clients; count += 1) this.#open();
    while (performance.now() < endMs && this.#controls.size > 0) {
      const ready = this.#poll.wait(0);
      for (let index = 0; index < ready; index += 1) this.#onReady(this.#poll.descriptor(index));
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const report = { answers: this.#files, bytes: this.#received, seconds, errors: this.#errors };
    return this.#failure === undefined ? report : { ...report, failure: this.#failure };
  }

  #open(): void {
    const control = this.#connect(this.#load.port);
    const client = { control, input: '', step: 0, data: undefined, hasEnded: false, isConfirmed: false };
    this.#controls.set(control, client);
  }

  #connect(port: number): number {
    const fd = this.#libc.socket('tcp');
    this.#libc.connectTcp(fd, parseIpv4(this.#load.server), port, {});
    this.#poll.add(fd, 'read');
    return fd;
  }

  #onReady(fd: number): void {
    const client = this.#datas.get(fd);
    if (client) return this.#onData(fd, client);
    const speaking = this.#controls.get(fd);
    if (speaking) this.#onControl(speaking);
  }

  #onData(fd: number, client: Client): void {
    const came = this.#libc.discard(fd, DISCARD_BYTES);
    if (came === -EAGAIN) return;
    if (came > 0) {
      this.#received += came;
      return;
    }
    if (came < 0) this.#fail(`the data connection broke (${-came})`);
    this.#datas.delete(fd);
    this.#libc.close(fd);
    client.data = undefined;
    client.hasEnded = true;
    this.#goOn(client);
  }

  #onControl(client: Client): void {
    const came = this.#libc.receiveInto(client.control, this.#memory, CONTROL_BYTES);
    if (came === -EAGAIN) return;
    if (came <= 0) {
      this.#fail(`the control connection ended (${-came})`);
      this.#controls.delete(client.control);
      this.#libc.close(client.control);
      return;
    }
    client.input += this.#bytes.toString('latin1', 0, came);
    for (let end = client.input.indexOf('\n'); end !== -1; end = client.input.indexOf('\n')) {
      const line = client.input.slice(0, end);
      client.input = client.input.slice(end + 1);
      if (/^\d{3} /.test(line)) this.#onReply(client, Number(line.slice(0, 3)), line);
    }
  }

  #onReply(client: Client, code: number, line: string): void {
    const word = LOGIN[client.step];
    if (word !== undefined) {
      if (code !== word.awaits) return this.#fail(line);
      client.step += 1;
      return this.#say(client, word.says);
    }
    switch (code) {
      case 229:
        return this.#fetch(client, Number(/\|(\d+)\|\)/.exec(line)?.[1]));
      case 150:
        return;
      case 226:
        client.isConfirmed = true;
        return this.#goOn(client);
      default:
        return this.#fail(line);
    }
  }

  #fetch(client: Client, port: number): void {
    const data = this.#connect(port);
    client.data = data;
    this.#datas.set(data, client);
    this.#say(client, `RETR ${this.#load.folder}/file-${this.#next % this.#load.count}`);
    this.#next += 1;
  }

  #goOn(client: Client): void {
    if (!client.hasEnded || !client.isConfirmed) return;
    [client.hasEnded, client.isConfirmed] = [false, false];
    this.#files += 1;
    this.#say(client, 'EPSV');
  }

  #say({ control }: Client, text: string): void {
    const length = this.#bytes.write(`${text}\r\n`, 'latin1');
    this.#libc.sendFrom(control, this.#memory, 0, length, 'the end');
  }

  #fail(because: string): void {
    this.#errors += 1;
    this.#failure ??= because.trim();
  }
}

const report = new LoadRun(JSON.parse(process.argv[2] ?? '') as FtpLoad).run();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
