/**
 * The thread of the databases: SQLite waits for the disk here (each commit is written through to it), while the main
 * thread goes on answering packets. Requests are done in the order in which they come.
 */
import { parentPort } from 'node:worker_threads';
import { loadSqliteModule } from './sqlite-module.ts';
import { ThreadDatabase } from './thread-database.ts';
import { packFailure } from './thread-failure.ts';
import type { NumberedReply, NumberedRequest, ThreadRequest, ThreadResults } from './thread-messages.ts';

const port = parentPort;
if (!port) throw new Error('This module runs as a thread: startThread starts it');

const databases = new Map<number, ThreadDatabase>();
const loading = loadSqliteModule();
// Each request says itself that it failed.
loading.catch(() => undefined);

async function openDatabase(number: number, request: Extract<ThreadRequest, { do: 'open' }>): Promise<void> {
  databases.set(number, new ThreadDatabase(await loading, request));
}

function answer(number: number, request: Exclude<ThreadRequest, { do: 'open' }>): AnyResult {
  const database = databases.get(number);
  if (!database) throw new Error(`There is no open database ${number}`);
  switch (request.do) {
    case 'run':
      return database.run(request);
    case 'batch':
      return database.batch(request.statements, request.survives);
    case 'close':
      databases.delete(number);
      database.close();
      return undefined;
    default:
      return request satisfies never;
  }
}

type AnyResult = ThreadResults[keyof ThreadResults];

/** Never rejects: what went wrong is the reply. */
async function reply({ id, database, request }: NumberedRequest): Promise<NumberedReply> {
  try {
    if (request.do !== 'open') return { id, result: answer(database, request) };
    await openDatabase(database, request);
    return { id, result: undefined };
  } catch (error) {
    return { id, failure: packFailure(error) };
  }
}

port.on('message', (numbered: NumberedRequest) => {
  void reply(numbered).then((made) => port.postMessage(made));
});
