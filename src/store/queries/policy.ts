import type { Kysely } from 'kysely';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import type { Database } from '../database.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { SingleWrites, StoreAccess } from '../store-access.ts';

/** There is one policy for the whole server. */
const NAME = 'server';

export function policyQueries({ db, reading }: StoreAccess): PolicyStore {
  return {
    get: () => readPolicy(reading),
    put: (policy) => writePolicy(db, policy),
  };
}

export async function readPolicy(db: Kysely<Database>): Promise<Policy> {
  const row = await db.selectFrom('policies').select('policy').where('name', '=', NAME).executeTakeFirst();
  if (!row) return DEFAULT_POLICY;
  const policy = fromJson(row.policy);
  // One written before a field existed has that field as it is by default.
  return {
    ...DEFAULT_POLICY,
    ...policy,
    enrol: { ...DEFAULT_POLICY.enrol, ...policy.enrol },
    discovery: { ...DEFAULT_POLICY.discovery, ...policy.discovery },
    tools: { ...DEFAULT_POLICY.tools, ...policy.tools },
    newClients: { ...DEFAULT_POLICY.newClients, ...policy.newClients },
    menu: { ...DEFAULT_POLICY.menu, ...policy.menu },
    installs: { ...DEFAULT_POLICY.installs, ...policy.installs },
  };
}

export async function writePolicy(db: SingleWrites, policy: Policy): Promise<void> {
  const row = { name: NAME, policy: toJson(policy) };
  await db
    .insertInto('policies')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}
