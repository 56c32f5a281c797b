import type { z } from 'zod';
import type { Install } from '../../contract/install-schemas.ts';
import { CliFailure } from '../cli-failure.ts';
import type { ApiClient } from '../client.ts';

export type WireInstall = z.output<typeof Install>;

/** Ids of installs. */
const ID = /^i-[\da-f]+$/;

/** Whether it may still become another: it is one of the states that are under way (docs/install-life.md). */
export function isUnderWay({ state }: Pick<WireInstall, 'state'>): boolean {
  return state === 'requested' || state === 'booting' || state === 'installing';
}

/** The next try, which was armed when this one failed. */
export async function nextTryOf(api: ApiClient, failed: WireInstall): Promise<WireInstall | undefined> {
  const query = { machine: failed.machineId, limit: 1 };
  const [newest] = (await api.call('listInstalls', { query })).items;
  return newest?.retryOf === failed.id ? newest : undefined;
}

/** An install by its id, or the newest of a machine by its name, id or MAC address. @throws CliFailure */
export async function findInstall(api: ApiClient, reference: string): Promise<WireInstall> {
  if (ID.test(reference)) return await api.call('getInstall', { params: { id: reference } });
  const { items } = await api.call('listInstalls', { query: { machine: reference, limit: 1 } });
  const [newest] = items;
  if (newest) return newest;
  throw new CliFailure('failed', `No install was ever armed for ${reference}`);
}
