import type { Kysely } from 'kysely';
import type { Snippet } from '../../core/answers/snippet.ts';
import type { SnippetStore, SnippetUsers } from '../../core/answers/snippet-store.ts';
import type { Database } from '../database.ts';
import type { StoreAccess } from '../store-access.ts';

export function snippetQueries({ reading, write }: StoreAccess): SnippetStore {
  return {
    list: () => listSnippets(reading),
    byName: (name) => reading.selectFrom('snippets').selectAll().where('name', '=', name).executeTakeFirst(),
    put: (snippet, objection) =>
      write(async (trx) => {
        const because = objection(await othersThan(trx, snippet.name));
        if (because !== undefined) return { put: false, because };
        await writeSnippet(trx, snippet);
        return { put: true };
      }),
    remove: (name, objection) =>
      write(async (trx) => {
        const because = objection(await usersOf(trx, name));
        if (because !== undefined) return { removed: false, because };
        const { numDeletedRows } = await trx
          .deleteFrom('snippets')
          .where('name', '=', name)
          .executeTakeFirstOrThrow();
        return numDeletedRows === 1n
          ? { removed: true }
          : { removed: false, because: `there is no snippet "${name}"` };
      }),
  };
}

export async function listSnippets(db: Kysely<Database>): Promise<readonly Snippet[]> {
  return await db.selectFrom('snippets').selectAll().orderBy('name').execute();
}

/** Whatever stands there under its name. */
export async function writeSnippet(trx: Kysely<Database>, { name, text }: Snippet): Promise<void> {
  await trx
    .insertInto('snippets')
    .values({ name, text })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ text }))
    .execute();
}

async function othersThan(trx: Kysely<Database>, name: string): Promise<readonly Snippet[]> {
  return (await listSnippets(trx)).filter((other) => other.name !== name);
}

async function usersOf(trx: Kysely<Database>, name: string): Promise<SnippetUsers> {
  const rows = await trx.selectFrom('profiles').select(['name', 'template']).orderBy('name').execute();
  const profiles = rows.flatMap((row) =>
    row.template === null ? [] : [{ name: row.name, template: row.template }],
  );
  return { profiles, snippets: await othersThan(trx, name) };
}
