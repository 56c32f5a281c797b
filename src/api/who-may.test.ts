import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_PREFIX, fillPath, pathParameters, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import { isEnough, type Role, ROLES } from '../lib/roles.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';
import { LOCAL_SECRET } from './suite/people-world.ts';

/** Every row of the contract, asked by everybody: made from the table, so that no row can be forgotten. */

let world: ApiWorld;
const secrets = new Map<Role, string>();

beforeAll(async () => {
  world = await openApiWorld('on');
  for (const role of ROLES) {
    await world.needs.people.users.add(`a-${role}`, role);
    const made = await world.needs.people.users.addToken({
      user: `a-${role}`,
      title: 'test',
      role,
      only: [],
    });
    if (!made.done) throw new Error(made.because);
    secrets.set(role, made.secret);
    const place = { address: '', agent: '' };
    const user = { name: `a-${role}`, role, state: 'active', password: 'none', createdAtMs: 0 } as const;
    const opened = await world.needs.people.logins.open(user, place);
    if (!opened.done) throw new Error(opened.because);
    sessions.set(role, opened.secret);
  }
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

const ROWS: readonly (readonly [string, RouteRow])[] = ROUTE_NAMES.map((name) => [name, ROUTES[name]]);

/** What whoever may ask is told does not matter here: that such a thing is not there, or the body is none. */
async function ask(row: RouteRow, headers: Readonly<Record<string, string>>) {
  const params = Object.fromEntries(pathParameters(row.path).map((word) => [word, 'nothing']));
  const isStream = row.answers === 'stream';
  return await world.api.inject({
    method: row.method,
    url: `${API_PREFIX}${fillPath(row.path, params)}${isStream ? '?nonsense=1' : ''}`,
    headers: {
      host: 'localhost',
      ...headers,
      ...(row.method === 'GET' || row.method === 'DELETE'
        ? {}
        : { 'content-type': row.takes === 'bytes' ? 'application/octet-stream' : 'application/json' }),
    },
  });
}

/** Of the user alone, whatever they ask with. */
const sessions = new Map<Role, string>();

const bearer = (secret = ''): Record<string, string> => ({ authorization: `Bearer ${secret}` });

for (const [name, row] of ROWS) {
  describe(`${row.method} ${row.path} (${name})`, () => {
    for (const role of ROLES) {
      const may = typeof row.role === 'object' || isEnough(role, row.role);
      test(`${may ? 'hears' : 'refuses'} one with the role ${role}`, async () => {
        const { statusCode, payload } = await ask(row, bearer(secrets.get(role)));
        // It would be the end of the session, which the rows after it need.
        if (name !== 'logOut') {
          const bySession = await ask(row, { cookie: `muster_session=${sessions.get(role)}` });
          expect(bySession.statusCode, bySession.payload).toBe(statusCode);
        }
        // Heard is what the row itself answers: that something is wrong or not there, and no mistake of ours.
        if (may) {
          expect([401, 403, 405], payload).not.toContain(statusCode);
          expect(statusCode, payload).toBeLessThan(500);
        } else {
          expect(statusCode, payload).toBe(403);
          expect(payload).toMatch(/not-permitted.*is for the role/);
        }
      });
    }

    const isPublic = typeof row.role === 'object';
    for (const [whom, headers] of [
      ['nobody', {}],
      ['one with a token that is none', bearer('muster_nonsense')],
      ['one with a cookie that is none', { cookie: 'muster_session=nonsense' }],
      ['a name and a password in the header', { authorization: 'Basic YTpi' }],
    ] as const) {
      test(`${isPublic ? 'hears' : 'refuses'} ${whom}`, async () => {
        const response = await ask(row, headers);
        expect(response.statusCode === 401, response.payload).toBe(!isPublic);
        if (isPublic) return;
        expect(response.headers['www-authenticate']).toBe('Bearer realm="muster"');
        expect(response.json()).toMatchObject({ type: 'not-logged-in' });
      });
    }
  });
}

test('a viewer changes nothing by any row: those that hear one are harmless, and say why', () => {
  const heard = ROWS.filter(([, { role, method }]) => role === 'viewer' && method !== 'GET');
  expect(heard.map(([name]) => name).sort()).toEqual(['changePassword', 'lintAnswer', 'logOut']);
});

test('what opens this computer opens all of it', async () => {
  expect((await ask(ROUTES.listUsers, bearer(LOCAL_SECRET))).statusCode).toBe(200);
});

test('one who is known and was refused is in the audit, and one who is not is not', async () => {
  const items = await world.needs.people.audit.list({}, 1000);
  expect(items.filter(({ status }) => status === 401)).toEqual([]);
  const refused = items.filter(({ status, who }) => status === 403 && who === 'a-viewer');
  const changing = ROWS.filter(
    ([, row]) => row.method !== 'GET' && row.notAudited === undefined && typeof row.role === 'string',
  );
  const beyond = changing.filter(([, { role }]) => !isEnough('viewer', role as Role));
  expect([...new Set(refused.map(({ route }) => route))].sort()).toEqual(beyond.map(([name]) => name).sort());
});
