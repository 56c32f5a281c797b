import type { Kysely } from 'kysely';
import type { PeopleStore } from '../../core/people/people-store.ts';
import { MAX_SESSIONS_OF_USER, MAX_TOKENS, type Session } from '../../core/people/user.ts';
import type { Database } from '../database.ts';
import { toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { sessionFrom, tokenFrom, userFrom } from './people-rows.ts';

/** What users log in with; each is found by the hash of its secret. */

type SessionQueries = Pick<
  PeopleStore,
  'addSession' | 'session' | 'sawSession' | 'endSession' | 'endOldSessions'
>;
type TokenQueries = Pick<PeopleStore, 'tokens' | 'addToken' | 'token' | 'usedToken' | 'removeToken'>;
type LinkQueries = Pick<PeopleStore, 'putLink' | 'isLink' | 'takeLink'>;

export function sessionQueries({ db, reading, write }: StoreAccess): SessionQueries {
  return {
    addSession: (...given) => write((trx) => addSession(trx, ...given)),
    session: async (secretHash) => {
      const row = await reading
        .selectFrom('sessions')
        .innerJoin('users', 'users.name', 'sessions.user_name')
        .select(['sessions.created_at_ms as began_at_ms', 'last_seen_at_ms', 'address', 'agent'])
        .select(['name', 'role', 'state', 'password_hash', 'users.created_at_ms'])
        .where('secret_hash', '=', secretHash)
        .executeTakeFirst();
      return row && { session: sessionFrom(row), user: userFrom(row) };
    },
    sawSession: async (secretHash, atMs) => {
      await db
        .updateTable('sessions')
        .set({ last_seen_at_ms: atMs })
        .where('secret_hash', '=', secretHash)
        .execute();
    },
    endSession: async (secretHash) => {
      await db.deleteFrom('sessions').where('secret_hash', '=', secretHash).execute();
    },
    endOldSessions: async (notSeenSinceMs, createdBeforeMs) => {
      await db
        .deleteFrom('sessions')
        .where((eb) =>
          eb.or([eb('last_seen_at_ms', '<=', notSeenSinceMs), eb('created_at_ms', '<=', createdBeforeMs)]),
        )
        .execute();
    },
  };
}

async function addSession(
  trx: Kysely<Database>,
  secretHash: string,
  { user, createdAtMs, lastSeenAtMs, address, agent }: Session,
  shownPassword?: string,
): Promise<boolean> {
  const owner = await trx
    .selectFrom('users')
    .select(['state', 'password_hash'])
    .where('name', '=', user)
    .executeTakeFirst();
  if (owner?.state !== 'active') return false;
  if (shownPassword !== undefined && owner.password_hash !== shownPassword) return false;
  await trx
    .insertInto('sessions')
    .values({
      secret_hash: secretHash,
      user_name: user,
      created_at_ms: createdAtMs,
      last_seen_at_ms: lastSeenAtMs,
      address,
      agent,
    })
    .execute();
  const others = trx
    .selectFrom('sessions')
    .where('user_name', '=', user)
    .where('secret_hash', '!=', secretHash);
  const kept = others
    .select('secret_hash')
    .orderBy('last_seen_at_ms', 'desc')
    .orderBy('secret_hash')
    .limit(MAX_SESSIONS_OF_USER - 1);
  await trx
    .deleteFrom('sessions')
    .where('user_name', '=', user)
    .where('secret_hash', 'not in', kept)
    .where('secret_hash', '!=', secretHash)
    .execute();
  return true;
}

export function tokenQueries({ db, reading, write }: StoreAccess): TokenQueries {
  return {
    tokens: async () => {
      const rows = await reading
        .selectFrom('api_tokens')
        .selectAll()
        .orderBy('created_at_ms', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(tokenFrom);
    },
    addToken: (secretHash, token) =>
      write(async (trx) => {
        const { count } = await trx
          .selectFrom('api_tokens')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (count >= MAX_TOKENS)
          return { put: false, because: `there are ${MAX_TOKENS} tokens: take some away first` };
        if (!(await isUser(trx, token.user)))
          return { put: false, because: `there is no user "${token.user}"` };
        await trx
          .insertInto('api_tokens')
          .values({
            secret_hash: secretHash,
            user_name: token.user,
            id: token.id,
            title: token.title,
            role: token.role,
            only_paths: toJson(token.only),
            created_at_ms: token.createdAtMs,
            expires_at_ms: token.expiresAtMs ?? null,
            last_used_at_ms: token.lastUsedAtMs ?? null,
          })
          .execute();
        return { put: true };
      }),
    token: async (secretHash) => {
      const row = await reading
        .selectFrom('api_tokens')
        .selectAll()
        .where('secret_hash', '=', secretHash)
        .executeTakeFirst();
      const user =
        row &&
        (await reading.selectFrom('users').selectAll().where('name', '=', row.user_name).executeTakeFirst());
      return row && user && { token: tokenFrom(row), user: userFrom(user) };
    },
    usedToken: async (id, atMs) => {
      await db.updateTable('api_tokens').set({ last_used_at_ms: atMs }).where('id', '=', id).execute();
    },
    removeToken: async (id) => {
      const { numDeletedRows } = await db
        .deleteFrom('api_tokens')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}

export function linkQueries({ reading, write }: StoreAccess): LinkQueries {
  return {
    putLink: (secretHash, user, expiresAtMs) =>
      write(async (trx) => {
        if (!(await isUser(trx, user))) return false;
        await trx.deleteFrom('login_links').where('user_name', '=', user).execute();
        await trx
          .insertInto('login_links')
          .values({ secret_hash: secretHash, user_name: user, expires_at_ms: expiresAtMs })
          .execute();
        return true;
      }),
    isLink: async (secretHash, nowMs) => {
      const row = await reading
        .selectFrom('login_links')
        .select('user_name')
        .where('secret_hash', '=', secretHash)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row !== undefined;
    },
    takeLink: (secretHash, nowMs) =>
      write(async (trx) => {
        const row = await trx
          .deleteFrom('login_links')
          .where('secret_hash', '=', secretHash)
          .returning(['user_name', 'expires_at_ms'])
          .executeTakeFirst();
        return row && row.expires_at_ms > nowMs ? row.user_name : undefined;
      }),
  };
}

async function isUser(trx: Kysely<Database>, name: string): Promise<boolean> {
  const row = await trx.selectFrom('users').select('name').where('name', '=', name).executeTakeFirst();
  return row !== undefined;
}
