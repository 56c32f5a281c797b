import { expect } from 'vitest';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, image, profile } from './samples.ts';

export function imagesContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and the initrds in loading order', async (stores, reopen) => {
    const full = image({
      kernel: 'boot/vmlinuz',
      initrds: ['z.img', 'a.img'],
      title: AWKWARD,
      facts: { system: 'live/filesystem.squashfs', words: AWKWARD },
      memoryMegabytes: { http: 1280, nfs: 768 },
      needs: AWKWARD,
      chosen: { as: 'debian', kernel: 'linux', initrds: ['b', 'a'] },
      condition: { identity: AWKWARD, checksum: { state: 'waiting' }, force: true },
    });
    expect(await stores.images.add(full)).toEqual({ put: true });
    expect(await stores.images.byName('debian-12')).toEqual(full);
    expect(await (await reopen()).images.list()).toEqual([full]);
  });

  storeTest('lists images by name', async (stores) => {
    for (const name of ['rocky-9', 'centos-6.3', 'debian-12']) await stores.images.add(image({ name }));
    const listed = await stores.images.list();
    expect(listed.map((each) => each.name)).toEqual(['centos-6.3', 'debian-12', 'rocky-9']);
  });

  storeTest('finds nothing under a name that is not there', async (stores) => {
    await stores.images.add(image());
    expect(await stores.images.byName('debian')).toBeUndefined();
  });

  storeTest('refuses a name that the image of another folder has', async (stores) => {
    await stores.images.add(image());
    const because = 'the name "debian-12" belongs to the image in /srv/images/debian-12';
    expect(await stores.images.add(image({ folder: '/elsewhere' }))).toEqual({ put: false, because });
    expect(await stores.images.list()).toEqual([image()]);
  });

  storeTest('takes the same folder again, with what is in it now', async (stores) => {
    await stores.images.add(image({ kernel: 'linux' }));
    await stores.profiles.put(profile());
    const now = image({ title: 'Debian 12.9' });
    expect(await stores.images.add(now)).toEqual({ put: true });
    expect(await stores.images.list()).toEqual([now]);
    expect(await stores.profiles.list()).toEqual([profile()]);
  });

  storeTest('of two folders added at once under one name, one is put', async (stores) => {
    const rivals = [image({ folder: '/one' }), image({ folder: '/other' })];
    const results = await Promise.all(rivals.map((rival) => stores.images.add(rival)));
    expect(await stores.images.list()).toEqual(rivals.filter((_, at) => results[at]?.put));
  });

  storeTest('changes an image that is still the same, and no other', async (stores) => {
    await stores.images.add(image());
    const changed = image({ condition: { identity: '2', checksum: { state: 'alone' } } });
    expect(await stores.images.change(changed)).toBe(true);
    expect(await stores.images.list()).toEqual([changed]);
    for (const other of [{ name: 'x' }, { folder: '/x' }, { addedAtMs: 1 }])
      expect(await stores.images.change(image(other))).toBe(false);
    expect(await stores.images.list()).toEqual([changed]);
  });

  storeTest('remembers what is set aside, as it was the last time', async (stores, reopen) => {
    for (const signature of ['1', '2']) await stores.images.setAside(AWKWARD, signature);
    expect(await (await reopen()).images.aside()).toEqual(new Map([[AWKWARD, '2']]));
  });

  storeTest('keeps disc images that are on their way until they are taken away', async (stores, reopen) => {
    const arrival = { name: 'x', way: 'upload', fileName: AWKWARD, image: {}, startedAtMs: 1 } as const;
    await stores.arrivals.put(arrival);
    await stores.arrivals.put({ ...arrival, bytes: 2 });
    const again = await reopen();
    expect(await again.arrivals.list()).toEqual([{ ...arrival, bytes: 2 }]);
    expect(await again.arrivals.remove('x')).toBe(true);
    expect(await again.arrivals.remove('x')).toBe(false);
    expect(await again.arrivals.list()).toEqual([]);
  });

  storeTest('refuses to remove an image while a profile uses it', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    const because = 'profile "web" uses it: remove or change that first';
    expect(await stores.images.remove('debian-12')).toEqual({ removed: false, because });
    expect(await stores.images.list()).toEqual([image()]);
    await stores.profiles.remove('web');
    expect(await stores.images.remove('debian-12')).toEqual({ removed: true });
    expect(await stores.images.list()).toEqual([]);
  });

  storeTest('refuses to remove an image that is not there', async (stores) => {
    const because = 'there is no image "debian-12"';
    expect(await stores.images.remove('debian-12')).toEqual({ removed: false, because });
  });
}
