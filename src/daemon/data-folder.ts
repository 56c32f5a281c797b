import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import { type NameLock, takeName } from '../os/name-lock.ts';
import { cachedStores } from '../store/read-cache.ts';
import { openSqliteStores } from '../store/sqlite/open.ts';
import { StoreError } from '../store/store-error.ts';
import { imagesFolderOf } from './compose-images.ts';
import { StartError } from './lifecycle.ts';

/** @throws StartError when this user may not make them. */
export function prepareFolders(settings: Settings): { readonly data: string; readonly images: string } {
  const data = settings.dataFolder ?? '/var/lib/muster';
  const images = imagesFolderOf(settings);
  try {
    // The database holds install tokens and leases: nobody else on this computer needs to look in.
    mkdirSync(data, { recursive: true, mode: 0o700 });
    mkdirSync(images, { recursive: true });
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot make the data folder ${data} (${because}): run as a user who may, or choose another: --set dataFolder=/some/folder`,
      77,
    );
  }
  return { data, images };
}

/** Two servers on one database would each believe in their own offers and boots. */
export async function lockFolder(folder: string): Promise<NameLock> {
  const lock = await takeName(`data ${folder}`);
  if (lock) return lock;
  throw new StartError(
    `Another Muster runs with the data folder ${folder}: stop it, or give this one its own: --set dataFolder=/some/folder`,
    1,
  );
}

export async function openStores(folder: string): Promise<Stores> {
  try {
    return cachedStores(await openSqliteStores(join(folder, 'muster.db')));
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message, 1) : error;
  }
}
