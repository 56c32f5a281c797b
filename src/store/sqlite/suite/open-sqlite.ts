import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedStores } from '../../suite/open-stores.ts';
import { openSqliteStores } from '../open.ts';

/** In a file: what a restart finds is what is on disk. */
export async function openSqlite(): Promise<OpenedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  const path = join(folder, 'muster.db');
  const stores = await openSqliteStores(path);
  let open = stores;
  return {
    stores,
    async reopen() {
      await open.close();
      open = await openSqliteStores(path);
      return open;
    },
    async remove() {
      await open.close();
      await rm(folder, { recursive: true });
    },
  };
}
