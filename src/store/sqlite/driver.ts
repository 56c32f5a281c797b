import {
  CompiledQuery,
  DeleteQueryNode,
  InsertQueryNode,
  UpdateQueryNode,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely';
import type { Survives } from '../store-access.ts';
import type { SqliteRow, SqliteValue } from './sqlite-module.ts';
import { TableNames } from './table-names.ts';
import type { SqliteThreadDatabase } from './thread-client.ts';
import type { ThreadRows, ThreadStatement } from './thread-messages.ts';
import { TurnQueue } from './turn-queue.ts';

/** Kysely's way to SQLite through `driver`. */
export function sqliteDialect(driver: SqliteDriver): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new TableNames(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** In SQLite a migration can be rolled back whole, and the transaction keeps a second process out meanwhile. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * There is one connection that writes, in a thread of its own, which callers get in turn; so nobody's statement falls
 * into another's transaction. What only reads, by itself, goes over a second connection in a second thread where there
 * is one: it does not wait until what others write is on the disk, and sees all that was committed (WAL).
 */
export class SqliteDriver implements Driver {
  readonly #writing: Lane;
  #reading: Lane;
  #closed: Promise<void> | undefined;

  constructor(database: SqliteThreadDatabase) {
    this.#writing = new Lane(database);
    this.#reading = this.#writing;
  }

  /** From now on, for what only reads: a second connection to the same file. */
  readBy(database: SqliteThreadDatabase): void {
    this.#reading = new Lane(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this.#writing, this.#reading);
  }

  /** IMMEDIATE takes the write lock now: a transaction that reads first can then not fail when it writes. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).takeTurn();
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'));
    } catch (error) {
      // A full or broken disk makes SQLite roll back by itself; the error that did it is the one to tell.
      if (!String(error).includes('no transaction is active')) throw error;
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).endTurn();
  }

  /** Statements that need nothing of each other's rows, in one transaction and one message to the thread. */
  async batch(
    statements: readonly (ThreadStatement | ThreadRows)[],
    survives: Survives,
  ): Promise<readonly (readonly SqliteRow[])[]> {
    return await this.#writing.inTurn((database) => database.batch(statements, survives));
  }

  /** Lets everybody who came before finish; the database is then whole in its one file. */
  destroy(): Promise<void> {
    this.#closed ??= this.#close([...new Set([this.#reading, this.#writing])]);
    return this.#closed;
  }

  async #close(lanes: readonly Lane[]): Promise<void> {
    await Promise.all(lanes.map((lane) => lane.end()));
    // Whoever writes is the last: the log is put into the database when nobody reads any more.
    for (const { database } of lanes) await database.close();
  }
}

/** A connection, and who uses it in turn. */
class Lane {
  readonly database: SqliteThreadDatabase;
  readonly #turns = new TurnQueue();

  constructor(database: SqliteThreadDatabase) {
    this.database = database;
  }

  async take(): Promise<void> {
    await this.#turns.acquire();
  }

  release(): void {
    this.#turns.release();
  }

  async inTurn<T>(work: (database: SqliteThreadDatabase) => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work(this.database);
    } finally {
      this.release();
    }
  }

  /** Resolves when everybody who came before has had their turn; refuses all who come after. */
  async end(): Promise<void> {
    await this.#turns.close();
  }
}

/** What one caller has of them: for one statement, or for a transaction. */
class SqliteConnection implements DatabaseConnection {
  readonly #writing: Lane;
  readonly #reading: Lane;
  #hasTurn = false;

  constructor(writing: Lane, reading: Lane) {
    this.#writing = writing;
    this.#reading = reading;
  }

  /** Until `endTurn`, everything goes over the connection that writes, and nothing of others comes between. */
  async takeTurn(): Promise<void> {
    await this.#writing.take();
    this.#hasTurn = true;
  }

  endTurn(): void {
    if (this.#hasTurn) this.#writing.release();
    this.#hasTurn = false;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#hasTurn) return await execute(this.#writing.database, query);
    const lane = SelectQueryNode.is(query.query) ? this.#reading : this.#writing;
    return await lane.inTurn((database) => execute(database, query));
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator; nothing in the store streams.
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('The SQLite driver does not stream rows: read them with a limit');
  }
}

async function execute<Row>(database: SqliteThreadDatabase, query: CompiledQuery): Promise<QueryResult<Row>> {
  const statement = { sql: query.sql, values: query.parameters.map(sqliteValue) };
  if (givesRows(query)) {
    const { rows } = await database.run(statement, 'rows');
    return { rows: rows as readonly unknown[] as Row[] };
  }
  const { changes } = await database.run(statement, 'changes');
  return { rows: [], numAffectedRows: BigInt(changes) };
}

/** Whether rows are wanted of it, or the number of those it changed. */
function givesRows({ query }: CompiledQuery): boolean {
  const changesRows = InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query);
  return !changesRows || query.returning !== undefined;
}

/**
 * Only what every driver writes and reads back alike. `node:sqlite` refuses a boolean, a Date and undefined, the
 * package writes 1 and NULL for some of them; the queries say what they mean.
 */
function sqliteValue(value: unknown): SqliteValue {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(
    `Cannot write a value of type ${typeof value} to the database: text, a finite number or null is wanted`,
  );
}
