import { expect } from 'vitest';
import type { SnippetUsers } from '../../core/answers/snippet-store.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, profile, putInstallable } from './samples.ts';

const allow = (): undefined => undefined;

export function snippetsContract(storeTest: StoreTest): void {
  storeTest('keeps every text as it is, and lists snippets by name', async (stores, reopen) => {
    const users = { name: 'users', text: AWKWARD };
    const disk = { name: 'disk', text: 'zerombr\r\n\tä\n' };
    for (const one of [users, disk]) expect(await stores.snippets.put(one, allow)).toEqual({ put: true });
    const opened = await reopen();
    expect(await opened.snippets.list()).toEqual([disk, users]);
    expect(await opened.snippets.byName('users')).toEqual(users);
    expect(await opened.snippets.byName('nope')).toBeUndefined();
  });

  storeTest('puts a text in place of the one before', async (stores) => {
    await stores.snippets.put({ name: 'disk', text: 'one' }, allow);
    await stores.snippets.put({ name: 'disk', text: 'two' }, allow);
    expect(await stores.snippets.list()).toEqual([{ name: 'disk', text: 'two' }]);
  });

  storeTest('asks over all others before it puts one, and refuses with the reason', async (stores) => {
    await stores.snippets.put({ name: 'a', text: '1' }, allow);
    await stores.snippets.put({ name: 'b', text: '2' }, allow);
    const seen: unknown[] = [];
    const refused = await stores.snippets.put({ name: 'a', text: '3' }, (others) => {
      seen.push(...others);
      return 'so be it';
    });
    expect(refused).toEqual({ put: false, because: 'so be it' });
    expect(seen).toEqual([{ name: 'b', text: '2' }]);
    expect(await stores.snippets.byName('a')).toEqual({ name: 'a', text: '1' });
  });

  storeTest('asks over all that could use it before it removes one', async (stores) => {
    await putInstallable(stores);
    await stores.profiles.put(profile({ template: '{% include "a" %}' }));
    await stores.profiles.put(profile({ name: 'plain' }));
    await stores.snippets.put({ name: 'a', text: '1' }, allow);
    await stores.snippets.put({ name: 'b', text: '2' }, allow);
    const seen: SnippetUsers[] = [];
    const objection = (users: SnippetUsers): string => {
      seen.push(users);
      return 'it is used';
    };
    expect(await stores.snippets.remove('a', objection)).toEqual({ removed: false, because: 'it is used' });
    expect(seen).toEqual([
      {
        profiles: [{ name: profile().name, template: '{% include "a" %}' }],
        snippets: [{ name: 'b', text: '2' }],
      },
    ]);
  });

  storeTest('removes one, once', async (stores) => {
    await stores.snippets.put({ name: 'a', text: '1' }, allow);
    expect(await stores.snippets.remove('a', allow)).toEqual({ removed: true });
    expect(await stores.snippets.remove('a', allow)).toEqual({
      removed: false,
      because: 'there is no snippet "a"',
    });
    expect(await stores.snippets.list()).toEqual([]);
  });
}
