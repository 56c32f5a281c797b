import type { Survives } from '../store-access.ts';
import { openConnection } from './connection.ts';
import { expectSound } from './soundness.ts';
import { readableSqliteError, withReadableErrors } from './sqlite-errors.ts';
import type {
  SqliteDatabase,
  SqliteModule,
  SqliteRow,
  SqliteStatement,
  SqliteValue,
} from './sqlite-module.ts';
import type { ThreadRequest, ThreadResults, ThreadRows, ThreadStatement } from './thread-messages.ts';

/** Prepared statements that are kept; the one that was not used for longest goes first. */
const MAX_PREPARED = 200;

/** One open database, inside the thread: everything here waits for the disk. */
export class ThreadDatabase {
  readonly #database: SqliteDatabase;
  readonly #path: string;
  readonly #isReader: boolean;
  /** As `openConnection` leaves it. */
  #survives: Survives = 'power failure';
  /** By their text; in order of last use. */
  readonly #prepared = new Map<string, SqliteStatement>();

  /** @throws StoreError when it is not ours, damaged, of a newer Muster, or cannot be written. */
  constructor(sqlite: SqliteModule, { path, found }: Extract<ThreadRequest, { do: 'open' }>) {
    if (found === 'ours') expectSound(sqlite, path);
    this.#database = openConnection(sqlite, path);
    this.#path = path;
    this.#isReader = found === 'reader';
    // Whatever is sent here by mistake changes nothing.
    if (this.#isReader) this.#database.exec('pragma query_only = on');
  }

  run({ sql, values, gives }: Extract<ThreadRequest, { do: 'run' }>): ThreadResults['run'] {
    return this.#readable(() => {
      this.#willSurvive('power failure');
      const statement = this.#statement(sql);
      // Changes are counted by `run`, rows given by `all`; `all` also runs what gives no rows, such as COMMIT.
      if (gives === 'rows') return { rows: statement.all(...values), changes: 0 };
      return { rows: [], changes: Number(statement.run(...values).changes) };
    });
  }

  batch(statements: readonly (ThreadStatement | ThreadRows)[], survives: Survives): ThreadResults['batch'] {
    return this.#readable(() => {
      this.#willSurvive(survives);
      // IMMEDIATE takes the write lock now: a transaction that reads first can then not fail when it writes.
      this.#all('begin immediate');
      try {
        const rows = statements.map((statement) => this.#run(statement));
        this.#all('commit');
        return rows;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  close(): void {
    withReadableErrors(this.#path, () => {
      // The package has no way to finalise statements and so closes only once they are collected: without this
      // the last changes would stay in the log, where a plain copy of the file would miss them.
      if (!this.#isReader) this.#database.exec('pragma wal_checkpoint(truncate)');
      this.#database.close();
    });
  }

  /** Rows are taken apart here rather than by SQLite, whose JSON functions read the whole text for each value. */
  #run(statement: ThreadStatement | ThreadRows): readonly SqliteRow[] {
    const prepared = this.#statement(statement.sql);
    if ('values' in statement) return prepared.all(...statement.values);
    const last = statement.lastColumn?.split('\n');
    for (const [at, values] of (JSON.parse(statement.rows) as SqliteValue[][]).entries()) {
      if (last) values.push(last[at] || null);
      prepared.run(...values);
    }
    return [];
  }

  /**
   * What the commits from here on survive. In a transaction that has begun nothing changes, and nothing is asked to
   * (https://www.sqlite.org/pragma.html#pragma_synchronous).
   */
  #willSurvive(what: Survives): void {
    if (what === this.#survives) return;
    this.#database.exec(`pragma synchronous = ${what === 'power failure' ? 'full' : 'normal'}`);
    this.#survives = what;
  }

  #all(sql: string): readonly SqliteRow[] {
    return this.#statement(sql).all();
  }

  /** A full or broken disk makes SQLite roll back by itself; the error that did it is the one to tell. */
  #rollBack(): void {
    try {
      this.#all('rollback');
    } catch (error) {
      if (!String(error).includes('no transaction is active')) throw error;
    }
  }

  #readable<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw readableSqliteError(error, this.#path);
    }
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
