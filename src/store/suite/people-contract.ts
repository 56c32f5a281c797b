import { expect } from 'vitest';
import { type ApiToken, MAX_SESSIONS_OF_USER, type Session, type User } from '../../core/people/user.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, NOON } from './samples.ts';

const allow = (): undefined => undefined;

function user(change: Partial<User> = {}): Omit<User, 'password'> {
  const { password: _, ...rest } = { password: 'none', ...change };
  return { name: 'anna', role: 'operator', state: 'active', createdAtMs: NOON, ...rest };
}

function session(change: Partial<Session> = {}): Session {
  return { user: 'anna', createdAtMs: NOON, lastSeenAtMs: NOON, address: '::1', agent: AWKWARD, ...change };
}

function token(change: Partial<ApiToken> = {}): ApiToken {
  return { id: 't-1', user: 'anna', title: AWKWARD, role: 'viewer', only: [], createdAtMs: NOON, ...change };
}

export function peopleContract(storeTest: StoreTest): void {
  storeTest(
    'keeps users by name, and the hash of a password where nothing else tells it',
    async (stores, reopen) => {
      await stores.people.addUser(user({ name: 'zoe', role: 'admin', state: 'locked' }), undefined, allow);
      await stores.people.addUser(user(), AWKWARD, allow);
      const { people } = await reopen();
      expect(await people.users()).toEqual([
        { ...user(), password: 'set' },
        { ...user({ name: 'zoe', role: 'admin', state: 'locked' }), password: 'none' },
      ]);
      expect(await people.user('zoe')).toMatchObject({ role: 'admin' });
      expect(await people.user('nobody')).toBeUndefined();
      expect(await people.passwordHash('anna')).toBe(AWKWARD);
      expect(await people.passwordHash('zoe')).toBeUndefined();
    },
  );

  storeTest(
    'refuses a name that is taken, and what is objected to over all that are there',
    async ({ people }) => {
      await people.addUser(user(), 'hash', allow);
      expect(await people.addUser(user(), undefined, allow)).toEqual({
        put: false,
        because: 'there is a user "anna" already',
      });
      const objection = (users: readonly User[]): string => users.map(({ name }) => name).join();
      expect(await people.addUser(user({ name: 'bo' }), undefined, objection)).toEqual({
        put: false,
        because: 'anna',
      });
      expect(await people.addUser(user({ name: 'Anna' }), undefined, allow)).toEqual({
        put: false,
        because: 'there is a user "anna" already',
      });
      expect(await people.users()).toHaveLength(1);
      expect(await people.passwordHash('anna')).toBe('hash');
    },
  );

  storeTest(
    'changes and removes one after the objection was asked about it and the others',
    async ({ people }) => {
      for (const name of ['anna', 'bo']) await people.addUser(user({ name }), undefined, allow);
      const seen: unknown[] = [];
      const refuse = (one: User, others: readonly User[]): string => {
        seen.push(
          one.name,
          others.map(({ name }) => name),
        );
        return 'so be it';
      };
      expect(await people.changeUser('bo', { role: 'admin' }, refuse)).toEqual({ because: 'so be it' });
      expect(await people.removeUser('bo', refuse)).toEqual({ put: false, because: 'so be it' });
      expect(seen).toEqual(['bo', ['anna'], 'bo', ['anna']]);
      expect(await people.changeUser('bo', { role: 'admin', state: 'locked' }, allow)).toEqual({
        changed: { ...user({ name: 'bo', role: 'admin', state: 'locked' }), password: 'none' },
      });
      expect(await people.user('bo')).toMatchObject({ role: 'admin', state: 'locked' });
      expect(await people.removeUser('bo', allow)).toEqual({ put: true });
      expect(await people.removeUser('bo', allow)).toMatchObject({ put: false });
      expect(await people.changeUser('bo', {}, allow)).toEqual({ because: 'there is no user "bo"' });
    },
  );

  storeTest(
    'whom a provider vouches for is the same user again, and takes no place of another',
    async ({ people }) => {
      await people.addUser(user({ name: 'bo' }), 'hash', allow);
      const outsider = { subject: 'https://id.example 1', name: 'anna', role: 'viewer' } as const;
      expect(await people.putOutsider(outsider, NOON)).toEqual({
        user: { ...user({ role: 'viewer' }), password: 'none' },
      });
      expect(await people.putOutsider({ ...outsider, name: 'renamed', role: 'admin' }, NOON + 1)).toEqual({
        user: { ...user({ role: 'admin' }), password: 'none' },
      });
      for (const name of ['bo', 'anna'])
        expect(
          await people.putOutsider({ ...outsider, subject: 'https://id.example 2', name }, NOON),
        ).toEqual({
          because: `there is a user "${name}" already, and is somebody else: an admin can take that one away`,
        });
      await people.changeUser('anna', { state: 'locked' }, allow);
      expect(await people.putOutsider(outsider, NOON)).toEqual({
        because: 'anna is locked: an admin can unlock them',
      });
      expect((await people.users()).map(({ name }) => name)).toEqual(['anna', 'bo']);
    },
  );

  storeTest('finds a session by its hash, with its user as they are now', async ({ people }) => {
    await people.addUser(user(), undefined, allow);
    await people.addSession('h1', session());
    await people.sawSession('h1', NOON + 5);
    await people.changeUser('anna', { role: 'admin' }, allow);
    expect(await people.session('h1')).toEqual({
      session: session({ lastSeenAtMs: NOON + 5 }),
      user: { ...user({ role: 'admin' }), password: 'none' },
    });
    expect(await people.session('h2')).toBeUndefined();
    await people.endSession('h1');
    expect(await people.session('h1')).toBeUndefined();
  });

  storeTest(
    'ends the session that was not seen for longest where a user has too many',
    async ({ people }) => {
      for (const name of ['anna', 'bo']) await people.addUser(user({ name }), undefined, allow);
      await people.addSession('of bo', session({ user: 'bo', lastSeenAtMs: 0 }));
      for (let at = 0; at < MAX_SESSIONS_OF_USER; at++)
        await people.addSession(`h${at}`, session({ lastSeenAtMs: NOON + at }));
      await people.sawSession('h0', NOON + 1000);
      await people.addSession('one more', session({ lastSeenAtMs: NOON - 1 }));
      expect(await people.session('h1')).toBeUndefined();
      for (const hash of ['h0', 'h2', 'one more', 'of bo']) expect(await people.session(hash)).toBeDefined();
    },
  );

  storeTest(
    'a session begins only by the password that is set, and of one who may log in',
    async ({ people }) => {
      await people.addUser(user(), 'old', allow);
      expect(await people.addSession('h1', session(), 'old')).toBe(true);
      expect(await people.setPassword('anna', 'new', 'other')).toBe(false);
      expect(await people.session('h1'), 'nothing was set').toBeDefined();
      expect(await people.setPassword('anna', 'new', 'old')).toBe(true);
      expect(await people.addSession('h2', session(), 'old')).toBe(false);
      expect(await people.session('h2')).toBeUndefined();
      await people.changeUser('anna', { state: 'locked' }, allow);
      expect(await people.addSession('h3', session(), 'new')).toBe(false);
      expect(await people.addSession('h4', session({ user: 'nobody' }))).toBe(false);
    },
  );

  storeTest('who is locked has no session and no link any more, also when unlocked', async ({ people }) => {
    for (const name of ['anna', 'bo']) {
      await people.addUser(user({ name }), undefined, allow);
      await people.addSession(`of ${name}`, session({ user: name }));
      await people.putLink(`link of ${name}`, name, NOON + 10);
    }
    await people.changeUser('anna', { role: 'viewer' }, allow);
    expect(await people.session('of anna'), 'another role ends nothing').toBeDefined();
    await people.changeUser('anna', { state: 'locked' }, allow);
    await people.changeUser('anna', { state: 'active' }, allow);
    expect(await people.session('of anna')).toBeUndefined();
    expect(await people.takeLink('link of anna', NOON)).toBeUndefined();
    expect(await people.session('of bo')).toBeDefined();
    expect(await people.takeLink('link of bo', NOON)).toBe('bo');
  });

  storeTest('ends old sessions', async ({ people }) => {
    await people.addUser(user(), undefined, allow);
    await people.addSession('fresh', session({ lastSeenAtMs: 50, createdAtMs: 20 }));
    await people.addSession('not seen', session({ lastSeenAtMs: 40, createdAtMs: 20 }));
    await people.addSession('too old', session({ lastSeenAtMs: 50, createdAtMs: 10 }));
    await people.endOldSessions(40, 10);
    expect(await Promise.all(['fresh', 'not seen', 'too old'].map((hash) => people.session(hash)))).toEqual([
      expect.anything(),
      undefined,
      undefined,
    ]);
  });

  storeTest('keeps tokens, newest first, and finds one by its hash', async (stores, reopen) => {
    await stores.people.addUser(user(), undefined, allow);
    const whole = token({
      id: 't-2',
      only: ['machines', AWKWARD],
      expiresAtMs: NOON + 9,
      createdAtMs: NOON + 1,
    });
    expect(await stores.people.addToken('h1', token())).toEqual({ put: true });
    expect(await stores.people.addToken('h2', whole)).toEqual({ put: true });
    expect(await stores.people.addToken('h3', token({ id: 't-3', user: 'nobody' }))).toEqual({
      put: false,
      because: 'there is no user "nobody"',
    });
    const { people } = await reopen();
    await people.usedToken('t-1', NOON + 7);
    expect(await people.tokens()).toEqual([whole, token({ lastUsedAtMs: NOON + 7 })]);
    expect(await people.token('h2')).toEqual({ token: whole, user: { ...user(), password: 'none' } });
    expect(await people.removeToken('t-2')).toBe(true);
    expect(await people.removeToken('t-2')).toBe(false);
    expect(await people.token('h2')).toBeUndefined();
  });

  storeTest('takes a link once, in time, and the newest of a user alone', async ({ people }) => {
    await people.addUser(user(), undefined, allow);
    expect(await people.putLink('l0', 'nobody', NOON)).toBe(false);
    await people.putLink('l1', 'anna', NOON + 10);
    await people.putLink('l2', 'anna', NOON + 10);
    expect(await people.isLink('l1', NOON)).toBe(false);
    expect(await people.isLink('l2', NOON + 10)).toBe(false);
    expect(await people.isLink('l2', NOON)).toBe(true);
    expect(await people.takeLink('l1', NOON)).toBeUndefined();
    expect(await people.takeLink('l2', NOON)).toBe('anna');
    expect(await people.takeLink('l2', NOON)).toBeUndefined();
    await people.putLink('l3', 'anna', NOON + 10);
    expect(await people.takeLink('l3', NOON + 10)).toBeUndefined();
  });

  storeTest('a new password ends sessions and links; a removed user leaves nothing', async ({ people }) => {
    await people.addUser(user(), 'old', allow);
    const fill = async (): Promise<void> => {
      await people.addSession('h', session());
      await people.putLink('l', 'anna', NOON + 10);
    };
    await fill();
    await people.addToken('t', token());
    expect(await people.setPassword('anna', 'new')).toBe(true);
    expect(await people.setPassword('nobody', 'new')).toBe(false);
    expect(await people.passwordHash('anna')).toBe('new');
    expect(await people.session('h')).toBeUndefined();
    expect(await people.takeLink('l', NOON)).toBeUndefined();
    expect(await people.token('t')).toBeDefined();
    await fill();
    await people.removeUser('anna', allow);
    await people.addUser(user(), undefined, allow);
    expect(await people.session('h')).toBeUndefined();
    expect(await people.takeLink('l', NOON)).toBeUndefined();
    expect(await people.token('t')).toBeUndefined();
  });
}
