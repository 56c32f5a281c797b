import type { z } from 'zod';
import type { Install } from '../../contract/install-schemas.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';

export type WireInstall = z.output<typeof Install>;

/** Ids of installs. */
const ID = /^i-[\da-f]+$/;

/** An install by its id, or the newest of a machine by its name, id or MAC address. @throws CliFailure */
export async function findInstall(api: ApiClient, reference: string): Promise<WireInstall> {
  if (ID.test(reference)) return await api.call('getInstall', { params: { id: reference } });
  const { items } = await api.call('listInstalls', { query: { machine: reference, limit: 1 } });
  const [newest] = items;
  if (newest) return newest;
  throw new CliFailure('failed', `No install was ever armed for ${reference}`);
}
