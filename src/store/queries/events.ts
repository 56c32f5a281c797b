import { type Expression, type ExpressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import type { EventFilter, EventStore } from '../../core/events/event-store.ts';
import type { EventData, NewTimelineEvent, TimelineEvent } from '../../core/events/timeline-event.ts';
import type { Database } from '../database.ts';
import type { EventRow } from '../tables/server-tables.ts';
import { fromJson, type JsonText, nullsAbsent, rowLimit, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { nextNumbers } from './counters.ts';
import { holds, idsChosenBy } from './machine-conditions.ts';

export function eventQueries({ reading, write, batch }: StoreAccess): EventStore {
  return {
    append: (events) => appendEvents(batch, events),
    list: async (filter, limit) => {
      const oldestFirst = filter.afterId !== undefined;
      const ends = { order: oldestFirst ? 'asc' : 'desc', limit: rowLimit(limit) } as const;
      const rows = await selected(reading)
        .where((eb) => fitting(eb, reading, filter, ends))
        .orderBy('id', ends.order)
        .limit(ends.limit)
        .execute();
      const events = rows.map(({ data, ...row }) => ({
        ...nullsAbsent(row),
        ...(data === null ? {} : { data: fromJson(data) }),
      }));
      return oldestFirst ? events : events.reverse();
    },
    prune: (keep) => write((trx) => pruneEvents(trx, rowLimit(keep))),
  };
}

/** For a change that is written in one transaction with its event. */
export async function appendEvent(trx: Kysely<Database>, event: NewTimelineEvent): Promise<TimelineEvent> {
  const id = await nextNumbers(trx, 'event', 1);
  await trx.insertInto('events').values(rowOf(id, event)).execute();
  return { ...event, id };
}

async function appendEvents(
  batch: StoreAccess['batch'],
  events: readonly NewTimelineEvent[],
): Promise<readonly TimelineEvent[]> {
  if (events.length === 0) return [];
  const rows = events.map((event, at) => listOf(event, events.length - 1 - at));
  const [counted] = await batch(
    [
      { name: 'countEvents', value: rows.length },
      { name: 'addEvents', value: rows, lastColumn: events.map(({ data }) => jsonOrNull(data)) },
    ],
    'killed process',
  );
  const firstId = Number(counted?.[0]?.['value']) - events.length + 1;
  return events.map((event, at) => numbered(event, firstId + at));
}

function numbered(event: NewTimelineEvent, id: number): TimelineEvent {
  const { atMs, kind, text, because, machineId, mac, installId, data } = event;
  return { id, atMs, kind, text, because, machineId, mac, installId, data };
}

/** In the order of `addEvents`. */
function listOf(event: NewTimelineEvent, toLast: number): readonly unknown[] {
  const { atMs, kind, text, because, machineId, mac, installId } = event;
  return [toLast, atMs, kind, text, because ?? null, machineId ?? null, mac ?? null, installId ?? null];
}

function jsonOrNull(data: EventData | undefined): JsonText<EventData> | null {
  return data === undefined ? null : toJson(data);
}

function selected(db: Kysely<Database>) {
  return db
    .selectFrom('events')
    .select(['id', 'at_ms as atMs', 'kind', 'text', 'because'])
    .select(['machine_id as machineId', 'mac', 'install_id as installId', 'data']);
}

type Events = ExpressionBuilder<Database, 'events'>;

/** From which end so many are taken. */
interface Ends {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

function fitting(eb: Events, db: Kysely<Database>, filter: EventFilter, ends: Ends): Expression<SqlBool> {
  const [first, ...others] = ownersIn(filter);
  if (first === undefined) return isEveryones(filter) ? eb.and(conditionsOf(eb, db, filter)) : eb.lit(false);
  if (others.length === 0)
    return eb.and([eb(first.column, '=', first.value), ...conditionsOf(eb, db, filter)]);
  // Each by its own index. Asked for this one or that one, SQLite looks through all events until it has found enough.
  const idsOf = (owner: Owner) => idsOfOwner(db, owner, filter, ends);
  return eb(
    'id',
    'in',
    others.reduce((ids, owner) => ids.unionAll(idsOf(owner)), idsOf(first)),
  );
}

/** What says that an event is of a machine. */
interface Owner {
  readonly column: 'machine_id' | 'mac';
  readonly value: string;
}

function isEveryones({ machineId, macs }: EventFilter): boolean {
  return machineId === undefined && macs === undefined;
}

function ownersIn({ machineId, macs = [] }: EventFilter): readonly Owner[] {
  const ofMacs = macs.map((value) => ({ column: 'mac', value }) as const);
  return machineId === undefined ? ofMacs : [{ column: 'machine_id', value: machineId }, ...ofMacs];
}

/** More than are wanted in all are wanted of none. */
function idsOfOwner(
  db: Kysely<Database>,
  { column, value }: Owner,
  filter: EventFilter,
  { order, limit }: Ends,
) {
  const ids = db
    .selectFrom('events')
    .select('id')
    .where(sql<string>`${sql.ref(column)}`, '=', value)
    .where((eb) => eb.and(conditionsOf(eb, db, filter)))
    .orderBy('id', order)
    .limit(limit);
  return db.selectFrom(ids.as('some')).select('id');
}

/** All but whose they are. */
function conditionsOf(eb: Events, db: Kysely<Database>, filter: EventFilter): readonly Expression<SqlBool>[] {
  const { installId, kinds, selector, text, afterId, beforeId, downToId } = filter;
  const conditions: Expression<SqlBool>[] = [];
  if (installId !== undefined) conditions.push(eb('install_id', '=', installId));
  if (afterId !== undefined) conditions.push(eb('id', '>', afterId));
  if (beforeId !== undefined) conditions.push(eb('id', '<', beforeId));
  if (downToId !== undefined) conditions.push(eb('id', '>=', downToId));
  if (kinds !== undefined) conditions.push(kinds.length === 0 ? eb.lit(false) : eb('kind', 'in', kinds));
  if (selector !== undefined) conditions.push(eb('machine_id', 'in', idsChosenBy(db, selector)));
  if (text !== undefined) conditions.push(saying(eb, text.toLowerCase()));
  return conditions;
}

function saying(eb: Events, wanted: string): Expression<SqlBool> {
  return eb.or((['text', 'because'] as const).map((column) => holds(eb.fn('lower', [column]), wanted)));
}

async function pruneEvents(trx: Kysely<Database>, keep: number): Promise<number> {
  const newestToGo = trx.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).offset(keep);
  const { numDeletedRows } = await trx
    .deleteFrom('events')
    .where('id', '<=', newestToGo)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function rowOf(id: number, event: NewTimelineEvent): EventRow {
  return {
    id,
    at_ms: event.atMs,
    kind: event.kind,
    text: event.text,
    because: event.because ?? null,
    machine_id: event.machineId ?? null,
    mac: event.mac ?? null,
    install_id: event.installId ?? null,
    data: jsonOrNull(event.data),
  };
}
