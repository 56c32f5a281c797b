import type { Kysely } from 'kysely';
import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { Install } from '../../core/install/install.ts';
import {
  ACTIVE_WAVE_STATES,
  type Wave,
  type WaveMember,
  type WaveWithMembers,
} from '../../core/waves/wave.ts';
import type { WaveQuery } from '../../core/waves/wave-page.ts';
import type { WaveStore } from '../../core/waves/wave-store.ts';
import type { Database } from '../database.ts';
import type { WaveRow } from '../tables/wave-tables.ts';
import { fromJson, rowLimit } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { appendEvent } from './events.ts';
import { createInstall } from './installs.ts';
import { memberColumns, memberFrom, memberRowOf, rowOf, waveFrom } from './wave-rows.ts';

/** Rows of one statement: databases take no more than some 32,000 values in one. */
const ROWS_AT_ONCE = 1_000;
const WITH_A_TURN = ['waiting', 'started'] as const satisfies readonly WaveMember['state'][];

export function waveQueries({ db, reading, write }: StoreAccess): WaveStore {
  return {
    page: (query) => pageOfWaves(reading, query),
    active: async () => {
      const rows = await reading
        .selectFrom('waves')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb('state', 'in', ACTIVE_WAVE_STATES),
            eb(
              'name',
              'in',
              eb.selectFrom('wave_members').select('wave').where('wave_members.state', '=', 'started'),
            ),
          ]),
        )
        .orderBy('created_at_ms')
        .orderBy('name')
        .execute();
      return await withMembers(reading, rows);
    },
    byName: async (name) => {
      const rows = await reading.selectFrom('waves').selectAll().where('name', '=', name).execute();
      return (await withMembers(reading, rows))[0];
    },
    create: (...wave) => write((trx) => createWave(trx, ...wave)),
    start: (name, install, event) => write((trx) => startMember(trx, name, install, event)),
    putMember: async (name, from, changed) => {
      const { numUpdatedRows } = await db
        .updateTable('wave_members')
        .set(memberColumns(changed))
        .where('wave', '=', name)
        .where('machine_id', '=', changed.machineId)
        .where('state', '=', from)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    advance: (name, from, changed, event) => write((trx) => advanceWave(trx, name, from, changed, event)),
    remove: (name) => write((trx) => removeWave(trx, name)),
  };
}

async function pageOfWaves(
  db: Kysely<Database>,
  { state, after, limit }: WaveQuery,
): ReturnType<WaveStore['page']> {
  let query = db.selectFrom('waves').selectAll().orderBy('created_at_ms', 'desc').orderBy('name');
  if (state !== undefined) query = query.where('state', '=', state);
  if (after !== undefined)
    query = query.where((eb) =>
      eb.or([
        eb('created_at_ms', '<', after.createdAtMs),
        eb.and([eb('created_at_ms', '=', after.createdAtMs), eb('name', '>', after.name)]),
      ]),
    );
  // One more than is wanted, which tells whether there is a next page.
  const found = await query.limit(rowLimit(limit) + 1).execute();
  const waves = await withMembers(db, found.slice(0, limit));
  return { waves, next: found.length > limit ? waves.at(-1)?.wave : undefined };
}

async function withMembers(
  db: Kysely<Database>,
  rows: readonly WaveRow[],
): Promise<readonly WaveWithMembers[]> {
  if (rows.length === 0) return [];
  const names = rows.map(({ name }) => name);
  const members = await db
    .selectFrom('wave_members')
    .selectAll()
    .where('wave', 'in', names)
    .orderBy('wave')
    .orderBy('position')
    .execute();
  const byWave = new Map<string, WaveMember[]>(names.map((name) => [name, []]));
  for (const row of members) byWave.get(row.wave)?.push(memberFrom(row));
  return rows.map((row) => ({ wave: waveFrom(row), members: byWave.get(row.name) ?? [] }));
}

async function createWave(
  trx: Kysely<Database>,
  ...[wave, machineIds, event, confirmed]: Parameters<WaveStore['create']>
): ReturnType<WaveStore['create']> {
  const because = await objectionTo(trx, wave, machineIds);
  if (because !== undefined) return { created: false, because };
  await trx.insertInto('waves').values(rowOf(wave)).execute();
  const rows = machineIds.map((machineId, position) =>
    memberRowOf(wave.name, { machineId, position, state: 'waiting' }, confirmed?.get(machineId)),
  );
  for (const some of slices(rows)) await trx.insertInto('wave_members').values(some).execute();
  return { created: true, event: await appendEvent(trx, event) };
}

