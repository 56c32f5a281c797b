import { StoreError } from '../store-error.ts';

/** What a statement takes and gives. */
export type SqliteValue = string | number | bigint | Uint8Array | null;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** The part of `node:sqlite` that Muster uses; `@photostructure/sqlite` has the same. */
export interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => SqliteDatabase;
}

export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
  run(...values: readonly SqliteValue[]): { readonly changes: number | bigint };
}

/**
 * SQLite for this Node: its own from 22.13 on, else the package of the same interface.
 *
 * @throws StoreError when there is neither.
 */
export async function loadSqliteModule(): Promise<SqliteModule> {
  return builtinSqlite() ?? (await packagedSqlite());
}

/** undefined on Node 20, and on 22 before 22.13 without its flag. */
export function builtinSqlite(): SqliteModule | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = withoutSqliteWarning(emitWarning);
  try {
    // Not an import, which a bundler would move to the top of the file, where Node 20 stumbles over it.
    return process.getBuiltinModule('node:sqlite') as SqliteModule | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Node 22 and 24 warn once that the module is experimental or a release candidate. Users can do nothing about
 * that, and the suite of the store is run with every Node it is used with.
 */
export function withoutSqliteWarning(emitWarning: typeof process.emitWarning): typeof process.emitWarning {
  return (...args: readonly unknown[]): void => {
    const [warning, kind] = args;
    const kindName = typeof kind === 'object' && kind !== null && 'type' in kind ? kind.type : kind;
    if (kindName === 'ExperimentalWarning' && String(warning).includes('SQLite')) return;
    Reflect.apply(emitWarning, process, args);
  };
}

async function packagedSqlite(): Promise<SqliteModule> {
  try {
    // An optional dependency: npm leaves it out where it has no build for the system.
    return (await import('@photostructure/sqlite')) satisfies { readonly DatabaseSync: unknown };
  } catch (cause) {
    throw new StoreError(
      'driver missing',
      `There is no SQLite for Node ${process.versions.node}`,
      'Node 20 needs @photostructure/sqlite: run npm install, or use Node 22.13 or newer',
      { cause },
    );
  }
}
