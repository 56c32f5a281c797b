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
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-module.ts';
import { readableSqliteError, withReadableErrors } from './sqlite-errors.ts';
import { TurnQueue } from './turn-queue.ts';

/** Prepared statements that are kept; the one that was not used for longest goes first. */
const MAX_PREPARED = 200;

/** Kysely's way to SQLite through `driver`. */
export function sqliteDialect(driver: NodeSqliteDriver): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
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
 * Over a `DatabaseSync` of `node:sqlite` or of the package with the same interface. There is one connection, which
 * callers get in turn; so nobody's statement falls into another's transaction.
 */
export class NodeSqliteDriver implements Driver {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  readonly #connection: NodeSqliteConnection;
  readonly #turns = new TurnQueue();
  #closed: Promise<void> | undefined;

  constructor(database: SqliteDatabase, path: string) {
    this.#database = database;
    this.#path = path;
    this.#connection = new NodeSqliteConnection(database, path);
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

  /** Lets everybody who came before finish; the database is then whole in its one file. */
  destroy(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#turns.close();
    withReadableErrors(this.#path, () => {
      // The package has no way to finalise statements and so closes only once they are collected: without this
      // the last changes would stay in the log, where a plain copy of the file would miss them.
      this.#database.exec('pragma wal_checkpoint(truncate)');
      this.#database.close();
    });
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  /** By their text; in order of last use. */
  readonly #prepared = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase, path: string) {
    this.#database = database;
    this.#path = path;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const values = query.parameters.map(sqliteValue);
    try {
      const statement = this.#statement(query.sql);
      if (givesRows(query)) return { rows: statement.all(...values) as readonly unknown[] as Row[] };
      const { changes } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes) };
    } catch (error) {
      throw readableSqliteError(error, this.#path);
    }
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator; nothing in the store streams.
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('The SQLite driver does not stream rows: read them with a limit');
  }

  #statement(text: string): SqliteStatement {
    const statement = this.#prepared.get(text) ?? this.#database.prepare(text);
    this.#prepared.delete(text);
    this.#prepared.set(text, statement);
    if (this.#prepared.size > MAX_PREPARED) {
      const [oldest = text] = this.#prepared.keys();
      this.#prepared.delete(oldest);
    }
    return statement;
  }
}

/** Changes are counted by `run`, rows are given by `all`; `all` also runs what gives no rows, such as COMMIT. */
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
