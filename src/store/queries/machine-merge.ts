import type { Kysely } from 'kysely';
import type { MachineStore, MergeDecision } from '../../core/machines/machine-store.ts';
import type { Database } from '../database.ts';
import { appendEvent } from './events.ts';
import { openInstallOf, putOpenInstallLast } from './installs.ts';
import { machineById } from './machine-rows.ts';
import { objectionsTo, writeMachines } from './machine-writes.ts';

interface Ids {
  readonly into: string;
  readonly from: string;
}

export async function mergeMachines(
  trx: Kysely<Database>,
  ids: Ids,
  decide: MergeDecision,
): ReturnType<MachineStore['merge']> {
  const { into, from } = ids;
  const [kept, gone] = [await machineById(trx, into), await machineById(trx, from)];
  if (!kept || !gone)
    return { merged: false, because: `there is no machine with the id "${kept ? from : into}"` };
  const open = await openInstallOf(trx, from);
  if (open)
    return {
      merged: false,
      because: `install ${open.id} of ${gone.name} is ${open.state}: cancel that first`,
    };
  const decided = decide(kept, gone);
  if (!decided.merge) return { merged: false, because: decided.because };
  const { machine, event } = decided;
  await moveBelongings(trx, ids);
  await trx.deleteFrom('machines').where('id', '=', from).execute();
  const [objection] = await objectionsTo(trx, [machine]);
  // What was two machines before cannot collide with a third; thrown, so that nothing of it is written.
  if (objection) throw new Error(`Cannot merge ${gone.name} into ${kept.name}: ${objection.because}`);
  await writeMachines(trx, [machine]);
  return { merged: true, machine, event: await appendEvent(trx, event) };
}

/** What the first has of its own stays, and what is left of the second goes with it. */
async function moveBelongings(trx: Kysely<Database>, { into, from }: Ids): Promise<void> {
  for (const table of ['installs', 'events'] as const)
    await trx.updateTable(table).set({ machine_id: into }).where('machine_id', '=', from).execute();
  await putOpenInstallLast(trx, into);
  await moveTurns(trx, { into, from });
  await moveFacts(trx, { into, from });
  await movePower(trx, { into, from });
}

/** A machine is in a wave once, and waits in one only. */
async function moveTurns(trx: Kysely<Database>, { into, from }: Ids): Promise<void> {
  const members = await trx
    .selectFrom('wave_members')
    .select(['wave', 'machine_id', 'state'])
    .where('machine_id', 'in', [into, from])
    .execute();
  const own = members.filter(({ machine_id: id }) => id === into);
  const waits = own.some(({ state }) => state === 'waiting');
  const moving = members.filter(
    ({ machine_id: id, wave, state }) =>
      id === from && !own.some((one) => one.wave === wave) && !(waits && state === 'waiting'),
  );
  for (const { wave } of moving)
    await trx
      .updateTable('wave_members')
      .set({ machine_id: into })
      .where('machine_id', '=', from)
      .where('wave', '=', wave)
      .execute();
}

/** A machine has one way to its power: that of the second only where the first has none. */
async function movePower(trx: Kysely<Database>, { into, from }: Ids): Promise<void> {
  const own = await trx
    .selectFrom('machine_power')
    .select('machine_id')
    .where('machine_id', '=', into)
    .executeTakeFirst();
  if (own === undefined)
    await trx.updateTable('machine_power').set({ machine_id: into }).where('machine_id', '=', from).execute();
}

/** Of two reports by the same source the later one is how the computer is. */
async function moveFacts(trx: Kysely<Database>, { into, from }: Ids): Promise<void> {
  const reports = await trx
    .selectFrom('machine_facts')
    .select(['machine_id', 'source', 'at_ms'])
    .where('machine_id', 'in', [into, from])
    .execute();
  for (const { source, at_ms: atMs } of reports.filter(({ machine_id: id }) => id === from)) {
    const own = reports.find((one) => one.machine_id === into && one.source === source);
    if (own !== undefined && own.at_ms >= atMs) continue;
    await trx
      .deleteFrom('machine_facts')
      .where('machine_id', '=', into)
      .where('source', '=', source)
      .execute();
    await trx
      .updateTable('machine_facts')
      .set({ machine_id: into })
      .where('machine_id', '=', from)
      .where('source', '=', source)
      .execute();
  }
}
