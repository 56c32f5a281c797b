import { expect } from 'vitest';
import { type Group, MAX_GROUPS } from '../../core/machines/groups.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, image, profile } from './samples.ts';

export function group(change: Partial<Group> = {}): Group {
  const selector = parseSelector('rack=a');
  return { name: 'rack-a', selector, priority: 0, arguments: '', variables: {}, ...change };
}

export function groupsContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and lists groups by name', async (stores, reopen) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    const full = group({
      name: 'all',
      selector: parseSelector('rack=a,role!=db,env in (lab,test),zone notin (x),gpu,!old'),
      priority: -1000,
      profile: 'web',
      arguments: AWKWARD,
      variables: { [AWKWARD]: AWKWARD },
    });
    for (const one of [group(), full]) expect(await stores.groups.put(one)).toEqual({ put: true });
    expect(await stores.groups.byName('all')).toEqual(full);
    expect(await (await reopen()).groups.list()).toEqual([full, group()]);
  });

  storeTest('lists groups page by page, also behind one that is gone', async (stores) => {
    for (const name of ['d', 'b', 'a', 'c']) await stores.groups.put(group({ name }));
    const first = await stores.groups.page({ limit: 2 });
    expect(first).toEqual({ groups: [group({ name: 'a' }), group({ name: 'b' })], next: 'b' });
    await stores.groups.remove('b');
    const second = await stores.groups.page({ limit: 2, after: 'b' });
    expect(second).toEqual({ groups: [group({ name: 'c' }), group({ name: 'd' })], next: undefined });
  });

  storeTest('replaces the group of that name, and drops the profile that is gone', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    await stores.groups.put(group({ profile: 'web', priority: 7 }));
    await stores.groups.put(group({ arguments: 'quiet' }));
    expect(await stores.groups.list()).toEqual([group({ arguments: 'quiet' })]);
  });

  storeTest('refuses a group whose profile is not there, and writes nothing', async (stores) => {
    const because = 'there is no profile "web"';
    expect(await stores.groups.put(group({ profile: 'web' }))).toEqual({ put: false, because });
    expect(await stores.groups.list()).toEqual([]);
  });

  storeTest('refuses to remove a profile that a group names', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    await stores.groups.put(group({ profile: 'web' }));
    const because = 'group rack-a names it: give that another profile first';
    expect(await stores.profiles.remove('web')).toEqual({ removed: false, because });
    await stores.groups.put(group());
    expect(await stores.profiles.remove('web')).toEqual({ removed: true });
  });

  storeTest('keeps a profile that a group is given at the moment it is removed', async (stores) => {
    await stores.images.add(image());
    await stores.profiles.put(profile());
    const [put, gone] = await Promise.all([
      stores.groups.put(group({ profile: 'web' })),
      stores.profiles.remove('web'),
    ]);
    expect([put.put, gone.removed].filter(Boolean)).toHaveLength(1);
  });

  storeTest(`takes ${MAX_GROUPS} groups and no more, but changes those that are there`, async (stores) => {
    for (let at = 0; at < MAX_GROUPS; at += 1) await stores.groups.put(group({ name: `g${at}` }));
    const because = `there are ${MAX_GROUPS} groups, which are the most`;
    expect(await stores.groups.put(group())).toEqual({ put: false, because });
    expect(await stores.groups.put(group({ name: 'g0', priority: 1 }))).toEqual({ put: true });
  });

  storeTest('removes one, once', async (stores) => {
    await stores.groups.put(group());
    expect(await stores.groups.remove('rack-a')).toBe(true);
    expect(await stores.groups.remove('rack-a')).toBe(false);
    expect(await stores.groups.byName('rack-a')).toBeUndefined();
  });
}
