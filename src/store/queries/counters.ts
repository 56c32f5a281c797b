import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';

/**
 * The next `count` numbers of a counter, in a transaction that uses them: no gap remains when it is rolled back,
 * and with several nodes the row's lock makes numbers appear in their order, so that a reader who asks for what
 * follows number 7 misses nothing.
 *
 * @returns the first of them.
 */
export async function nextNumbers(
  trx: Kysely<Database>,
  name: 'event' | 'install',
  count: number,
): Promise<number> {
  const { value } = await trx
    .updateTable('counters')
    .set((eb) => ({ value: eb('value', '+', count) }))
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}
