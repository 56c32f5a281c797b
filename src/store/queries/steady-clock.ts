import type { SteadyClockStore } from '../../core/network/steady-clock.ts';
import type { StoreAccess } from '../store-access.ts';

const NAME = 'steady';

export function steadyClockQueries({ db, reading }: StoreAccess): SteadyClockStore {
  return {
    kept: async () => {
      const row = await reading.selectFrom('clocks').selectAll().where('name', '=', NAME).executeTakeFirst();
      if (row?.steady_ms === undefined || row.steady_ms === null) return undefined;
      const clocks = { bootId: row.boot_id, uptimeMs: row.uptime_ms, wallMs: row.wall_ms };
      return { clocks, steadyMs: row.steady_ms };
    },
    keep: async ({ clocks, steadyMs }) => {
      const row = {
        name: NAME,
        boot_id: clocks.bootId,
        uptime_ms: Math.round(clocks.uptimeMs),
        wall_ms: Math.round(clocks.wallMs),
        steady_ms: Math.round(steadyMs),
      };
      await db
        .insertInto('clocks')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute();
    },
  };
}
