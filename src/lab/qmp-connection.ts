import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** QEMU makes its socket a moment after it starts. */
const CONNECT_TRIES = 50;
const CONNECT_PAUSE_MS = 100;
const COMMAND_TIMEOUT_MS = 10_000;

type Answer = Readonly<Record<string, unknown>>;

/** QEMU's machine protocol (docs/interop/qmp-spec): a line of JSON for a command, an answer or an event. */
export class QmpConnection {
  readonly #socket: Socket;
  readonly #onEvent: (name: string) => void;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #rest = '';

  private constructor(socket: Socket, onEvent: (name: string) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const answer of this.#waiting.splice(0)) answer({ error: { desc: 'QEMU has ended' } });
    });
  }

  /** @param onEvent told the names of QEMU's events, such as `RESET` and `SHUTDOWN`. */
  static async open(path: string, onEvent: (name: string) => void): Promise<QmpConnection> {
    const connection = new QmpConnection(await connectPatiently(path), onEvent);
    await connection.execute('qmp_capabilities');
    return connection;
  }

  /** @throws Error with QEMU's own words. */
  async execute(command: string, values: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`QEMU did not answer "${command}" within ${COMMAND_TIMEOUT_MS / 1000} s`)),
        COMMAND_TIMEOUT_MS,
      );
      this.#waiting.push((received) => {
        clearTimeout(timer);
        resolve(received);
      });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: values })}\n`);
    });
    if ('error' in answer) throw new Error(`QEMU refused "${command}": ${JSON.stringify(answer['error'])}`);
    return answer['return'];
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const message = JSON.parse(line) as Answer;
      if (typeof message['event'] === 'string') this.#onEvent(message['event']);
      else if ('return' in message || 'error' in message) this.#waiting.shift()?.(message);
    }
  }
}

async function connectPatiently(path: string): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(path);
    } catch (error) {
      if (attempt === CONNECT_TRIES) throw error;
      await sleep(CONNECT_PAUSE_MS);
    }
  }
}

function connectOnce(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
