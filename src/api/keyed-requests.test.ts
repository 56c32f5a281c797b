import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY_LIFE_MS } from '../core/requests/request-keys.ts';
import { RequestKeys } from '../services/requests/request-keys.ts';
import { buildApi } from './build-api.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

/** A POST with a key is done once (draft-ietf-httpapi-idempotency-key-header). */

let world: ApiWorld;
let machines = 0;
beforeAll(async () => {
  world = await openApiWorld('on');
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

type Api = ApiWorld['api'];

async function post(
  path: string,
  key: string | undefined,
  payload: object,
  api: Api = world.api,
  secret = 'of-this-computer',
) {
  const response = await api.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: {
      host: 'localhost',
      authorization: `Bearer ${secret}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    payload,
  });
  const { statusCode: status, headers, payload: text } = response;
  return { status, headers, text, repeated: headers['idempotency-repeated'] };
}

function machine() {
  machines += 1;
  return { name: `web${machines}`, macs: [`5254000000${String(machines).padStart(2, '0')}`] };
}

const count = async () => (await world.stores.machines.list()).length;

test('the same again gives the first answer again, and is not done again', async () => {
  const payload = machine();
  const first = await post('/machines', 'k-1', payload);
  const before = await count();
  const again = await post('/machines', '"k-1"', payload);
  expect([first.status, first.repeated]).toEqual([201, undefined]);
  expect([again.status, again.repeated, again.text]).toEqual([201, 'true', first.text]);
  expect(again.headers).toMatchObject({
    location: first.headers.location,
    'content-type': 'application/json; charset=utf-8',
  });
  expect(await count()).toBe(before);
  expect((await post('/machines', undefined, payload)).status).toBe(409);
});

test('a refusal is an answer too: it comes again, also where it would be heard by now', async () => {
  const payload = { machine: 'later', profile: 'plain' };
  const first = await post('/installs', 'k-2', payload);
  await post('/machines', undefined, { ...machine(), name: 'later' });
  const again = await post('/installs', 'k-2', payload);
  expect([first.status, again.status, again.text]).toEqual([404, 404, first.text]);
  expect(again.headers['content-type']).toBe('application/problem+json');
  expect((await post('/installs', 'k-3', payload)).text).not.toBe(first.text);
});

for (const [title, path, change] of [
  ['another body', '/machines', { name: 'other' }],
  ['another row', '/installs', { machine: 'web1', profile: 'x' }],
] as const) {
  test(`${title} with the same key is refused, and not done`, async () => {
    const key = `k-other-${path.slice(1)}`;
    const payload = machine();
    await post('/machines', key, payload);
    const before = await count();
    const other = await post(path, key, path === '/machines' ? { ...payload, ...change } : change);
    expect([other.status, JSON.parse(other.text)]).toEqual([
      422,
      expect.objectContaining({
        type: 'key-reused',
        detail: expect.stringMatching(/needs a key of its own$/) as string,
      }),
    ]);
    expect(await count()).toBe(before);
  });
}

test('of many at once one is done, and the others are told that it is under way or get its answer', async () => {
  const payload = machine();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/machines', 'k-4', payload)));
  const first = answers.filter(({ status, repeated }) => status === 201 && repeated === undefined);
  expect(first).toHaveLength(1);
  for (const { status, text, repeated } of answers) {
    if (repeated === undefined && status !== 201) {
      expect([status, JSON.parse(text)]).toEqual([409, expect.objectContaining({ type: 'under-way' })]);
    } else expect(text).toBe(first[0]?.text);
  }
});

describe('after the server was stopped', () => {
  /** The same database, and nothing in memory. */
  const restarted = () => {
    const { clock } = world.needs;
    return buildApi({
      ...world.needs,
      requestKeys: new RequestKeys({ keys: world.stores.requestKeys, clock }),
    });
  };

  test('the answer is known still', async () => {
    const payload = machine();
    const first = await post('/machines', 'k-5', payload);
    const again = await post('/machines', 'k-5', payload, restarted());
    expect([again.status, again.repeated, again.text]).toEqual([201, 'true', first.text]);
  });

  test('what was cut off is not done again, since nobody knows whether it was done', async () => {
    const payload = machine();
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const stuck = buildApi({
      ...world.needs,
      machines: Object.assign(Object.create(world.needs.machines) as typeof world.needs.machines, {
        add: () => {
          begun();
          return new Promise<never>(() => undefined);
        },
      }),
    });
    void post('/machines', 'k-6', payload, stuck);
    await isBegun;
    const again = await post('/machines', 'k-6', payload, restarted());
    expect([again.status, JSON.parse(again.text)]).toEqual([
      409,
      expect.objectContaining({
        type: 'refused',
        detail: expect.stringMatching(/whether it is done is not known/) as string,
      }),
    ]);
    expect((await post('/machines', 'k-7', payload)).status).toBe(201);
  });
});

test('after a day the key may be used anew', async () => {
  await post('/machines', 'k-8', machine());
  world.later(KEY_LIFE_MS + 1);
  expect((await post('/machines', 'k-8', machine())).status).toBe(201);
});

test('keys of different clients have nothing to do with each other', async () => {
  await world.needs.people.users.add('anna', 'admin');
  const made = await world.needs.people.users.addToken({ user: 'anna', title: 't', role: 'admin', only: [] });
  if (!made.done) throw new Error('no token');
  await post('/machines', 'k-9', machine());
  expect((await post('/machines', 'k-9', machine(), world.api, made.secret)).status).toBe(201);
});

for (const [key, path] of [
  ['', '/machines'],
  ['a b', '/machines'],
  ['"a', '/machines'],
  ['x'.repeat(256), '/machines'],
  ['k', '/tokens'],
  ['k', '/session'],
] as const) {
  test(`"${key.slice(0, 10)}" at ${path} is no key that is taken`, async () => {
    const bodies: Readonly<Record<string, object>> = {
      '/machines': machine(),
      '/tokens': { title: 'x', role: 'viewer' },
      '/session': { user: 'anna', password: 'wrong-wrong-wrong' },
    };
    const refused = await post(path, key, bodies[path] ?? {});
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringMatching(/^Idempotency-Key: /) as string }),
    ]);
  });
}

test('an answer that is too long to be kept is not given again, and what is asked is not done again', async () => {
  const longest = Array.from({ length: 6000 }, (_, at) => ({
    name: `many${at}`,
    macs: [`0200000${String(at).padStart(5, '0')}`],
  }));
  const first = await post('/machine-imports', 'k-10', { machines: longest });
  expect([first.status, first.text.length > 262_144], first.text.slice(0, 300)).toEqual([200, true]);
  const again = await post('/machine-imports', 'k-10', { machines: longest });
  expect([again.status, JSON.parse(again.text)]).toEqual([
    409,
    expect.objectContaining({
      detail: expect.stringMatching(/longer than what is kept: read what is there now/) as string,
    }),
  ]);
});

test('the database is told neither the key nor what was asked', async () => {
  const told: unknown[] = [];
  const { requestKeys } = world.stores;
  const keys: typeof requestKeys = {
    ...requestKeys,
    begin: async (...given) => {
      told.push(given);
      return await requestKeys.begin(...given);
    },
  };
  const api = buildApi({ ...world.needs, requestKeys: new RequestKeys({ keys, clock: world.needs.clock }) });
  const payload = { ...machine(), variables: { root_password: 'sesam-sesam-sesam' } };
  expect((await post('/machines', 'a-secret-key', payload, api)).status).toBe(201);
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told)).not.toMatch(/a-secret-key|sesam/);
});
