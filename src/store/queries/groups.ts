import type { Kysely } from 'kysely';
import type { GroupStore } from '../../core/machines/group-store.ts';
import { type Group, MAX_GROUPS } from '../../core/machines/groups.ts';
import { formatSelector, parseSelector } from '../../core/machines/selector.ts';
import type { Database } from '../database.ts';
import type { GroupRow } from '../tables/install-tables.ts';
import { fromJson, nullsAbsent, rowLimit, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function groupQueries({ db, reading, write }: StoreAccess): GroupStore {
  return {
    list: () => listGroups(reading),
    page: (query) => pageOfGroups(reading, query),
    byName: async (name) => {
      const row = await reading
        .selectFrom('machine_groups')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      return row && groupFrom(row);
    },
    put: (group) =>
      write(async (trx) => {
        const because = await objectionTo(trx, group);
        if (because !== undefined) return { put: false, because };
        await writeGroup(trx, group);
        return { put: true };
      }),
    remove: async (name) => {
      const { numDeletedRows } = await db
        .deleteFrom('machine_groups')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}

export async function listGroups(db: Kysely<Database>): Promise<readonly Group[]> {
  const rows = await db.selectFrom('machine_groups').selectAll().orderBy('name').execute();
  return rows.map(groupFrom);
}

async function pageOfGroups(
  db: Kysely<Database>,
  { after, limit }: Parameters<GroupStore['page']>[0],
): ReturnType<GroupStore['page']> {
  const found = await db
    .selectFrom('machine_groups')
    .selectAll()
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
    .orderBy('name')
    // One more than is wanted, which tells whether there is a next page.
    .limit(rowLimit(limit) + 1)
    .execute();
  const groups = found.slice(0, limit).map(groupFrom);
  return { groups, next: found.length > limit ? groups.at(-1)?.name : undefined };
}

/** Whatever stands there under its name. */
export async function writeGroup(trx: Kysely<Database>, group: Group): Promise<void> {
  const row: GroupRow = {
    name: group.name,
    selector: formatSelector(group.selector),
    priority: group.priority,
    profile: group.profile ?? null,
    arguments: group.arguments,
    variables: toJson(group.variables),
  };
  await trx
    .insertInto('machine_groups')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

async function objectionTo(trx: Kysely<Database>, { name, profile }: Group): Promise<string | undefined> {
  if (profile !== undefined) {
    const known = await trx
      .selectFrom('profiles')
      .select('name')
      .where('name', '=', profile)
      .executeTakeFirst();
    if (!known) return `there is no profile "${profile}"`;
  }
  const others = await trx.selectFrom('machine_groups').select('name').where('name', '!=', name).execute();
  return others.length < MAX_GROUPS ? undefined : `there are ${MAX_GROUPS} groups, which are the most`;
}

/** The group that has machines installed with this profile: it would have nothing to install them with. */
export async function groupWithProfile(
  trx: Kysely<Database>,
  profile: string,
): Promise<{ readonly name: string } | undefined> {
  return await trx
    .selectFrom('machine_groups')
    .select('name')
    .where('profile', '=', profile)
    .orderBy('name')
    .executeTakeFirst();
}

function groupFrom({ selector, variables, ...columns }: GroupRow): Group {
  return { ...nullsAbsent(columns), selector: parseSelector(selector), variables: fromJson(variables) };
}
