import type { Kysely } from 'kysely';
import type { ApiToken, Session, User } from '../../core/people/user.ts';
import type { Database } from '../database.ts';
import { fromJson, nullsAbsent } from '../row-values.ts';
import type { ApiTokenRow, SessionRow, UserRow } from '../tables/people-tables.ts';

export async function listUsers(db: Kysely<Database>): Promise<readonly User[]> {
  return (await db.selectFrom('users').selectAll().orderBy('name').execute()).map(userFrom);
}

export function userFrom({
  name,
  role,
  state,
  password_hash,
  created_at_ms,
}: Omit<UserRow, 'subject'>): User {
  return {
    name,
    role,
    state,
    password: password_hash === null ? 'none' : 'set',
    createdAtMs: created_at_ms,
  };
}

/** Of a row that is joined with its user's. */
export function sessionFrom({
  name,
  began_at_ms,
  last_seen_at_ms,
  address,
  agent,
}: Pick<SessionRow, 'last_seen_at_ms' | 'address' | 'agent'> & {
  readonly name: string;
  readonly began_at_ms: number;
}): Session {
  return { user: name, createdAtMs: began_at_ms, lastSeenAtMs: last_seen_at_ms, address, agent };
}

export function tokenFrom(row: ApiTokenRow): ApiToken {
  const { expires_at_ms: expiresAtMs, last_used_at_ms: lastUsedAtMs } = nullsAbsent(row);
  return {
    id: row.id,
    user: row.user_name,
    title: row.title,
    role: row.role,
    only: fromJson(row.only_paths),
    createdAtMs: row.created_at_ms,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(lastUsedAtMs === undefined ? {} : { lastUsedAtMs }),
  };
}
