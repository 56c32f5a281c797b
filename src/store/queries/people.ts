import type { Kysely } from 'kysely';
import type { PeopleStore, Put } from '../../core/people/people-store.ts';
import { MAX_USERS, type User } from '../../core/people/user.ts';
import type { Database } from '../database.ts';
import type { StoreAccess } from '../store-access.ts';
import { listUsers, userFrom } from './people-rows.ts';
import type { Outsider } from '../../core/people/oidc.ts';
import { linkQueries, sessionQueries, tokenQueries } from './people-secrets.ts';

type UserQueries = Pick<
  PeopleStore,
  'users' | 'user' | 'passwordHash' | 'addUser' | 'putOutsider' | 'changeUser' | 'removeUser' | 'setPassword'
>;

export function peopleQueries(access: StoreAccess): PeopleStore {
  return {
    ...userQueries(access),
    ...sessionQueries(access),
    ...tokenQueries(access),
    ...linkQueries(access),
  };
}

function userQueries({ reading, write }: StoreAccess): UserQueries {
  return {
    users: () => listUsers(reading),
    user: async (name) => {
      const row = await reading.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
      return row && userFrom(row);
    },
    passwordHash: async (name) => {
      const row = await reading
        .selectFrom('users')
        .select('password_hash')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.password_hash ?? undefined;
    },
    addUser: (user, hash, objection) => write((trx) => addUser(trx, user, hash, objection)),
    putOutsider: (outsider, createdAtMs) => write((trx) => putOutsider(trx, outsider, createdAtMs)),
    changeUser: (name, change, objection) =>
      write(async (trx) => {
        const { user, others } = await userAndOthers(trx, name);
        const because = user ? objection(user, others) : `there is no user "${name}"`;
        if (!user || because !== undefined) return { because: because ?? '' };
        if (Object.keys(change).length > 0)
          await trx.updateTable('users').set(change).where('name', '=', name).execute();
        // Whoever has such a session is not to come in again when the user is unlocked.
        if (change.state === 'locked') await endAll(trx, name);
        return { changed: { ...user, ...change } };
      }),
    removeUser: (name, objection) =>
      write(async (trx) => {
        const { user, others } = await userAndOthers(trx, name);
        const because = user ? objection(user, others) : `there is no user "${name}"`;
        if (because !== undefined) return { put: false, because };
        await trx.deleteFrom('users').where('name', '=', name).execute();
        return { put: true };
      }),
    setPassword: (name, hash, shownPassword) =>
      write(async (trx) => {
        const all = trx.updateTable('users').set({ password_hash: hash }).where('name', '=', name);
        const meant = shownPassword === undefined ? all : all.where('password_hash', '=', shownPassword);
        const { numUpdatedRows } = await meant.executeTakeFirstOrThrow();
        if (numUpdatedRows === 1n) await endAll(trx, name);
        return numUpdatedRows === 1n;
      }),
  };
}

async function endAll(trx: Kysely<Database>, name: string): Promise<void> {
  for (const table of ['sessions', 'login_links'] as const)
    await trx.deleteFrom(table).where('user_name', '=', name).execute();
}

async function userAndOthers(
  trx: Kysely<Database>,
  name: string,
): Promise<{ readonly user: User | undefined; readonly others: readonly User[] }> {
  const users = await listUsers(trx);
  return {
    user: users.find((one) => one.name === name),
    others: users.filter((one) => one.name !== name),
  };
}

async function addUser(
  trx: Kysely<Database>,
  { name, role, state, createdAtMs }: Omit<User, 'password'>,
  passwordHash: string | undefined,
  objection: (users: readonly User[]) => string | undefined,
): Promise<Put> {
  const users = await listUsers(trx);
  const because = objection(users);
  if (because !== undefined) return { put: false, because };
  // Nobody tells "Anna" from "anna" in a list or in the audit.
  const taken = users.find((user) => user.name.toLowerCase() === name.toLowerCase());
  if (taken) return { put: false, because: `there is a user "${taken.name}" already` };
  if (users.length >= MAX_USERS)
    return { put: false, because: `there are ${MAX_USERS} users, and no more are kept` };
  await trx
    .insertInto('users')
    .values({
      name,
      role,
      state,
      password_hash: passwordHash ?? null,
      created_at_ms: createdAtMs,
      subject: null,
    })
    .execute();
  return { put: true };
}

async function putOutsider(
  trx: Kysely<Database>,
  { subject, name, role }: Outsider,
  createdAtMs: number,
): ReturnType<PeopleStore['putOutsider']> {
  const known = await trx.selectFrom('users').selectAll().where('subject', '=', subject).executeTakeFirst();
  if (known) {
    await trx.updateTable('users').set({ role }).where('name', '=', known.name).execute();
    return known.state === 'active'
      ? { user: userFrom({ ...known, role }) }
      : { because: `${known.name} is locked: an admin can unlock them` };
  }
  const user = { name, role, state: 'active', createdAtMs } as const;
  const added = await addUser(trx, user, undefined, () => undefined);
  if (!added.put)
    return { because: `${added.because}, and is somebody else: an admin can take that one away` };
  await trx.updateTable('users').set({ subject }).where('name', '=', name).execute();
  return { user: { ...user, password: 'none' } };
}
