import { type Expression, type ExpressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import type { NewTimelineEvent, TimelineEvent } from '../../core/events/timeline-event.ts';
import type { InstallQuery, InstallStore, InstallWithEvent } from '../../core/install/install-store.ts';
import type { Install } from '../../core/install/install.ts';
import { OPEN_STATES } from '../../core/install/life.ts';
import { parseToolProfile } from '../../core/tools/tool-profile.ts';
import type { Database } from '../database.ts';
import type { InstallRow } from '../tables/install-tables.ts';
import { nullsAbsent, rowLimit } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { StoreError } from '../store-error.ts';
import { nextNumbers } from './counters.ts';
import { appendEvent } from './events.ts';
import { chunksOf } from './machine-writes.ts';

export function installQueries({ reading, write }: StoreAccess): InstallStore {
  return {
    byId: async (id) => installFrom(await selected(reading).where('id', '=', id).executeTakeFirst()),
    byToken: async (token) =>
      installFrom(await selected(reading).where('token', '=', token).executeTakeFirst()),
    openOf: (machineId) => openInstallOf(reading, machineId),
    list: async ({ machineId, limit }) => {
      const newestFirst = selected(reading).orderBy('number', 'desc').limit(rowLimit(limit));
      const rows = await newestFirst
        .$if(machineId !== undefined, (query) => query.where('machine_id', '=', machineId ?? ''))
        .execute();
      return rows.map((row) => nullsAbsent(row));
    },
    newestOf: (machineIds) => newestOf(reading, machineIds),
    newestOfAll: () => newestInstalls(reading),
    page: (query) => pageOfInstalls(reading, query),
    listOpen: async () => {
      // By what is no column: SQLite would take the index of all numbers, to have the few that are open in order.
      const inOrder = sql`${sql.ref('number')} + 0`;
      const rows = await selected(reading).where(isOpen).orderBy(inOrder).execute();
      return rows.map((row) => nullsAbsent(row));
    },
    lastInstalled: async (machineId) => {
      const installed = selected(reading)
        .where('machine_id', '=', machineId)
        .where('state', '=', 'installed');
      // A tool installs nothing; only names of tools have this sign.
      return installFrom(
        await installed
          .where('profile', 'not like', '%@%')
          .orderBy('number', 'desc')
          .limit(1)
          .executeTakeFirst(),
      );
    },
    create: (install, event) => write((trx) => createInstall(trx, install, event)),
    createAll: (wanted) => write((trx) => createAll(trx, wanted)),
    advance: (from, changed, event) => write((trx) => advanceInstall(trx, from, changed, event)),
    advanceAndCreate: (from, changed, next) =>
      write(async (trx) => {
        const written = await advanceInstall(trx, from, changed.install, changed.event);
        if (!written) return undefined;
        const created = await createInstall(trx, next.install, next.event);
        if (!created.created) throw stillOpen(created.open);
        return [written, created.event];
      }),
  };
}

async function newestOf(db: Kysely<Database>, machineIds: readonly string[]): Promise<readonly Install[]> {
  const found: Install[] = [];
  for (const ids of chunksOf(machineIds)) {
    const newest = db
      .selectFrom('installs')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('machine_id', 'in', ids)
      .groupBy('machine_id');
    const rows = await selected(db).where('number', 'in', newest).execute();
    found.push(...rows.map((row) => nullsAbsent(row)));
  }
  return found;
}

/** That of each machine. */
export async function newestInstalls(db: Kysely<Database>): Promise<readonly Install[]> {
  const newest = db
    .selectFrom('installs')
    .select((eb) => eb.fn.max('number').as('number'))
    .groupBy('machine_id');
  const rows = await selected(db).where('number', 'in', newest).execute();
  return rows.map((row) => nullsAbsent(row));
}

async function pageOfInstalls(
  db: Kysely<Database>,
  { machineId, profile, state, after, limit }: InstallQuery,
): ReturnType<InstallStore['page']> {
  const found = await selected(db)
    .select('number')
    .$if(machineId !== undefined, (query) => query.where('machine_id', '=', machineId ?? ''))
    .$if(profile !== undefined, (query) => query.where('profile', '=', profile ?? ''))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'failed'))
    .$if(after !== undefined, (query) => query.where('number', '<', after ?? 0))
    .orderBy('number', 'desc')
    // One more than is wanted, which tells whether there is a next page.
    .limit(rowLimit(limit) + 1)
    .execute();
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1)?.number : undefined;
  const installs = rows.map(({ number: _number, ...row }) => nullsAbsent(row));
  return last === undefined ? { installs } : { installs, next: last };
}

