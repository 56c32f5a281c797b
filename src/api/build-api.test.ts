import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { check } from '../contract/issues.ts';
import { openApiDocument } from '../contract/openapi.ts';
import { Problem } from '../contract/problem.ts';
import {
  API_PREFIX,
  fillPath,
  pathParameters,
  ROUTE_NAMES,
  type RouteName,
  ROUTES,
} from '../contract/routes.ts';
import { nothing, type RouteRow } from '../contract/route-row.ts';
import { MAX_BODY_BYTES } from './api-server.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
});
afterEach(() => {
  expect(world.mistakes).toEqual([]);
});
afterAll(async () => await world.close());

const JSON_HEADERS = { host: '127.0.0.1:8067', 'content-type': 'application/json' };

async function ask(request: InjectOptions): Promise<{ status: number; body: unknown; headers: unknown }> {
  const response = await world.api.inject({ headers: JSON_HEADERS, ...request });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.payload === '' ? undefined : response.json(),
  };
}

async function expectProblem(
  request: InjectOptions,
  type: string,
  status: number,
  detail: RegExp,
): Promise<void> {
  const response = await world.api.inject({ headers: JSON_HEADERS, ...request });
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect(response.headers['cache-control']).toBe('no-store');
  expect(check(Problem, response.json())).toMatchObject({ fits: true, value: { type, status } });
  expect(response.statusCode).toBe(status);
  expect(response.json<{ detail: string }>().detail).toMatch(detail);
}

/** The URL of a row, its parameters filled with one value; an action is one of a few words. */
function urlOf(row: RouteRow, value: string): string {
  const params = Object.fromEntries(
    pathParameters(row.path).map((word) => [word, word === 'action' ? 'on' : value]),
  );
  return `${API_PREFIX}${fillPath(row.path, params)}`;
}

const ROWS: readonly (readonly [RouteName, RouteRow])[] = ROUTE_NAMES.map((name) => [name, ROUTES[name]]);

