import {
  CompiledQuery,
  DeleteQueryNode,
  InsertQueryNode,
  UpdateQueryNode,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
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
 * There is one connection, in a thread of its own, which callers get in turn; so nobody's statement falls into
 * another's transaction.
 */
export class SqliteDriver implements Driver {
  readonly #database: SqliteThreadDatabase;
  readonly #connection: SqliteConnection;
  readonly #turns = new TurnQueue();
  #closed: Promise<void> | undefined;

  constructor(database: SqliteThreadDatabase) {
    this.#database = database;
    this.#connection = new SqliteConnection(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.acquire();
    return this.#connection;
  }

  /** IMMEDIATE takes the write lock now: a transaction that reads first can then not fail when it writes. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
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

  async releaseConnection(): Promise<void> {
    this.#turns.release();
  }

  /** Statements that need nothing of each other's rows, in one transaction and one message to the thread. */
  async batch(
    statements: readonly (ThreadStatement | ThreadRows)[],
    survives: Survives,
  ): Promise<readonly (readonly SqliteRow[])[]> {
    await this.#turns.acquire();
    try {
      return await this.#database.batch(statements, survives);
    } finally {
      this.#turns.release();
    }
  }

  /** Lets everybody who came before finish; the database is then whole in its one file. */
  destroy(): Promise<void> {
    this.#closed ??= this.#turns.close().then(() => this.#database.close());
    return this.#closed;
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: SqliteThreadDatabase;

  constructor(database: SqliteThreadDatabase) {
    this.#database = database;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = { sql: query.sql, values: query.parameters.map(sqliteValue) };
    if (givesRows(query)) {
      const { rows } = await this.#database.run(statement, 'rows');
      return { rows: rows as readonly unknown[] as Row[] };
    }
    const { changes } = await this.#database.run(statement, 'changes');
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator; nothing in the store streams.
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('The SQLite driver does not stream rows: read them with a limit');
  }
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
