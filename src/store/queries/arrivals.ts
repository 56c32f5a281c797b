import type { ArrivalStore } from '../../core/images/arrival.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function arrivalQueries({ reading, write }: StoreAccess): ArrivalStore {
  return {
    list: async () => {
      const rows = await reading.selectFrom('arrivals').selectAll().orderBy('name').execute();
      return rows.map(({ record }) => fromJson(record));
    },
    put: (arrival) =>
      write(async (trx) => {
        const row = { name: arrival.name, record: toJson(arrival) };
        await trx
          .insertInto('arrivals')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
          .execute();
      }),
    remove: (name) =>
      write(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('arrivals')
          .where('name', '=', name)
          .executeTakeFirstOrThrow();
        return numDeletedRows === 1n;
      }),
  };
}
