import type { Kysely } from 'kysely';
import { type KnownKey, type RequestKeyStore } from '../../core/requests/request-keys.ts';
import type { Database } from '../database.ts';
import { fromJson, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function requestKeyQueries({ db, write }: StoreAccess): RequestKeyStore {
  return {
    begin: (...given) => write((trx) => begin(trx, ...given)),
    answered: async (key, answer) => {
      await db
        .updateTable('request_keys')
        .set({ answer: toJson(answer) })
        .where('key_hash', '=', key)
        .execute();
    },
    forget: async (key) => {
      await db.deleteFrom('request_keys').where('key_hash', '=', key).execute();
    },
  };
}

async function begin(
  trx: Kysely<Database>,
  key: string,
  fingerprint: string,
  nowMs: number,
  { sinceMs, most }: { readonly sinceMs: number; readonly most: number },
): Promise<KnownKey | undefined> {
  await trx.deleteFrom('request_keys').where('begun_at_ms', '<', sinceMs).execute();
  const known = await trx
    .selectFrom('request_keys')
    .select(['fingerprint', 'answer'])
    .where('key_hash', '=', key)
    .executeTakeFirst();
  if (known)
    return {
      fingerprint: known.fingerprint,
      answer: known.answer === null ? undefined : fromJson(known.answer),
    };
  await trx
    .insertInto('request_keys')
    .values({ key_hash: key, fingerprint, begun_at_ms: nowMs, answer: null })
    .execute();
  await forgetBeyond(trx, key, most);
  return undefined;
}

/** The oldest go, but never the one that begins: its time may be an old one, where the clock was set back. */
async function forgetBeyond(trx: Kysely<Database>, key: string, most: number): Promise<void> {
  const tooMany = trx
    .selectFrom('request_keys')
    .select('key_hash')
    .where('key_hash', '!=', key)
    .orderBy('begun_at_ms', 'desc')
    .orderBy('key_hash', 'desc')
    .limit(most)
    .offset(most - 1);
  await trx.deleteFrom('request_keys').where('key_hash', 'in', tooMany).execute();
}
