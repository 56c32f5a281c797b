import type { Kysely } from 'kysely';
import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { Install } from '../../core/install/install.ts';
import { OPEN_STATES } from '../../core/install/life.ts';
import type { Database, InstallRow } from '../database.ts';
import { nullsAbsent, rowLimit } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { StoreError } from '../store-error.ts';
import { nextNumbers } from './counters.ts';
import { appendEvent } from './events.ts';

export function installQueries({ db, write }: StoreAccess): InstallStore {
  return {
    byId: async (id) => installFrom(await selected(db).where('id', '=', id).executeTakeFirst()),
    byToken: async (token) => installFrom(await selected(db).where('token', '=', token).executeTakeFirst()),
    openOf: (machineId) => openInstallOf(db, machineId),
    list: async ({ machineId, limit }) => {
      const newestFirst = selected(db).orderBy('number', 'desc').limit(rowLimit(limit));
      const rows = await newestFirst
        .$if(machineId !== undefined, (query) => query.where('machine_id', '=', machineId ?? ''))
        .execute();
      return rows.map((row) => nullsAbsent(row));
    },
    create: (install, event) => write((trx) => createInstall(trx, install, event)),
    advance: (from, changed, event) => write((trx) => advanceInstall(trx, from, changed, event)),
  };
}

/** Also for those who must not do something while an install is open. */
export async function openInstallOf(db: Kysely<Database>, machineId: string): Promise<Install | undefined> {
  const open = selected(db).where('machine_id', '=', machineId).where('state', 'in', OPEN_STATES);
  return installFrom(await open.executeTakeFirst());
}

function selected(db: Kysely<Database>) {
  return db
    .selectFrom('installs')
    .select(['id', 'machine_id as machineId', 'profile', 'token', 'state'])
    .select(['requested_at_ms as requestedAtMs', 'changed_at_ms as changedAtMs'])
    .select(['step', 'percent', 'because']);
}

type SelectedRow = Awaited<ReturnType<ReturnType<typeof selected>['execute']>>[number];

function installFrom(row: SelectedRow | undefined): Install | undefined {
  return row && nullsAbsent(row);
}

/** Also for a wave, whose machine gets its turn in the same transaction. */
export async function createInstall(
  trx: Kysely<Database>,
  install: Install,
  event: NewTimelineEvent,
): ReturnType<InstallStore['create']> {
  const open = await openInstallOf(trx, install.machineId);
  if (open) return { created: false, open };
  const machine = await trx
    .selectFrom('machines')
    .select('id')
    .where('id', '=', install.machineId)
    .executeTakeFirst();
  if (!machine) throw gone(`machine ${install.machineId}`);
  const profile = await trx
    .selectFrom('profiles')
    .select('name')
    .where('name', '=', install.profile)
    .executeTakeFirst();
  if (!profile) throw gone(`profile "${install.profile}"`);
  const number = await nextNumbers(trx, 'install', 1);
  await trx
    .insertInto('installs')
    .values({ number, ...rowOf(install) })
    .execute();
  return { created: true, event: await appendEvent(trx, event) };
}

function gone(what: string): StoreError {
  return new StoreError(
    'gone',
    `Cannot arm an install: ${what} is not there (any more)`,
    'add it and try again',
  );
}

async function advanceInstall(
  trx: Kysely<Database>,
  from: Install['state'],
  changed: Install,
  event: NewTimelineEvent,
): ReturnType<InstallStore['advance']> {
  const { numUpdatedRows } = await trx
    .updateTable('installs')
    .set(rowOf(changed))
    .where('id', '=', changed.id)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n ? appendEvent(trx, event) : undefined;
}

function rowOf(install: Install): Omit<InstallRow, 'number'> {
  return {
    id: install.id,
    machine_id: install.machineId,
    profile: install.profile,
    token: install.token,
    state: install.state,
    requested_at_ms: install.requestedAtMs,
    changed_at_ms: install.changedAtMs,
    step: install.step ?? null,
    percent: install.percent ?? null,
    because: install.because ?? null,
  };
}
