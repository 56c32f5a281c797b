import { expect } from 'vitest';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, event, image, install, profile, putInstallable } from './samples.ts';

export function profilesContract(storeTest: StoreTest): void {
  keepContract(storeTest);
  removeContract(storeTest);
}

function keepContract(storeTest: StoreTest): void {
  storeTest('keeps every field', async (stores, reopen) => {
    await stores.images.add(image());
    const texts = { template: AWKWARD, arguments: AWKWARD, variables: { [AWKWARD]: AWKWARD } };
    const full = profile({ ...texts, loader: 'grub', source: 'ftp', memoryCheck: 'off' });
    expect(await stores.profiles.put(full)).toEqual({ put: true });
    expect(await stores.profiles.byName('web')).toEqual(full);
    expect(await (await reopen()).profiles.list()).toEqual([full]);
  });

  storeTest('lists profiles by name', async (stores) => {
    await stores.images.add(image());
    for (const name of ['web', 'db', 'Kiosk']) await stores.profiles.put(profile({ name }));
    expect((await stores.profiles.list()).map((each) => each.name)).toEqual(['Kiosk', 'db', 'web']);
  });

  storeTest('replaces the profile of that name and drops the template that is gone', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile({ template: 'old', variables: { disk: 'sda' } }));
    await stores.profiles.put(profile({ arguments: 'quiet' }));
    expect(await stores.profiles.list()).toEqual([profile({ arguments: 'quiet' })]);
  });

  storeTest('refuses a profile whose image is not there, and writes nothing', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    const because = 'there is no image "debian-13"';
    expect(await stores.profiles.put(profile({ image: 'debian-13' }))).toEqual({ put: false, because });
    expect(await stores.profiles.list()).toEqual([profile()]);
  });

  storeTest('finds nothing under a name that is not there', async (stores) => {
    expect(await stores.profiles.byName('web')).toBeUndefined();
  });

  for (const first of ['put', 'remove'] as const) {
    storeTest(
      `keeps a profile's image that is removed at once, after the call to ${first}`,
      async (stores) => {
        await stores.images.add(image());
        const calls = {
          put: async () => (await stores.profiles.put(profile())).put,
          remove: async () => (await stores.images.remove('debian-12')).removed,
        };
        const second = first === 'put' ? 'remove' : 'put';
        const results = await Promise.all([calls[first](), calls[second]()]);
        expect(results.filter(Boolean)).toHaveLength(1);
        expect(await stores.images.list()).toHaveLength((await stores.profiles.list()).length);
      },
    );
  }
}

function removeContract(storeTest: StoreTest): void {
  for (const state of ['requested', 'booting', 'installing'] as const) {
    storeTest(`refuses to remove a profile while an install with it is ${state}`, async (stores) => {
      await putInstallable(stores);
      await stores.installs.create(install({ state }), event());
      const because = `install i-000000000001 is ${state} with it: cancel that first`;
      expect(await stores.profiles.remove('web')).toEqual({ removed: false, because });
      expect(await stores.profiles.list()).toEqual([profile()]);
    });
  }

  storeTest('removes a profile whose installs are over, and leaves those', async (stores) => {
    await putInstallable(stores);
    const over = install({ state: 'installed' });
    await stores.installs.create(over, event());
    expect(await stores.profiles.remove('web')).toEqual({ removed: true });
    expect(await stores.profiles.list()).toEqual([]);
    expect(await stores.installs.byId(over.id)).toEqual(over);
  });

  storeTest('refuses to remove a profile that is not there', async (stores) => {
    const because = 'there is no profile "web"';
    expect(await stores.profiles.remove('web')).toEqual({ removed: false, because });
  });
}
