import type { Kysely } from 'kysely';
import {
  type Hook,
  type HookDelivery,
  type HookStore,
  MAX_DELIVERIES,
  MAX_HOOKS,
} from '../../core/hooks/hook.ts';
import type { EventKind } from '../../core/events/event-kinds.ts';
import type { SiteHook } from '../../core/site/site-contents.ts';
import type { Database } from '../database.ts';
import type { HookDeliveryRow } from '../tables/hook-tables.ts';
import { fromJson, rowLimit, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function hookQueries({ db, reading, write }: StoreAccess): HookStore {
  return {
    list: async () => (await withoutSecrets(reading).execute()).map(hookFrom),
    byName: async (name) => {
      const row = await withoutSecrets(reading).where('name', '=', name).executeTakeFirst();
      return row && hookFrom(row);
    },
    secretOf: async (name) => {
      const row = await reading
        .selectFrom('hooks')
        .select('secret')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.secret ?? undefined;
    },
    positionOf: async (name) => {
      const row = await reading
        .selectFrom('hooks')
        .select('position')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.position;
    },
    add: (hook, secret, position) => write((trx) => addHook(trx, hook, secret, position)),
    change: async (hook, { secret, position }) => {
      const { numUpdatedRows } = await db
        .updateTable('hooks')
        .set({
          ...columnsOf(hook),
          ...(secret === undefined ? {} : { secret }),
          ...(position === undefined ? {} : { position }),
        })
        .where('name', '=', hook.name)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    remove: async (name) => {
      const { numDeletedRows } = await db
        .deleteFrom('hooks')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
    progress: (name, position, delivery) => write((trx) => progress(trx, name, position, delivery)),
    ...deliveryQueries(reading),
    tooMany: (kinds, afterId, keep) => tooMany(reading, kinds, afterId, keep),
  };
}

function deliveryQueries(reading: Kysely<Database>): Pick<HookStore, 'deliveries' | 'deliveryOf'> {
  return {
    deliveries: async (name, limit) => {
      const rows = await reading
        .selectFrom('hook_deliveries')
        .selectAll()
        .where('hook', '=', name)
        .orderBy('event_id', 'desc')
        .limit(rowLimit(limit))
        .execute();
      return rows.map(deliveryFrom);
    },
    deliveryOf: async (name, eventId) => {
      const row = await reading
        .selectFrom('hook_deliveries')
        .selectAll()
        .where('hook', '=', name)
        .where('event_id', '=', eventId)
        .executeTakeFirst();
      return row && deliveryFrom(row);
    },
  };
}

async function tooMany(
  db: Kysely<Database>,
  kinds: readonly EventKind[],
  afterId: number,
  keep: number,
): ReturnType<HookStore['tooMany']> {
  const after = db.selectFrom('events').where('id', '>', afterId).where('kind', 'in', kinds);
  const last = await after
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .offset(rowLimit(keep))
    .executeTakeFirst();
  if (last === undefined) return undefined;
  const { count } = await after
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('id', '<=', last.id)
    .executeTakeFirstOrThrow();
  return { count, lastId: last.id };
}

async function addHook(
  trx: Kysely<Database>,
  hook: Omit<Hook, 'secret'>,
  secret: string | undefined,
  position: number,
): ReturnType<HookStore['add']> {
  const names = (await trx.selectFrom('hooks').select('name').execute()).map(({ name }) => name);
  if (names.includes(hook.name)) return { put: false, because: `there is a hook "${hook.name}" already` };
  if (names.length >= MAX_HOOKS)
    return { put: false, because: `there are ${MAX_HOOKS} hooks, and no more are kept` };
  await trx
    .insertInto('hooks')
    .values({
      name: hook.name,
      ...columnsOf(hook),
      secret: secret ?? null,
      position,
      created_at_ms: hook.createdAtMs,
    })
    .execute();
  return { put: true };
}

async function progress(
  trx: Kysely<Database>,
  name: string,
  position: number,
  delivery: HookDelivery | undefined,
): Promise<void> {
  const hook = await trx.selectFrom('hooks').select('position').where('name', '=', name).executeTakeFirst();
  if (!hook) return;
  if (position > hook.position)
    await trx.updateTable('hooks').set({ position }).where('name', '=', name).execute();
  if (delivery === undefined) return;
  const row = rowOf(delivery);
  await trx
    .insertInto('hook_deliveries')
    .values(row)
    .onConflict((conflict) => conflict.columns(['hook', 'event_id']).doUpdateSet(row))
    .execute();
  const newestToGo = trx
    .selectFrom('hook_deliveries')
    .select('event_id')
    .where('hook', '=', name)
    .orderBy('event_id', 'desc')
    .limit(1)
    .offset(MAX_DELIVERIES);
  await trx
    .deleteFrom('hook_deliveries')
    .where('hook', '=', name)
    .where('event_id', '<=', newestToGo)
    .execute();
}

/** With their keys, for what is compared with a site. */
export async function listHooks(trx: Kysely<Database>): Promise<readonly SiteHook[]> {
  const rows = await withoutSecrets(trx).select('secret').execute();
  return rows.map(({ secret, ...row }) => {
    const { secret: _isKept, ...hook } = hookFrom(row);
    return { ...hook, ...(secret === null ? {} : { secret }) };
  });
}

/** In place of the one of its name. One that is new, or on again, is told of what happens from now on. */
export async function writeHook(trx: Kysely<Database>, { secret, ...hook }: SiteHook): Promise<void> {
  const before = await trx
    .selectFrom('hooks')
    .select(['mode', 'position'])
    .where('name', '=', hook.name)
    .executeTakeFirst();
  const isToldOn = before !== undefined && !(before.mode === 'off' && hook.mode === 'on');
  const position = isToldOn ? before.position : await newestEvent(trx);
  const row = { ...columnsOf(hook), secret: secret ?? null, position };
  await trx
    .insertInto('hooks')
    .values({ name: hook.name, created_at_ms: hook.createdAtMs, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

async function newestEvent(trx: Kysely<Database>): Promise<number> {
  const newest = await trx
    .selectFrom('events')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.id ?? 0;
}

function columnsOf({ events, machines, target, mode }: Omit<Hook, 'secret'>) {
  return { events: toJson(events), machines: machines ?? null, target: toJson(target), mode };
}

function withoutSecrets(db: Kysely<Database>) {
  return db
    .selectFrom('hooks')
    .select(['name', 'events', 'machines', 'target', 'mode', 'created_at_ms as createdAtMs'])
    .select((eb) => eb('secret', 'is not', null).as('hasSecret'))
    .orderBy('name');
}

type HookColumns = Awaited<ReturnType<ReturnType<typeof withoutSecrets>['execute']>>[number];

function hookFrom({ name, events, machines, target, mode, createdAtMs, hasSecret }: HookColumns): Hook {
  return {
    name,
    events: fromJson(events),
    ...(machines === null ? {} : { machines }),
    target: fromJson(target),
    mode,
    // SQLite has no booleans: it answers 0 or 1.
    secret: Number(hasSecret) === 1 ? 'kept' : 'none',
    createdAtMs,
  };
}

function rowOf({
  hook,
  eventId,
  kind,
  state,
  attempts,
  firstAtMs,
  lastAtMs,
  result,
}: HookDelivery): HookDeliveryRow {
  const times = { first_at_ms: firstAtMs, last_at_ms: lastAtMs };
  return { hook, event_id: eventId, kind, state, attempts, ...times, result };
}

function deliveryFrom({ event_id, first_at_ms, last_at_ms, ...rest }: HookDeliveryRow): HookDelivery {
  return { ...rest, eventId: event_id, firstAtMs: first_at_ms, lastAtMs: last_at_ms };
}
