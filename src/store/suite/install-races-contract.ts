import { expect } from 'vitest';
import type { Install } from '../../core/install/install.ts';
import type { StoreTest } from './open-stores.ts';
import { event, install, machine, profile, putInstallable } from './samples.ts';

/** Calls that run at once; the store decides which of them came first. */
export function installRacesContract(storeTest: StoreTest): void {
  storeTest('of many installs created at once for a machine, one is', async (stores) => {
    await putInstallable(stores);
    const rivals = Array.from({ length: 20 }, (_, at) => install({ id: `i-${at}` }));
    const results = await Promise.all(rivals.map((rival) => stores.installs.create(rival, event())));
    const created = rivals.filter((_, at) => results[at]?.created);
    expect(created).toHaveLength(1);
    expect(results.filter((result) => !result.created)).toEqual(
      Array.from({ length: 19 }, () => ({ created: false, open: created[0] })),
    );
    expect(await stores.installs.list({ limit: 100 })).toEqual(created);
    expect(await stores.events.list({}, 100)).toHaveLength(1);
  });

  storeTest('of many that advance an install from one state, one does', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install(), event());
    const wishes: readonly Install[] = Array.from({ length: 20 }, (_, at) =>
      install({ state: at % 2 === 0 ? 'booting' : 'cancelled', step: `wish ${at}` }),
    );
    const results = await Promise.all(
      wishes.map((wish) => stores.installs.advance('requested', wish, event({ text: wish.step ?? '' }))),
    );
    const won = wishes.filter((_, at) => results[at] !== undefined);
    expect(won).toHaveLength(1);
    expect(await stores.installs.byId('i-000000000001')).toEqual(won[0]);
    const told = await stores.events.list({ afterId: 1 }, 100);
    expect(told.map(({ text }) => text)).toEqual(won.map(({ step }) => step));
  });

  storeTest('an install created while its machine is removed finds it, or keeps it', async (stores) => {
    await putInstallable(stores);
    const [removed, created] = await Promise.allSettled([
      stores.machines.remove(machine().id),
      stores.installs.create(install(), event()),
    ]);
    const isRemoved = removed.status === 'fulfilled' && removed.value.removed;
    expect(created.status).toBe(isRemoved ? 'rejected' : 'fulfilled');
    expect(await stores.machines.list()).toEqual(isRemoved ? [] : [machine()]);
    expect(await stores.installs.list({ limit: 10 })).toEqual(isRemoved ? [] : [install()]);
  });

  storeTest('an install created while its profile is removed finds it, or keeps it', async (stores) => {
    await putInstallable(stores);
    const [removed, created] = await Promise.allSettled([
      stores.profiles.remove('web'),
      stores.installs.create(install(), event()),
    ]);
    const isRemoved = removed.status === 'fulfilled' && removed.value.removed;
    expect(created.status).toBe(isRemoved ? 'rejected' : 'fulfilled');
    expect(await stores.profiles.list()).toEqual(isRemoved ? [] : [profile()]);
  });
}
