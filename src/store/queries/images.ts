import type { Kysely } from 'kysely';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Image } from '../../core/images/image.ts';
import type { Database } from '../database.ts';
import type { ImageRow } from '../tables/image-tables.ts';
import { fromJson, nullsAbsent, toJson } from '../row-values.ts';
import type { StoreAccess } from '../store-access.ts';

export function imageQueries({ reading, write }: StoreAccess): ImageStore {
  return {
    list: async () => {
      const rows = await reading.selectFrom('images').selectAll().orderBy('name').execute();
      return rows.map(imageFrom);
    },
    byName: async (name) => {
      const row = await reading.selectFrom('images').selectAll().where('name', '=', name).executeTakeFirst();
      return row && imageFrom(row);
    },
    add: (image) => write((trx) => addImage(trx, image)),
    change: (image) => write((trx) => changeImage(trx, image)),
    setAside: (folder, signature) =>
      write(async (trx) => {
        const row = { folder, signature };
        await trx
          .insertInto('images_aside')
          .values(row)
          .onConflict((conflict) => conflict.column('folder').doUpdateSet(row))
          .execute();
      }),
    aside: async () => {
      const rows = await reading.selectFrom('images_aside').selectAll().execute();
      return new Map(rows.map(({ folder, signature }) => [folder, signature]));
    },
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

async function changeImage(trx: Kysely<Database>, image: Image): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('images')
    .set(rowOf(image))
    .where('name', '=', image.name)
    .where('folder', '=', image.folder)
    .where('added_at_ms', '=', image.addedAtMs)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
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
    facts: toJson(image.facts ?? {}),
    memory_megabytes: toJson(image.memoryMegabytes ?? {}),
    needs: image.needs ?? null,
    chosen: toJson(image.chosen ?? {}),
    condition: image.condition === undefined ? null : toJson(image.condition),
    added_at_ms: image.addedAtMs,
  };
}

function imageFrom(row: ImageRow): Image {
  const {
    initrds,
    answer_kind,
    loaders,
    facts,
    memory_megabytes,
    chosen,
    condition,
    added_at_ms,
    ...columns
  } = row;
  return {
    ...nullsAbsent(columns),
    initrds: fromJson(initrds),
    ...(fromJson(loaders).length === 0 ? {} : { loaders: fromJson(loaders) }),
    ...(Object.keys(fromJson(facts)).length === 0 ? {} : { facts: fromJson(facts) }),
    ...(Object.keys(fromJson(memory_megabytes)).length === 0
      ? {}
      : { memoryMegabytes: fromJson(memory_megabytes) }),
    ...(Object.keys(fromJson(chosen)).length === 0 ? {} : { chosen: fromJson(chosen) }),
    ...(condition === null ? {} : { condition: fromJson(condition) }),
    answerKind: answer_kind,
    addedAtMs: added_at_ms,
  };
}
