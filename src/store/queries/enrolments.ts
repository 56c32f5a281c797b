import type { Kysely } from 'kysely';
import type { Enrolled, Enrolment } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Database } from '../database.ts';
import { objectionsTo, writeMachines } from './machine-writes.ts';

export async function enrolMachine(
  trx: Kysely<Database>,
  machine: Machine,
  { rule, atMs }: Enrolment,
  maximum: number,
): Promise<Enrolled> {
  const there = await countEnrolled(trx);
  if (there >= maximum) {
    const because = `${there} machines that are there were made known by a rule, and ${maximum} may be`;
    return { enrolled: false, why: 'full', because };
  }
  const [objection] = await objectionsTo(trx, [machine]);
  if (objection) return { enrolled: false, why: 'taken', because: objection.because };
  await writeMachines(trx, [machine]);
  await trx.insertInto('enrolments').values({ machine_id: machine.id, rule, at_ms: atMs }).execute();
  return { enrolled: true };
}

export async function countEnrolled(db: Kysely<Database>): Promise<number> {
  const { count } = await db
    .selectFrom('enrolments')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
