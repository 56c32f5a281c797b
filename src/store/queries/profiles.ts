import type { Kysely } from 'kysely';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import { OPEN_STATES } from '../../core/install/life.ts';
import type { Database } from '../database.ts';
import type { ProfileRow } from '../tables/install-tables.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { groupWithProfile } from './groups.ts';

export function profileQueries({ reading, write }: StoreAccess): ProfileStore {
  return {
    list: () => listProfiles(reading),
    byName: async (name) => {
      const row = await reading
        .selectFrom('profiles')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      return row && profileFrom(row);
    },
    put: (profile) => write((trx) => putProfile(trx, profile)),
    remove: (name) => write((trx) => removeProfile(trx, name)),
  };
}

export async function listProfiles(db: Kysely<Database>): Promise<readonly Profile[]> {
  const rows = await db.selectFrom('profiles').selectAll().orderBy('name').execute();
  return rows.map(profileFrom);
}

export async function putProfile(trx: Kysely<Database>, profile: Profile): ReturnType<ProfileStore['put']> {
  const image = await trx
    .selectFrom('images')
    .select('name')
    .where('name', '=', profile.image)
    .executeTakeFirst();
  if (!image) return { put: false, because: `there is no image "${profile.image}"` };
  const row: ProfileRow = {
    name: profile.name,
    image: profile.image,
    template: profile.template ?? null,
    arguments: profile.arguments,
    variables: toJson(profile.variables),
    loader: profile.loader ?? null,
    source: profile.source ?? null,
    memory_check: profile.memoryCheck ?? null,
  };
  await trx
    .insertInto('profiles')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
  return { put: true };
}

export async function removeProfile(trx: Kysely<Database>, name: string): ReturnType<ProfileStore['remove']> {
  const open = await trx
    .selectFrom('installs')
    .select(['id', 'state'])
    .where('profile', '=', name)
    .where('state', 'in', OPEN_STATES)
    .orderBy('number')
    .executeTakeFirst();
  if (open)
    return { removed: false, because: `install ${open.id} is ${open.state} with it: cancel that first` };
  const group = await groupWithProfile(trx, name);
  if (group)
    return { removed: false, because: `group ${group.name} names it: give that another profile first` };
  const { numDeletedRows } = await trx
    .deleteFrom('profiles')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n
    ? { removed: true }
    : { removed: false, because: `there is no profile "${name}"` };
}

function profileFrom(row: ProfileRow): Profile {
  const { variables, memory_check, ...columns } = row;
  return { ...nullsAbsent({ ...columns, memoryCheck: memory_check }), variables: fromJson(variables) };
}
