import type { Kysely } from 'kysely';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import type { MirrorStore } from '../../core/mirrors/mirror-store.ts';
import type { Database } from '../database.ts';
import type { MirrorRow } from '../tables/image-tables.ts';
import type { StoreAccess } from '../store-access.ts';

export function mirrorQueries({ db, reading, write }: StoreAccess): MirrorStore {
  return {
    list: () => listMirrors(reading),
    add: (mirror) =>
      write(async (trx) => {
        const { name } = mirror;
        const known = await trx
          .selectFrom('mirrors')
          .select('name')
          .where('name', '=', name)
          .executeTakeFirst();
        if (known) return { put: false, because: `there is a mirror "${name}" already` };
        await trx.insertInto('mirrors').values(rowOf(mirror)).execute();
        return { put: true };
      }),
    change: async ({ name, maxBytes, mode }) => {
      const { numUpdatedRows } = await db
        .updateTable('mirrors')
        .set({ max_bytes: maxBytes, mode })
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    remove: async (name) => {
      const { numDeletedRows } = await db
        .deleteFrom('mirrors')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}

export async function listMirrors(db: Kysely<Database>): Promise<readonly Mirror[]> {
  const rows = await db.selectFrom('mirrors').selectAll().orderBy('name').execute();
  return rows.map(mirrorFrom);
}

/** Whatever stands there under its name. */
export async function writeMirror(trx: Kysely<Database>, mirror: Mirror): Promise<void> {
  const row = rowOf(mirror);
  await trx
    .insertInto('mirrors')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

function rowOf({ name, url, kind, maxBytes, mode, addedAtMs }: Mirror): MirrorRow {
  return { name, url, kind, max_bytes: maxBytes, mode, added_at_ms: addedAtMs };
}

function mirrorFrom({ name, url, kind, max_bytes, mode, added_at_ms }: MirrorRow): Mirror {
  return { name, url, kind, maxBytes: max_bytes, mode, addedAtMs: added_at_ms };
}
