import type { Kysely } from 'kysely';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Image } from '../../core/images/image.ts';
import type { Database, ImageRow } from '../database.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function imageQueries({ db, write }: StoreAccess): ImageStore {
  return {
    list: async () => {
      const rows = await db.selectFrom('images').selectAll().orderBy('name').execute();
      return rows.map(imageFrom);
    },
    byName: async (name) => {
      const row = await db.selectFrom('images').selectAll().where('name', '=', name).executeTakeFirst();
      return row && imageFrom(row);
    },
    add: (image) => write((trx) => addImage(trx, image)),
    remove: (name) => write((trx) => removeImage(trx, name)),
  };
}

async function addImage(trx: Kysely<Database>, image: Image): ReturnType<ImageStore['add']> {
  const known = await trx
    .selectFrom('images')
    .select('folder')
    .where('name', '=', image.name)
    .executeTakeFirst();
  // The folder is what makes an image the same one: adding it again tells what is in it now.
  if (known && known.folder !== image.folder) {
    return { put: false, because: `the name "${image.name}" belongs to the image in ${known.folder}` };
  }
  const row = rowOf(image);
  await trx
    .insertInto('images')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
  return { put: true };
}

async function removeImage(trx: Kysely<Database>, name: string): ReturnType<ImageStore['remove']> {
  const user = await trx
    .selectFrom('profiles')
    .select('name')
    .where('image', '=', name)
    .orderBy('name')
    .executeTakeFirst();
  if (user) return { removed: false, because: `profile "${user.name}" uses it: remove or change that first` };
  const { numDeletedRows } = await trx
    .deleteFrom('images')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n
    ? { removed: true }
    : { removed: false, because: `there is no image "${name}"` };
}

function rowOf(image: Image): ImageRow {
  return {
    name: image.name,
    folder: image.folder,
    family: image.family,
    title: image.title,
    release: image.release,
    architecture: image.architecture,
    kernel: image.kernel ?? null,
    initrds: toJson(image.initrds),
    answer_kind: image.answerKind,
    loaders: toJson(image.loaders ?? []),
    added_at_ms: image.addedAtMs,
  };
}

function imageFrom(row: ImageRow): Image {
  const { initrds, answer_kind, loaders, added_at_ms, ...columns } = row;
  return {
    ...nullsAbsent(columns),
    initrds: fromJson(initrds),
    ...(fromJson(loaders).length === 0 ? {} : { loaders: fromJson(loaders) }),
    answerKind: answer_kind,
    addedAtMs: added_at_ms,
  };
}
