import type { Kysely } from 'kysely';
import type { MachinePower, PowerStore } from '../../core/power/machine-power.ts';
import type { SitePower } from '../../core/site/site-contents.ts';
import type { Database } from '../database.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';
import { chunksOf } from './machine-writes.ts';

export function powerQueries({ db, reading, write }: StoreAccess): PowerStore {
  return {
    list: async (machineIds) => {
      if (machineIds === undefined) return (await withoutSecrets(reading).execute()).map(powerFrom);
      const rows: PowerRow[] = [];
      for (const ids of chunksOf(machineIds))
        rows.push(...(await withoutSecrets(reading).where('machine_id', 'in', ids).execute()));
      return rows.map(powerFrom);
    },
    ofMachine: async (machineId) => {
      const row = await withoutSecrets(reading).where('machine_id', '=', machineId).executeTakeFirst();
      return row && powerFrom(row);
    },
    secretOf: async (machineId) => {
      const row = await reading
        .selectFrom('machine_power')
        .select('secret')
        .where('machine_id', '=', machineId)
        .executeTakeFirst();
      return row?.secret ?? undefined;
    },
    put: (power, given) => write((trx) => putPower(trx, power, given)),
    saw: async (machineId, setAtMs, sight) => {
      const seen =
        'trouble' in sight
          ? { trouble: toJson(sight.trouble) }
          : { state: sight.state, state_at_ms: sight.atMs, trouble: null };
      await db
        .updateTable('machine_power')
        .set(seen)
        .where('machine_id', '=', machineId)
        .where('set_at_ms', '=', setAtMs)
        .execute();
    },
    remove: async (machineId) => {
      const { numDeletedRows } = await db
        .deleteFrom('machine_power')
        .where('machine_id', '=', machineId)
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}

export async function putPower(
  trx: Kysely<Database>,
  { machineId, settings, setAtMs }: Parameters<PowerStore['put']>[0],
  given: Parameters<PowerStore['put']>[1],
): Promise<boolean> {
  const machine = await trx
    .selectFrom('machines')
    .select('id')
    .where('id', '=', machineId)
    .executeTakeFirst();
  if (!machine) return false;
  const nothingSeen = { state: null, state_at_ms: null, trouble: null };
  const row = { settings: toJson(settings), set_at_ms: setAtMs, ...nothingSeen };
  const secret = 'keep' in given ? {} : { secret: given.secret ?? null };
  await trx
    .insertInto('machine_power')
    .values({ machine_id: machineId, secret: null, ...row, ...secret })
    .onConflict((conflict) => conflict.column('machine_id').doUpdateSet({ ...row, ...secret }))
    .execute();
  return true;
}

/** With their secrets, for what is compared with a site. */
export async function listPower(trx: Kysely<Database>): Promise<readonly SitePower[]> {
  const rows = await withoutSecrets(trx).select(['machines.name', 'secret']).execute();
  return rows.map(({ name, machineId, settings, secret }) => ({
    name,
    machineId,
    settings: fromJson(settings),
    ...(secret === null ? {} : { secret }),
  }));
}

/** In order of the names of their machines. */
function withoutSecrets(db: Kysely<Database>) {
  return db
    .selectFrom('machine_power')
    .innerJoin('machines', 'machines.id', 'machine_power.machine_id')
    .select([
      'machine_id as machineId',
      'settings',
      'set_at_ms as setAtMs',
      'state',
      'state_at_ms as stateAtMs',
    ])
    .select(['trouble', (eb) => eb('secret', 'is not', null).as('hasSecret')])
    .orderBy('machines.name');
}

type PowerRow = Awaited<ReturnType<ReturnType<typeof withoutSecrets>['execute']>>[number];

function powerFrom({
  machineId,
  settings,
  setAtMs,
  state,
  stateAtMs,
  trouble,
  hasSecret,
}: PowerRow): MachinePower {
  return {
    machineId,
    settings: fromJson(settings),
    // SQLite has no booleans: it answers 0 or 1.
    secret: Number(hasSecret) === 1 ? 'kept' : 'none',
    setAtMs,
    ...(state === null || stateAtMs === null ? {} : { seen: { state, atMs: stateAtMs } }),
    ...(trouble === null ? {} : { trouble: fromJson(trouble) }),
  };
}
