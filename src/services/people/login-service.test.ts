import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PeopleStore } from '../../core/people/people-store.ts';
import { FREE_OF_ADDRESS, FREE_OF_NAME } from '../../core/people/login-guard.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { LoginService } from './login-service.ts';
import { hashOfSecret } from './secrets.ts';
import { UserService } from './user-service.ts';

/** What happens to a log-in while another one, or an admin, does something: over a real database. */

const PASSWORD = 'correct horse battery';
const NEXT = 'another horse battery';
const HERE = { address: '192.0.2.1', agent: 'a browser' };
const THERE = { address: '198.51.100.9', agent: 'a robot' };

let stores: Stores;
const clock = { nowMs: () => Date.UTC(2026, 10, 27) };
let logins: LoginService;
let users: UserService;
let made = 0;

beforeAll(async () => {
  stores = await openEmptyStores();
});
afterAll(async () => await stores.close());
beforeEach(() => {
  logins = new LoginService({ people: stores.people, clock });
  users = new UserService({ people: stores.people, clock, randomHex: () => 'x' });
});

async function linkOf(name: string): Promise<string> {
  return (await logins.linkFor(name))?.secret ?? '';
}

/** With this password, and logged in at `HERE`. */
async function user(): Promise<string> {
  const name = `user${made++}`;
  await users.add(name, 'operator');
  expect(await logins.logInByLink(await linkOf(name), { password: PASSWORD }, HERE)).toMatchObject({
    done: true,
  });
  return name;
}

async function isSession(outcome: object): Promise<boolean> {
  return (
    'secret' in outcome && (await stores.people.session(hashOfSecret(String(outcome.secret)))) !== undefined
  );
}

describe('at the same moment', () => {
  test('one link lets one in', async () => {
    const name = await user();
    const link = await linkOf(name);
    const both = await Promise.all([1, 2, 3].map(() => logins.logInByLink(link, { password: NEXT }, HERE)));
    expect(both.filter(({ done }) => done)).toHaveLength(1);
  });

  test('the first link makes one user', async () => {
    const empty = await openEmptyStores();
    const first = new LoginService({ people: empty.people, clock });
    const link = (await first.firstLink()) ?? '';
    const all = ['anna', 'bo'].map((name) => first.logInByLink(link, { name, password: PASSWORD }, HERE));
    expect((await Promise.all(all)).filter(({ done }) => done)).toHaveLength(1);
    expect(await empty.people.users()).toHaveLength(1);
    await empty.close();
  });

  for (const [what, meanwhile] of [
    ['the password became another', (name: string) => stores.people.setPassword(name, 'another')],
    ['the user was locked', (name: string) => users.change(name, { state: 'locked' })],
    ['the user was taken away', (name: string) => users.remove(name)],
  ] as const)
    test(`an old password opens nothing where ${what} while it was looked at`, async () => {
      const name = await user();
      // What the log-in reads is there before, and what it writes comes after.
      const people: PeopleStore = {
        ...stores.people,
        endOldSessions: async (...given) => {
          await meanwhile(name);
          await stores.people.endOldSessions(...given);
        },
      };
      const slow = new LoginService({ people, clock });
      const outcome = await slow.logIn(name, PASSWORD, HERE);
      expect(outcome).toMatchObject({ done: false, no: 'wrong' });
      expect(await isSession(outcome)).toBe(false);
    });

  test('an old password sets no new one where a link set one meanwhile', async () => {
    const name = await user();
    const people: PeopleStore = {
      ...stores.people,
      setPassword: async (...given) => {
        await logins.logInByLink(await linkOf(name), { password: NEXT }, HERE);
        return await stores.people.setPassword(...given);
      },
    };
    const slow = new LoginService({ people, clock });
    const changed = await slow.changePassword(name, { old: PASSWORD, next: 'of a thief, surely' }, HERE);
    expect(changed).toMatchObject({ done: false, no: 'wrong' });
    expect(await logins.logIn(name, NEXT, HERE)).toMatchObject({ done: true });
  });
});

describe('somebody elsewhere who guesses', () => {
  test('keeps out nobody who logged in before from where they are', async () => {
    const name = await user();
    expect(await logins.logIn(name, PASSWORD, HERE)).toMatchObject({ done: true });
    for (let time = 0; time <= FREE_OF_NAME; time++) await logins.logIn(name, 'wrong', THERE);
    expect(await logins.logIn(name, PASSWORD, THERE)).toMatchObject({ no: 'wait' });
    expect(await logins.logIn(name, PASSWORD, HERE)).toMatchObject({ done: true });
    for (let time = 0; time <= FREE_OF_NAME; time++) await logins.logIn(name, 'wrong', HERE);
    expect(await logins.logIn(name, PASSWORD, HERE), 'who guesses there waits as well').toMatchObject({
      no: 'wait',
    });
  });

  test('has one try in all for the addresses of one network of IPv6', async () => {
    const tries = Array.from({ length: FREE_OF_ADDRESS + 1 }, (_, at) => ({
      address: `2001:db8::${(at + 1).toString(16)}`,
      agent: '',
    }));
    for (const place of tries) await logins.logInByLink('nonsense', { password: NEXT }, place);
    const next = { address: '2001:db8::ffff', agent: '' };
    expect(await logins.logInByLink('nonsense', { password: NEXT }, next)).toMatchObject({ no: 'wait' });
    const other = { address: '2001:db8:0:1::1', agent: '' };
    expect(await logins.logInByLink('nonsense', { password: NEXT }, other)).toMatchObject({ no: 'wrong' });
  });

  test('has nothing hashed by links that are none', async () => {
    const since = performance.now();
    for (let time = 0; time < FREE_OF_ADDRESS; time++)
      await logins.logInByLink(`nonsense ${time}`, { password: NEXT }, HERE);
    const forNone = performance.now() - since;
    const name = await user();
    const before = performance.now();
    await logins.logIn(name, PASSWORD, THERE);
    expect(forNone).toBeLessThan((FREE_OF_ADDRESS / 10) * (performance.now() - before));
  });
});