describe('bad input of every row gives a problem', () => {
  for (const [name, row] of ROWS) {
    const { method } = row;
    const payload = method === 'GET' || method === 'DELETE' ? {} : { payload: '{}' };

    test(`${name}: a query it does not know`, async () => {
      const url = `${urlOf(row, 'x')}?nonsense=1`;
      await expectProblem({ method, url, ...payload }, 'bad-request', 400, /there is no field "nonsense"/);
    });

    if (pathParameters(row.path).length > 0) {
      test(`${name}: a parameter longer than any that exists`, async () => {
        const url = urlOf(row, 'x'.repeat(100));
        await expectProblem({ method, url, ...payload }, 'bad-request', 400, /at most 64 characters/);
      });
      test(`${name}: a parameter longer than is looked at`, async () => {
        const url = urlOf(row, 'x'.repeat(1000));
        await expectProblem({ method, url, ...payload }, 'bad-request', 414, /longer than any name/);
      });
    }

    if (method === 'GET' || method === 'DELETE' || row.takes === 'bytes') continue;
    const url = urlOf(row, 'x');

    test(`${name}: a field nobody knows`, async () => {
      const expected = row.input === nothing ? /nonsense/ : /there is no field "nonsense"/;
      const form = name === 'setPower' ? { driver: 'wol' } : {};
      const payload = JSON.stringify({ ...form, nonsense: 1 });
      await expectProblem({ method, url, payload }, 'bad-request', 400, expected);
    });
    test(`${name}: a list for a body`, async () => {
      await expectProblem({ method, url, payload: '[1]' }, 'bad-request', 400, /\[1\] is there/);
    });
    test(`${name}: a body that goes deeper than a stack`, async () => {
      const depth = Math.min(100_000, (row.maxBodyBytes ?? Infinity) / 2);
      const payload = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      await expectProblem({ method, url, payload }, 'bad-request', 400, /\[\[\[… is there/);
    });
    test(`${name}: a body that is no JSON`, async () => {
      await expectProblem({ method, url, payload: '{' }, 'bad-request', 400, /is not JSON/);
    });
    test(`${name}: a body that would change what objects are`, async () => {
      await expectProblem(
        { method, url, payload: '{"__proto__":{"a":1}}' },
        'bad-request',
        400,
        /is not JSON/,
      );
    });
    test(`${name}: a body that is too large`, async () => {
      const large = JSON.stringify('x'.repeat(row.maxBodyBytes ?? MAX_BODY_BYTES));
      await expectProblem({ method, url, payload: large }, 'bad-request', 413, /larger than/);
    });
    test(`${name}: a form`, async () => {
      const headers = { ...JSON_HEADERS, 'content-type': 'application/x-www-form-urlencoded' };
      await expectProblem({ method, url, headers, payload: 'a=1' }, 'bad-request', 415, /application\/json/);
    });
    if (row.input !== nothing && name !== 'changeMachine' && name !== 'changePolicy') {
      test(`${name}: no body at all`, async () => {
        await expectProblem({ method, url, payload: '' }, 'bad-request', 400, /is missing/);
      });
    }
  }
});

describe('what is not there', () => {
  for (const [name, row] of ROWS) {
    if (pathParameters(row.path).length === 0 || row.method === 'PUT') continue;
    test(`${name} says so`, async () => {
      const queries: Partial<Record<string, string>> = {
        readImageFile: '?path=x',
      };
      const query = queries[name] ?? '';
      const bodies: Partial<Record<string, object>> = {
        mergeMachine: { from: 'nobody' },
        renderDraft: { image: 'centos-7' },
        splitMachine: { mac: '020000000001', name: 'x' },
      };
      const payload =
        row.method === 'GET' || row.method === 'DELETE'
          ? {}
          : { payload: JSON.stringify(bodies[name] ?? {}) };
      const nobody = row.path.includes('{address}') ? '192.0.2.7' : 'nobody';
      const url = `${urlOf(row, nobody)}${query}`;
      await expectProblem(
        { method: row.method, url, ...payload },
        'not-found',
        404,
        new RegExp(`there is no (?:\\w+|lease of) "${nobody}"`),
      );
    });
  }

  test('a page', async () => {
    await expectProblem(
      { url: '/api/v1/nonsense?secret=1' },
      'not-found',
      404,
      /^there is no page \/api\/v1\/nonsense$/,
    );
  });

  test('a method of a page says which there are', async () => {
    const url = `${API_PREFIX}/machines/web1`;
    await expectProblem(
      { method: 'PUT', url, payload: '{}' },
      'bad-request',
      405,
      /PUT cannot be done there/,
    );
    expect((await ask({ method: 'POST', url, payload: '{}' })).headers).toMatchObject({
      allow: 'GET, PATCH, DELETE',
    });
  });

  test('a URL that is none', async () => {
    await expectProblem({ url: '/api/v1/machines/%zz' }, 'bad-request', 400, /not quoted/);
  });
});

describe('strangers are refused on every page', () => {
  for (const url of [
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/v1/status',
    '/api/v1/events/stream',
    '/nonsense',
  ]) {
    test(url, async () => {
      const headers = { host: 'evil.example' };
      await expectProblem({ url, headers }, 'not-permitted', 403, /not to "evil.example"/);
    });
  }

  test('a page of another origin changes nothing', async () => {
    const headers = { ...JSON_HEADERS, origin: 'http://evil.example' };
    const payload = JSON.stringify({ name: 'web1', macs: ['525400123456'] });
    const url = `${API_PREFIX}/machines`;
    await expectProblem({ method: 'POST', url, headers, payload }, 'not-permitted', 403, /evil/);
    expect(await world.stores.machines.list()).toEqual([]);
  });
});

test('the process says that it lives', async () => {
  expect(await ask({ url: '/healthz' })).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test('a server that cannot serve says why, with a status that programs see', async () => {
  expect(await ask({ url: '/readyz' })).toMatchObject({
    status: 503,
    body: { status: 'not ready', because: 'no network interface is served' },
  });
});

test('the metrics are a page of Prometheus', async () => {
  const response = await world.api.inject({ url: '/metrics', headers: JSON_HEADERS });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(response.payload).toContain('\n# TYPE muster_interfaces gauge\nmuster_interfaces 1\n');
});

test('a mistake of ours is reported once, and tells strangers nothing', async () => {
  const broken = await openApiWorld();
  await broken.stores.close();
  const response = await broken.api.inject({ url: `${API_PREFIX}/machines`, headers: JSON_HEADERS });
  expect(response.statusCode).toBe(500);
  expect(response.json()).toEqual({
    type: 'internal',
    title: 'Muster made a mistake',
    status: 500,
    detail: 'Muster could not do this because of a mistake of its own, which its log describes',
  });
  expect(broken.mistakes).toHaveLength(1);
  await broken.close();
});

test('gives the contract as OpenAPI, of the version that runs', async () => {
  const { status, headers, body } = await ask({
    method: 'GET',
    url: '/openapi.json',
    headers: { host: 'localhost' },
  });
  expect([status, headers]).toMatchObject([200, { 'content-type': 'application/json' }]);
  expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument('1.2.3'))));
});