/** Written out, as the index of open installs is: a value that is handed over could be any other, so it would not be used. */
function isOpen(eb: ExpressionBuilder<Database, 'installs'>): Expression<SqlBool> {
  return eb(
    'state',
    'in',
    OPEN_STATES.map((state) => sql.lit(state)),
  );
}

/** Also for those who must not do something while an install is open. */
export async function openInstallOf(db: Kysely<Database>, machineId: string): Promise<Install | undefined> {
  const open = selected(db).where('machine_id', '=', machineId).where(isOpen);
  return installFrom(await open.executeTakeFirst());
}

/** What is under way is the newest install of its machine, also where those of another have become that one's. */
export async function putOpenInstallLast(trx: Kysely<Database>, machineId: string): Promise<void> {
  const open = await openInstallOf(trx, machineId);
  if (!open) return;
  const number = await nextNumbers(trx, 'install', 1);
  await trx.updateTable('installs').set({ number }).where('id', '=', open.id).execute();
}

function selected(db: Kysely<Database>) {
  return db
    .selectFrom('installs')
    .select(['id', 'machine_id as machineId', 'profile', 'token', 'state'])
    .select(['requested_at_ms as requestedAtMs', 'changed_at_ms as changedAtMs'])
    .select(['step', 'percent', 'because', 'cause', 'attempt', 'attempts', 'retry_of as retryOf'])
    .select(['expires_steady_ms as expiresSteadyMs', 'booted_steady_ms as bootedSteadyMs'])
    .select(['answered_steady_ms as answeredSteadyMs', 'reported_steady_ms as reportedSteadyMs'])
    .select('boot_address as bootAddress');
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
  const missing = await missingFor(trx, install.profile);
  if (missing !== undefined) throw gone(missing);
  const number = await nextNumbers(trx, 'install', 1);
  await trx
    .insertInto('installs')
    .values({ number, ...rowOf(install) })
    .execute();
  return { created: true, event: await appendEvent(trx, event) };
}

/** What stands in the way is told of every machine, so they are looked at before the first is written. */
async function createAll(
  trx: Kysely<Database>,
  wanted: readonly InstallWithEvent[],
): ReturnType<InstallStore['createAll']> {
  const open: Install[] = [];
  for (const { install } of wanted) {
    const found = await openInstallOf(trx, install.machineId);
    if (found) open.push(found);
  }
  if (open.length > 0) return { created: false, open };
  const events: TimelineEvent[] = [];
  for (const { install, event } of wanted) {
    const created = await createInstall(trx, install, event);
    // The same machine twice in one wish.
    if (!created.created) throw stillOpen(created.open);
    events.push(created.event);
  }
  return { created: true, events };
}

function stillOpen({ id, machineId, state }: Install): RangeError {
  return new RangeError(`Cannot arm a second install of ${machineId}: ${id} is ${state}`);
}

/** The profile of a tool is there as long as its image is. */
async function missingFor(trx: Kysely<Database>, profile: string): Promise<string | undefined> {
  const image = parseToolProfile(profile)?.image;
  const found =
    image === undefined
      ? await trx.selectFrom('profiles').select('name').where('name', '=', profile).executeTakeFirst()
      : await trx.selectFrom('images').select('name').where('name', '=', image).executeTakeFirst();
  if (found) return undefined;
  return image === undefined ? `profile "${profile}"` : `image "${image}"`;
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
  from: Install,
  changed: Install,
  event: NewTimelineEvent,
): ReturnType<InstallStore['advance']> {
  const { numUpdatedRows } = await trx
    .updateTable('installs')
    .set(rowOf(changed))
    .where('id', '=', changed.id)
    .where('state', '=', from.state)
    .where('step', 'is not distinct from', from.step ?? null)
    .where('percent', 'is not distinct from', from.percent ?? null)
    .where('booted_steady_ms', 'is not distinct from', from.bootedSteadyMs ?? null)
    .where('answered_steady_ms', 'is not distinct from', from.answeredSteadyMs ?? null)
    .where('reported_steady_ms', 'is not distinct from', from.reportedSteadyMs ?? null)
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
    cause: install.cause ?? null,
    attempt: install.attempt,
    attempts: install.attempts,
    retry_of: install.retryOf ?? null,
    expires_steady_ms: install.expiresSteadyMs ?? null,
    booted_steady_ms: install.bootedSteadyMs ?? null,
    answered_steady_ms: install.answeredSteadyMs ?? null,
    reported_steady_ms: install.reportedSteadyMs ?? null,
    boot_address: install.bootAddress ?? null,
  };
}
