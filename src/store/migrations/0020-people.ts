import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** Who may log in, with what, and who changed what. */
export function people(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createUsers(db, types);
      await createSecrets(db, types);
      await createAudit(db, types);
    },
  };
}

async function createUsers(db: Kysely<unknown>, { text, wholeNumber, tableEnd }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('password_hash', text)
    .addColumn('subject', text)
    .addColumn('created_at_ms', wholeNumber, (column) => column.notNull())
    .addPrimaryKeyConstraint('users_pk', ['name'])
    .addUniqueConstraint('users_subject', ['subject'])
    .modifyEnd(tableEnd)
    .execute();
}

/** What a user logs in with, each by the SHA-256 of its secret. */
async function createSecrets(
  db: Kysely<unknown>,
  { text, wholeNumber, tableEnd }: ColumnTypes,
): Promise<void> {
  const secretsOf = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('secret_hash', text, (column) => column.notNull())
      .addColumn('user_name', text, (column) => column.notNull())
      .addPrimaryKeyConstraint(`${table}_pk`, ['secret_hash'])
      .addForeignKeyConstraint(`${table}_of`, ['user_name'], 'users', ['name'], (key) =>
        key.onDelete('cascade'),
      )
      .modifyEnd(tableEnd);
  await secretsOf('sessions')
    .addColumn('created_at_ms', wholeNumber, (column) => column.notNull())
    .addColumn('last_seen_at_ms', wholeNumber, (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .addColumn('agent', text, (column) => column.notNull())
    .execute();
  await secretsOf('api_tokens')
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('title', text, (column) => column.notNull())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('only_paths', text, (column) => column.notNull())
    .addColumn('created_at_ms', wholeNumber, (column) => column.notNull())
    .addColumn('expires_at_ms', wholeNumber)
    .addColumn('last_used_at_ms', wholeNumber)
    .addUniqueConstraint('api_tokens_id', ['id'])
    .execute();
  await secretsOf('login_links')
    .addColumn('expires_at_ms', wholeNumber, (column) => column.notNull())
    .addUniqueConstraint('login_links_user', ['user_name'])
    .execute();
}

async function createAudit(db: Kysely<unknown>, { text, wholeNumber, tableEnd }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', wholeNumber, (column) => column.notNull())
    .addColumn('at_ms', wholeNumber, (column) => column.notNull())
    // Not a foreign key: what somebody did outlives the user.
    .addColumn('who', text, (column) => column.notNull())
    .addColumn('shown_by', text, (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .addColumn('route', text, (column) => column.notNull())
    .addColumn('path', text, (column) => column.notNull())
    .addColumn('status', wholeNumber, (column) => column.notNull())
    .addColumn('before_json', text)
    .addColumn('after_json', text)
    .addPrimaryKeyConstraint('audit_pk', ['id'])
    .modifyEnd(tableEnd)
    .execute();
}
