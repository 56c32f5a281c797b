import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Where a command reads, writes and looks around: the process, or a test. */
export interface Terminal {
  /** Data. */
  readonly out: (text: string) => void;
  /** Data as bytes; resolves when more may come. */
  readonly outBytes: (bytes: Uint8Array) => Promise<void>;
  /** Talk. */
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  /** Of the terminal that shows the data; undefined: no terminal, lines may be of any length. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly nowMs: () => number;
  /** Asks a person one line. */
  readonly ask: (question: string) => Promise<string>;
  /** The same, and what is typed is not shown. */
  readonly askSecret: (question: string) => Promise<string>;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** Whoever read the output went away (`| head`): nobody wants the rest. */
  readonly gone: AbortSignal;
  /** Ends commands that run until somebody has enough: Ctrl-C, which is listened to once this is asked for, or `gone`. */
  readonly enough: AbortSignal;
}

/** The terminal of this process. A reader that goes away (`muster lease ls | head -1`) ends it quietly. */
export function processTerminal(): Terminal {
  const gone = new AbortController();
  let interrupted: AbortSignal | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      gone.abort();
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    outBytes: writeBytes,
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY,
    inIsTerminal: process.stdin.isTTY,
    // A terminal may change its size while it is written to.
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : undefined;
    },
    get rows() {
      return process.stdout.isTTY ? process.stdout.rows : undefined;
    },
    environment: process.env,
    workingFolder: process.cwd(),
    nowMs: () => Date.now(),
    ask: askOnTerminal,
    askSecret: askWithoutEcho,
    readInput: readStandardInput,
    gone: gone.signal,
    get enough() {
      return (interrupted ??= AbortSignal.any([gone.signal, interruption()]));
    },
  };
}

/** A second Ctrl-C ends the process at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted.signal;
}

/** A reader that went away (`| head -c 10`) has had enough. */
function writeBytes(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()));
}

async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** The terminal echoes nothing while readline has it, and readline writes into nowhere. */
async function askWithoutEcho(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    const closed = new Promise<string>((resolve) => {
      lines.once('close', () => resolve(''));
    });
    return await Promise.race([lines.question(''), closed]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function readStandardInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString('utf8');
}
