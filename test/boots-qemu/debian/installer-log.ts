import { createSocket, type Socket } from 'node:dgram';
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { plainText } from '../../../src/lab/console-lines.ts';

/** The debian-installer's own log, which it sends by syslog when `log_host=` and `log_port=` name this place. */
export class InstallerLog {
  readonly #socket: Socket;
  readonly #file: WriteStream;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  private constructor(socket: Socket, file: WriteStream) {
    this.#socket = socket;
    this.#file = file;
    socket.on('message', (datagram) => this.#take(datagram.toString('utf8')));
  }

  /** @param path gets every line, as evidence. */
  static async listen(address: string, port: number, path: string): Promise<InstallerLog> {
    const socket = createSocket('udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    return new InstallerLog(socket, createWriteStream(path));
  }

  /**
   * The first line that fits, among those that came and those to come.
   *
   * @throws Error with the log's last lines when it does not come in time.
   */
  async waitForLine(pattern: RegExp, timeoutMs: number): Promise<string> {
    const known = this.#lines.find((line) => pattern.test(line));
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const listener = (line: string): void => {
        if (!pattern.test(line)) return;
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(line);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(listener);
        const tail = this.#lines.slice(-LINES_SHOWN).join('\n  ');
        reject(
          new Error(
            `The installer's log did not show ${pattern} within ${timeoutMs / 1000} s. Its last lines:\n  ${tail}`,
          ),
        );
      }, timeoutMs);
      this.#listeners.add(listener);
    });
  }

  async close(): Promise<void> {
    this.#socket.close();
    this.#file.end();
    await once(this.#file, 'finish');
  }

  #take(datagram: string): void {
    // RFC 3164: a number in angle brackets, time and program; busybox puts a line break or a NUL at the end.
    const line = plainText(datagram.replace(/^<\d+>/, '').replaceAll('\n', ' '));
    this.#file.write(`${line}\n`);
    this.#lines.push(line);
    if (this.#lines.length > LINES_KEPT) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }
}

const LINES_KEPT = 50_000;
const LINES_SHOWN = 10;