async function objectionTo(
  trx: Kysely<Database>,
  { name, profile }: Wave,
  machineIds: readonly string[],
): Promise<string | undefined> {
  const namesake = await trx.selectFrom('waves').select('name').where('name', '=', name).executeTakeFirst();
  if (namesake) return `there is a wave "${name}" already: give this one another name, or remove that one`;
  const known = await trx
    .selectFrom('profiles')
    .select('name')
    .where('name', '=', profile)
    .executeTakeFirst();
  if (!known) return `there is no profile "${profile}"`;
  for (const some of slices(machineIds)) {
    const there = await trx.selectFrom('machines').select('id').where('id', 'in', some).execute();
    if (there.length !== some.length) return 'a machine of the wave was forgotten meanwhile: try again';
    const elsewhere = await trx
      .selectFrom('wave_members')
      .innerJoin('machines', 'machines.id', 'wave_members.machine_id')
      .select(['machines.name', 'wave_members.wave'])
      .where('wave_members.machine_id', 'in', some)
      .where('wave_members.state', 'in', WITH_A_TURN)
      .orderBy('machines.name')
      .executeTakeFirst();
    if (elsewhere)
      return `machine ${elsewhere.name} is in wave "${elsewhere.wave}", which is not over: cancel that, or leave the machine out`;
  }
  return undefined;
}

async function startMember(
  trx: Kysely<Database>,
  name: string,
  install: Install,
  event: NewTimelineEvent,
): ReturnType<WaveStore['start']> {
  const row = await trx.selectFrom('waves').selectAll().where('name', '=', name).executeTakeFirst();
  if (row?.state !== 'running') return waits(`wave "${name}" is ${row?.state ?? 'not there any more'}`);
  const { underWay } = await trx
    .selectFrom('wave_members')
    .select((eb) => eb.fn.countAll<number>().as('underWay'))
    .where('wave', '=', name)
    .where('state', '=', 'started')
    .executeTakeFirstOrThrow();
  const { machines } = fromJson(row.budget);
  if (underWay >= machines) return waits(`${machines} machines of wave "${name}" are under way already`);
  const place = trx
    .selectFrom('wave_members')
    .select('state')
    .where('wave', '=', name)
    .where('machine_id', '=', install.machineId);
  if ((await place.executeTakeFirst())?.state !== 'waiting') return waits('the machine waits no longer');
  const created = await createInstall(trx, install, event);
  if (!created.created)
    return {
      started: false,
      because: `its install ${created.open.id}, which is not this wave's, is ${created.open.state}`,
      machine: 'cannot',
    };
  await trx
    .updateTable('wave_members')
    .set({ state: 'started', install_id: install.id, started_at_ms: install.requestedAtMs })
    .where('wave', '=', name)
    .where('machine_id', '=', install.machineId)
    .execute();
  return { started: true, event: created.event };
}

function waits(because: string): Awaited<ReturnType<WaveStore['start']>> {
  return { started: false, because, machine: 'waits' };
}

async function advanceWave(
  trx: Kysely<Database>,
  name: string,
  from: Wave['state'],
  { state, changedAtMs, because }: Pick<Wave, 'state' | 'changedAtMs' | 'because'>,
  event: NewTimelineEvent,
): ReturnType<WaveStore['advance']> {
  const { numUpdatedRows } = await trx
    .updateTable('waves')
    .set({ state, changed_at_ms: changedAtMs, because: because ?? null })
    .where('name', '=', name)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) return undefined;
  if (state === 'cancelled') {
    await trx
      .updateTable('wave_members')
      .set({ state: 'cancelled', because: because ?? null, ended_at_ms: changedAtMs })
      .where('wave', '=', name)
      .where('state', '=', 'waiting')
      .execute();
  }
  return await appendEvent(trx, event);
}

async function removeWave(trx: Kysely<Database>, name: string): ReturnType<WaveStore['remove']> {
  const row = await trx.selectFrom('waves').select('state').where('name', '=', name).executeTakeFirst();
  if (!row) return { removed: false, because: `there is no wave "${name}"` };
  if ((ACTIVE_WAVE_STATES as readonly string[]).includes(row.state))
    return { removed: false, because: `wave "${name}" is ${row.state}: cancel it first` };
  await trx.deleteFrom('waves').where('name', '=', name).execute();
  return { removed: true };
}

function* slices<T>(all: readonly T[]): Iterable<T[]> {
  for (let first = 0; first < all.length; first += ROWS_AT_ONCE) yield all.slice(first, first + ROWS_AT_ONCE);
}
