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
      wishes.map((wish) => stores.installs.advance(install(), wish, event({ text: wish.step ?? '' }))),
    );
    const won = wishes.filter((_, at) => results[at] !== undefined);
    expect(won).toHaveLength(1);
    expect(await stores.installs.byId('i-000000000001')).toEqual(won[0]);
    const told = await stores.events.list({ afterId: 1 }, 100);
    expect(told.map(({ text }) => text)).toEqual(won.map(({ step }) => step));
  });

  storeTest('of many that keep the state of an install and change what it says, one does', async (stores) => {
    await putInstallable(stores);
    const before = install({ state: 'installing' });
    await stores.installs.create(before, event());
    const wishes: readonly Install[] = [
      { ...before, step: 'disk' },
      { ...before, percent: 90 },
      { ...before, bootedSteadyMs: 1 },
      { ...before, answeredSteadyMs: 2 },
      { ...before, reportedSteadyMs: 3 },
    ];
    const results = await Promise.all(wishes.map((wish) => stores.installs.advance(before, wish, event())));
    const won = wishes.filter((_, at) => results[at] !== undefined);
    expect(won).toHaveLength(1);
    expect(await stores.installs.byId(before.id)).toEqual(won[0]);
  });

  for (const first of ['create', 'remove'] as const) {
    storeTest(
      `keeps the machine of an install created at once, after the call to ${first}`,
      async (stores) => {
        await putInstallable(stores);
        const { created, removed } = await raceOf(first, {
          create: async () => (await stores.installs.create(install(), event())).created,
          remove: async () => (await stores.machines.remove(machine().id)).removed,
        });
        expect(created).toBe(!removed);
        expect(await stores.machines.list()).toEqual(removed ? [] : [machine()]);
        expect(await stores.installs.list({ limit: 10 })).toEqual(removed ? [] : [install()]);
      },
    );

    storeTest(
      `keeps the profile of an install created at once, after the call to ${first}`,
      async (stores) => {
        await putInstallable(stores);
        const { created, removed } = await raceOf(first, {
          create: async () => (await stores.installs.create(install(), event())).created,
          remove: async () => (await stores.profiles.remove('web')).removed,
        });
        expect(created).toBe(!removed);
        expect(await stores.profiles.list()).toEqual(removed ? [] : [profile()]);
      },
    );
  }
}

/** Calls both without waiting; an install whose machine or profile is gone is refused with a `StoreError`. */
async function raceOf(
  first: 'create' | 'remove',
  calls: { readonly create: () => Promise<boolean>; readonly remove: () => Promise<boolean> },
): Promise<{ readonly created: boolean; readonly removed: boolean }> {
  const create = async (): Promise<boolean> =>
    calls.create().catch((error: unknown) => {
      expect(error).toMatchObject({ kind: 'gone' });
      return false;
    });
  if (first === 'create') {
    const [created, removed] = await Promise.all([create(), calls.remove()]);
    return { created, removed };
  }
  const [removed, created] = await Promise.all([calls.remove(), create()]);
  return { created, removed };
}
