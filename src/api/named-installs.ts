import type { Install } from '../core/install/install.ts';
import type { ApiNeeds } from './api-needs.ts';
import { namesById } from './machine-names.ts';
import { installToContract } from './to-contract.ts';

/** Installs as the API shows them, with the names that their machines have now. */
export async function namedInstalls(
  { installs, machines }: Pick<ApiNeeds, 'installs' | 'machines'>,
  records: readonly Install[],
): Promise<ReturnType<typeof installToContract>[]> {
  const names = await namesById(
    machines,
    records.map(({ machineId }) => machineId),
  );
  const now = installs.now();
  return records.map((install) =>
    installToContract(install, names.get(install.machineId) ?? install.machineId, now),
  );
}
