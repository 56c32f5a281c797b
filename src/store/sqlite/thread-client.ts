import type { Worker } from 'node:worker_threads';
import { startThread } from '../../os/start-thread.ts';
import type { Survives } from '../store-access.ts';
import { StoreError } from '../store-error.ts';
import { unpackFailure } from './thread-failure.ts';
import type {
  FoundDatabase,
  NumberedReply,
  NumberedRequest,
  ThreadRequest,
  ThreadResults,
  ThreadRows,
  ThreadStatement,
} from './thread-messages.ts';

interface Asked {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** The thread of the databases, as the main thread sees it. */
class ThreadClient {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #open = new Set<number>();
  #lastId = 0;

  constructor(ended: () => void) {
    this.#worker = startThread({
      name: 'sqlite',
      source: new URL('./sqlite-thread.ts', import.meta.url),
      begin: undefined,
    });
    this.#worker.on('message', (reply: NumberedReply) => this.#answered(reply));
    this.#worker.on('error', (error) => this.#end(error, ended));
    this.#worker.on('exit', () => this.#end(undefined, ended));
    this.#worker.unref();
  }

  ask<Do extends ThreadRequest['do']>(
    database: number,
    request: Extract<ThreadRequest, { do: Do }>,
  ): Promise<ThreadResults[Do]> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, database, request } satisfies NumberedRequest);
    });
  }

  /** The process lives as long as a database is open, and no longer for the thread. */
  opened(database: number): void {
    if (this.#open.size === 0) this.#worker.ref();
    this.#open.add(database);
  }

  closed(database: number): void {
    this.#open.delete(database);
    if (this.#open.size === 0) this.#worker.unref();
  }

  #answered(reply: NumberedReply): void {
    const asked = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    if ('failure' in reply) asked?.reject(unpackFailure(reply.failure));
    else asked?.resolve(reply.result as never);
  }

  #end(cause: unknown, ended: () => void): void {
    ended();
    for (const { reject } of this.#asked.values()) reject(threadEnded(cause));
    this.#asked.clear();
  }
}

function threadEnded(cause: unknown): StoreError {
  return new StoreError('closed', 'The thread of the database has ended', 'start Muster again', { cause });
}

/** One for connections that write and one for those that only read; kept when the last is closed: to start one takes longer than most tests. */
const threads = new Map<'writing' | 'reading', ThreadClient>();
let lastDatabase = 0;

/** An open database in its thread. Requests are done in the order in which they are made. */
export class SqliteThreadDatabase {
  readonly #thread: ThreadClient;
  readonly #number: number;

  private constructor(client: ThreadClient, number: number) {
    this.#thread = client;
    this.#number = number;
  }

  /** @throws StoreError as `ThreadDatabase` does. */
  static async open(path: string, found: FoundDatabase): Promise<SqliteThreadDatabase> {
    const kind = found === 'reader' ? 'reading' : 'writing';
    const client = threads.get(kind) ?? new ThreadClient(() => threads.delete(kind));
    threads.set(kind, client);
    lastDatabase += 1;
    const number = lastDatabase;
    client.opened(number);
    try {
      await client.ask<'open'>(number, { do: 'open', path, found });
    } catch (error) {
      client.closed(number);
      throw error;
    }
    return new SqliteThreadDatabase(client, number);
  }

  run(statement: ThreadStatement, gives: 'rows' | 'changes'): Promise<ThreadResults['run']> {
    return this.#thread.ask<'run'>(this.#number, { do: 'run', ...statement, gives });
  }

  /** All in one transaction, or none. */
  batch(
    statements: readonly (ThreadStatement | ThreadRows)[],
    survives: Survives,
  ): Promise<ThreadResults['batch']> {
    return this.#thread.ask<'batch'>(this.#number, { do: 'batch', statements, survives });
  }

  async close(): Promise<void> {
    try {
      await this.#thread.ask<'close'>(this.#number, { do: 'close' });
    } finally {
      this.#thread.closed(this.#number);
    }
  }
}
