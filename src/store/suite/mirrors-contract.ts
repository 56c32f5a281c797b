import { expect } from 'vitest';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, NOON } from './samples.ts';

function mirror(change: Partial<Mirror> = {}): Mirror {
  const url = 'http://deb.example/debian/';
  return {
    name: 'debian',
    url,
    kind: 'debian',
    maxBytes: 50 * 2 ** 30,
    mode: 'online',
    addedAtMs: NOON,
    ...change,
  };
}

export function mirrorsContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and lists mirrors by name', async (stores, reopen) => {
    const rocky = mirror({ name: 'rocky-9', kind: 'rpm', url: AWKWARD, maxBytes: 2 ** 50, mode: 'offline' });
    for (const one of [rocky, mirror()]) expect(await stores.mirrors.add(one)).toEqual({ put: true });
    expect(await (await reopen()).mirrors.list()).toEqual([mirror(), rocky]);
  });

  storeTest('refuses a name that is taken, and of two added at once puts one', async (stores) => {
    const rivals = [mirror({ url: 'http://one.example/' }), mirror({ url: 'http://other.example/' })];
    const results = await Promise.all(rivals.map((rival) => stores.mirrors.add(rival)));
    expect(await stores.mirrors.list()).toEqual(rivals.filter((_, at) => results[at]?.put));
    expect(await stores.mirrors.add(mirror())).toEqual({
      put: false,
      because: 'there is a mirror "debian" already',
    });
  });

  storeTest('changes what may change, and says where there is none', async (stores) => {
    await stores.mirrors.add(mirror());
    expect(await stores.mirrors.change({ name: 'debian', maxBytes: 1, mode: 'offline' })).toBe(true);
    expect(await stores.mirrors.list()).toEqual([mirror({ maxBytes: 1, mode: 'offline' })]);
    expect(await stores.mirrors.change({ name: 'ubuntu', maxBytes: 1, mode: 'offline' })).toBe(false);
  });

  storeTest('removes one, once', async (stores) => {
    await stores.mirrors.add(mirror());
    expect(await stores.mirrors.remove('debian')).toBe(true);
    expect(await stores.mirrors.remove('debian')).toBe(false);
    expect(await stores.mirrors.list()).toEqual([]);
  });
}
