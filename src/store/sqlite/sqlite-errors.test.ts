import { expect, test } from 'vitest';
import { readableSqliteError } from './sqlite-errors.ts';

/** As both drivers make them (https://www.sqlite.org/rescode.html). */
function sqliteError(errcode: number): Error {
  return Object.assign(new Error('from SQLite'), { code: 'ERR_SQLITE_ERROR', errcode });
}

for (const [name, errcode, kind] of [
  ['SQLITE_BUSY', 5, 'busy'],
  ['SQLITE_BUSY_SNAPSHOT', 517, 'busy'],
  ['SQLITE_READONLY', 8, 'cannot write'],
  ['SQLITE_READONLY_DIRECTORY', 1544, 'cannot write'],
  ['SQLITE_IOERR_FSYNC', 1034, 'cannot write'],
  ['SQLITE_CORRUPT', 11, 'damaged'],
  ['SQLITE_CORRUPT_INDEX', 779, 'damaged'],
  ['SQLITE_FULL', 13, 'disk full'],
  ['SQLITE_CANTOPEN', 14, 'cannot write'],
  ['SQLITE_NOTADB', 26, 'damaged'],
] as const) {
  test(`${name} is told as "${kind}", with the file and what SQLite said`, () => {
    const cause = sqliteError(errcode);
    const error = readableSqliteError(cause, '/var/lib/muster/muster.db');
    expect(error).toMatchObject({ name: 'StoreError', kind, cause });
    expect(String(error)).toMatch(/\(\/var\/lib\/muster\/muster\.db\): \w+/);
  });
}

for (const [said, kind] of [
  ['database disk image is malformed', 'damaged'],
  ['database is locked', 'busy'],
  ['disk I/O error', 'cannot write'],
] as const) {
  test(`"${said}" is told as "${kind}" where the driver gives no result code`, () => {
    const cause = Object.assign(new Error(said), { code: 'ERR_SQLITE_ERROR' });
    expect(readableSqliteError(cause, 'muster.db')).toMatchObject({ kind, cause });
  });
}

for (const [what, fault] of [
  ['a constraint that does not hold', sqliteError(1555)],
  ['a statement that is wrong', sqliteError(1)],
  [
    'a text of SQLite without its code',
    Object.assign(new Error('no such table: x'), { code: 'ERR_SQLITE_ERROR' }),
  ],
  ['the same text from elsewhere', new Error('disk I/O error')],
  ['any other error', new TypeError('no')],
  ['what is no error', 'no'],
] as const) {
  test(`${what} is a fault of ours, and stays as it came`, () => {
    expect(readableSqliteError(fault, 'muster.db')).toBe(fault);
  });
}
