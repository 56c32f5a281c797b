import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RATE_LIMITS, type RateLimitTable } from '../core/requests/rate-limits.ts';
import { buildApi } from './build-api.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';
import { LOCAL_SECRET } from './suite/people-world.ts';

/** So little that a test can use it up, and so slow that it stays so. */
const LITTLE: RateLimitTable = {
  known: { burst: 12, perSecond: 0.01 },
  stranger: { burst: 25, perSecond: 0.01 },
};

let world: ApiWorld;
let api: FastifyInstance;
const tokens: string[] = [];
beforeAll(async () => {
  world = await openApiWorld('on');
  await world.needs.people.users.add('anna', 'admin');
  for (const title of ['one', 'two']) {
    const made = await world.needs.people.users.addToken({ user: 'anna', title, role: 'admin', only: [] });
    if (made.done) tokens.push(made.secret);
  }
});
beforeEach(() => {
  api = buildApi({ ...world.needs, rateLimits: LITTLE });
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

interface Wish {
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly path?: string;
  readonly secret?: string;
  readonly from?: string;
  readonly payload?: object;
}

async function ask(
  { method = 'GET', path = '/policy', secret, from = '127.0.0.1', payload }: Wish,
  on = api,
) {
  const response = await on.inject({
    method,
    url: `/api/v1${path}`,
    remoteAddress: from,
    headers: {
      host: 'localhost',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    ...(payload ? { payload } : {}),
  });
  return { status: response.statusCode, headers: response.headers, text: response.payload };
}

async function statusesOf(count: number, wish: Wish): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 1) statuses.push((await ask(wish)).status);
  return statuses;
}

const times = (count: number, status: number): readonly number[] =>
  Array.from({ length: count }, () => status);

test('whoever asks too often is told when to come again', async () => {
  const [secret] = tokens;
  const first = await ask({ secret: secret! });
  expect(first.headers).toMatchObject({
    'ratelimit-policy': '"known";q=12;w=1200',
    ratelimit: '"known";r=11;t=100',
  });
  await statusesOf(11, { secret: secret! });
  const { status, headers, text } = await ask({ secret: secret! });
  expect([status, headers['content-type'], headers['retry-after']]).toEqual([
    429,
    'application/problem+json',
    '100',
  ]);
  expect(headers['ratelimit']).toBe('"known";r=0;t=1200');
  expect(JSON.parse(text)).toMatchObject({
    type: 'too-often',
    detail:
      'too much was asked in too short a time: ask again in 100 s (up to 0.01 a second are answered for long)',
  });
});

describe('a limit is for one', () => {
  test('token: another one of the same user, and this computer, are answered', async () => {
    expect(await statusesOf(13, { secret: tokens[0]! })).toEqual([...times(12, 200), 429]);
    expect(await statusesOf(1, { secret: tokens[1]! })).toEqual([200]);
    expect(await statusesOf(13, { secret: LOCAL_SECRET })).toEqual([...times(12, 200), 429]);
  });

  for (const [title, one, same, other] of [
    ['address', '192.0.2.1', '192.0.2.1', '192.0.2.2'],
    ['address, in whichever way it is written', '192.0.2.1', '::ffff:192.0.2.1', '::ffff:192.0.2.2'],
    ['network of IPv6', '2001:db8::1', '2001:db8:0:0:ffff::2', '2001:db8:0:1::1'],
  ] as const) {
    test(`${title} of strangers`, async () => {
      const session = { path: '/session', from: one };
      expect(await statusesOf(25, session)).toEqual(times(25, 200));
      expect(await statusesOf(1, { ...session, from: same })).toEqual([429]);
      expect(await statusesOf(1, { ...session, from: other })).toEqual([200]);
      expect(await statusesOf(1, { secret: tokens[1]!, from: one })).toEqual([200]);
    });
  }
});

test('what changes costs more than what is read, and is not done when there is too little', async () => {
  const put = (at: number) =>
    ask({ method: 'PUT', path: `/snippets/s${at}`, secret: tokens[0]!, payload: { text: 'x' } });
  expect([(await put(1)).status, (await put(2)).status, (await put(3)).status]).toEqual([200, 200, 429]);
  expect(await world.stores.snippets.byName('s3')).toBeUndefined();
  expect(await statusesOf(3, { secret: tokens[0]! })).toEqual([200, 200, 429]);
});

test('what is refused costs as what is done, so that nobody who may nothing fills the audit', async () => {
  await world.needs.people.users.add('viv', 'viewer');
  const made = await world.needs.people.users.addToken({ user: 'viv', title: 't', role: 'viewer', only: [] });
  const secret = made.done ? made.secret : '';
  const put = { method: 'PUT', path: '/snippets/s1', secret, payload: { text: 'x' } } as const;
  expect(await statusesOf(4, put)).toEqual([403, 403, 429, 429]);
  expect(await world.needs.people.audit.list({ who: 'viv' }, 10)).toHaveLength(2);
});

test('trying tokens is slower than being nobody', async () => {
  expect(await statusesOf(3, { secret: 'muster_nonsense' })).toEqual([401, 401, 429]);
  expect(await statusesOf(6, {})).toEqual([...times(5, 401), 429]);
});

test('a log-in that is wrong costs more than one that is not', async () => {
  const payload = { user: 'anna', password: 'wrong-wrong-wrong' };
  const wrong = await ask({ method: 'POST', path: '/session', payload });
  expect(wrong.status).toBe(401);
  expect((await ask({ path: '/session' })).status).toBe(429);
});

test('the limits of every day let a page be opened in ten windows, and refreshed each second for a minute', async () => {
  const every = buildApi({ ...world.needs, rateLimits: RATE_LIMITS });
  const windows = 10;
  for (let at = 0; at < windows * (20 + 60 * 2); at += 1) {
    const { status } = await ask({ secret: tokens[0]! }, every);
    expect(status).toBe(200);
  }
});
