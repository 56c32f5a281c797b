import { type Kysely, sql } from 'kysely';
import { type AuditEntry, type AuditKeep, type AuditStore, FIRST_REFUSAL } from '../../core/people/audit.ts';
import type { Database } from '../database.ts';
import { fromJson, rowLimit, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import type { AuditRow } from '../tables/people-tables.ts';

export function auditQueries({ reading, write }: StoreAccess): AuditStore {
  return {
    note: (entry) =>
      write(async (trx) => {
        const last = await trx
          .selectFrom('audit')
          .select('id')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        const id = (last?.id ?? 0) + 1;
        await trx.insertInto('audit').values(rowOf(entry, id)).execute();
      }),
    prune: (keep) => write((trx) => prune(trx, keep)),
    list: async ({ who, route, path, beforeId }, limit) => {
      let query = reading.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(rowLimit(limit));
      if (who !== undefined) query = query.where('who', '=', who);
      if (route !== undefined) query = query.where('route', '=', route);
      // Not LIKE, which reads % and _ its own way.
      if (path !== undefined) query = query.where('path', '>=', path).where('path', '<', `${path}\u{10FFFF}`);
      if (beforeId !== undefined) query = query.where('id', '<', beforeId);
      return (await query.execute()).map(entryFrom);
    },
  };
}

async function prune(trx: Kysely<Database>, keep: AuditKeep): Promise<void> {
  for (const [comparison, most] of [
    ['<', keep.done],
    ['>=', keep.refused],
  ] as const) {
    const newestToGo = trx
      .selectFrom('audit')
      .select('id')
      .where('status', comparison, FIRST_REFUSAL)
      .orderBy('id', 'desc')
      .limit(1)
      .offset(most);
    await trx
      .deleteFrom('audit')
      .where('status', comparison, FIRST_REFUSAL)
      .where('id', '<=', newestToGo)
      .execute();
  }
  const newestOld = trx.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).offset(keep.whole);
  const short = toJson({ tooLarge: `of old entries, ${keep.oldLength} characters of JSON are kept` });
  for (const column of ['before_json', 'after_json'] as const)
    await trx
      .updateTable('audit')
      .set({ [column]: short })
      .where('id', '<=', newestOld)
      .where(sql<number>`length(${sql.ref(column)})`, '>', keep.oldLength)
      .execute();
}

function rowOf(entry: Omit<AuditEntry, 'id'>, id: number): AuditRow {
  const { atMs, who, by, address, route, path, status, before, after } = entry;
  return {
    id,
    at_ms: atMs,
    who,
    shown_by: by,
    address,
    route,
    path,
    status,
    before_json: before === undefined ? null : toJson(before),
    after_json: after === undefined ? null : toJson(after),
  };
}

function entryFrom(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    who: row.who,
    by: row.shown_by,
    address: row.address,
    route: row.route,
    path: row.path,
    status: row.status,
    ...(row.before_json === null ? {} : { before: fromJson(row.before_json) }),
    ...(row.after_json === null ? {} : { after: fromJson(row.after_json) }),
  };
}
