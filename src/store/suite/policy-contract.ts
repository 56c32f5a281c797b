import { expect } from 'vitest';
import type { Policy } from '../../core/policy/policy.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD } from './samples.ts';

const OTHER: Policy = {
  unknownMachines: 'enrol',
  enrol: {
    maximum: 7,
    rules: [
      {
        when: { mac: '52:54:00', vendor: AWKWARD },
        name: 'node-{n:03}',
        labels: { rack: 'a' },
        variables: { disk: AWKWARD },
        profile: 'web',
        arm: true,
      },
    ],
  },
  discovery: { image: 'debian-12' },
  tools: { arguments: 'console=ttyS0' },
  authoritative: true,
  newClients: { burst: 10, perSecond: 2.5 },
  menu: { title: AWKWARD, timeoutSeconds: 0, images: ['debian-12', 'rocky-9'], default: 'debian-12' },
  installs: { attempts: 3, expireHours: 'never', bootMinutes: 1, quietMinutes: 2, totalMinutes: 3 },
};

export function policyContract(storeTest: StoreTest): void {
  storeTest('is the default until one was put', async (stores) => {
    expect(await stores.policy.get()).toEqual(DEFAULT_POLICY);
  });

  storeTest('is the one that was put, also after a restart', async (stores, reopen) => {
    await stores.policy.put(OTHER);
    expect(await stores.policy.get()).toEqual(OTHER);
    expect(await (await reopen()).policy.get()).toEqual(OTHER);
  });

  storeTest('is the last one that was put', async (stores) => {
    await stores.policy.put(OTHER);
    await stores.policy.put(DEFAULT_POLICY);
    expect(await stores.policy.get()).toEqual(DEFAULT_POLICY);
  });
}
