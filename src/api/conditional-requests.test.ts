import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureRow } from './audited.ts';
import { API_PREFIX, fillPath, pathParameters, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import { parseMac } from '../lib/addresses.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

/** What is read, and changed only if it is still as it was read (RFC 9110 §13). */

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
  await ask('POST', '/machines', { payload: { name: 'web1', macs: ['525400000001'] } });
  await ask('PUT', '/snippets/users', { payload: { text: '0' } });
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function ask(method: Method, path: string, more: Omit<InjectOptions, 'method' | 'url'> = {}) {
  const headers = { host: 'localhost', ...more.headers };
  const response = await world.api.inject({ ...more, method, url: `${API_PREFIX}${path}`, headers });
  return { status: response.statusCode, headers: response.headers, text: response.payload };
}

async function tagOf(path: string): Promise<string> {
  return (await ask('GET', path)).headers.etag as string;
}

const ifMatch = (tag: string) => ({ headers: { 'if-match': tag } });

describe('reading', () => {
  test('gives a strong tag, which is the same until the thing changes', async () => {
    const tag = await tagOf('/machines/web1');
    expect(tag).toMatch(/^"[\w-]{24}"$/);
    expect(await tagOf('/machines/525400000001')).toBe(tag);
    await ask('PATCH', '/machines/web1', { payload: { labels: { a: '1' } } });
    expect(await tagOf('/machines/web1')).not.toBe(tag);
  });

  for (const [title, header, status] of [
    ['the tag', (tag: string) => tag, 304],
    ['the tag as a weak one', (tag: string) => `W/${tag}`, 304],
    ['several, this one among them', (tag: string) => `"x", ${tag}`, 304],
    ['whatever is there', () => '*', 304],
    ['another', () => '"x"', 200],
  ] as const) {
    test(`again with ${title} answers ${status}`, async () => {
      const tag = await tagOf('/machines');
      const again = await ask('GET', '/machines', { headers: { 'if-none-match': header(tag) } });
      expect([again.status, again.headers.etag]).toEqual([status, tag]);
      expect(again.text === '').toBe(status === 304);
      expect(again.headers['cache-control']).toBe('no-store');
    });
  }
});

describe('changing', () => {
  for (const [title, method, path, payload] of [
    ['a machine', 'PATCH', '/machines/web1', { labels: { b: '2' } }],
    ['a snippet', 'PUT', '/snippets/users', { text: '1' }],
    ['the policy', 'PATCH', '/policy', { authoritative: true }],
  ] as const) {
    test(`${title} that was read is done, and one that changed since is not`, async () => {
      const tag = await tagOf(path);
      expect((await ask(method, path, { ...ifMatch(tag), payload })).status).toBe(200);
      const late = await ask(method, path, { ...ifMatch(tag), payload });
      expect([late.status, late.headers['content-type']]).toEqual([412, 'application/problem+json']);
      expect(JSON.parse(late.text)).toMatchObject({
        type: 'changed',
        detail: `${API_PREFIX}${path} is not as it was when it was read: read it again, and send the change anew if it still fits`,
      });
    });
  }

  for (const [title, method, path, headers, status, detail] of [
    ['a weak tag never fits', 'DELETE', '/machines/web1', 'weak', 412, /not as it was/],
    [
      'nothing is there to fit',
      'PUT',
      '/snippets/none',
      { 'if-match': '*' },
      412,
      /is not there \(any more\)/,
    ],
    [
      'it is added only where it is not there',
      'PUT',
      '/snippets/users',
      { 'if-none-match': '*' },
      412,
      /is there, and was to be added/,
    ],
    [
      'a tag without quotes is none',
      'PUT',
      '/snippets/users',
      { 'if-match': 'x' },
      400,
      /If-Match: x is no entity tag/,
    ],
    [
      'an empty one is none',
      'PUT',
      '/snippets/users',
      { 'if-match': '"x",' },
      400,
      /nothing is no entity tag/,
    ],
    [
      'nothing can be read there',
      'POST',
      '/machines',
      { 'if-match': '"x"' },
      400,
      /If-Match: nothing can be read there/,
    ],
  ] as const) {
    test(`is refused: ${title}`, async () => {
      const given = headers === 'weak' ? { 'if-match': `W/${await tagOf(path)}` } : headers;
      const payload = path.startsWith('/snippets') ? { text: 'other' } : { name: 'web9', macs: [] };
      const refused = await ask(method, path, {
        headers: given,
        ...(method === 'DELETE' ? {} : { payload }),
      });
      expect([refused.status, JSON.parse(refused.text)]).toEqual([
        status,
        expect.objectContaining({ detail: expect.stringMatching(detail) as string }),
      ]);
      expect((await ask('GET', '/machines')).text).toContain('web1');
    });
  }

  test('adds a thing only where there is none', async () => {
    const add = { headers: { 'if-none-match': '*' }, payload: { text: 'new' } };
    expect((await ask('PUT', '/snippets/new', add)).status).toBe(200);
    expect((await ask('PUT', '/snippets/new', add)).status).toBe(412);
    expect((await ask('DELETE', '/snippets/new', ifMatch(await tagOf('/snippets/new')))).status).toBe(204);
    expect((await ask('DELETE', '/snippets/new', ifMatch('*'))).status).toBe(412);
  });
});

test('of many that read the same and change it, one does: nobody comes between the look and the change', async () => {
  for (let round = 0; round < 5; round += 1) {
    const tag = await tagOf('/snippets/users');
    const change = (at: number) =>
      ask('PUT', '/snippets/users', { ...ifMatch(tag), payload: { text: `${round}-${at}` } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => change(at)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: 19 }, () => 412),
    ]);
  }
});

test('changes without a tag, and a whole site, do not come between either', async () => {
  const site = { site: { snippets: [{ name: 'users', text: 'of the site' }] } };
  for (let round = 0; round < 10; round += 1) {
    const tag = await tagOf('/snippets/users');
    const blind = ask('PUT', '/snippets/users', { payload: { text: `blind ${round}` } });
    const whole = round % 2 === 0 ? ask('POST', '/site', { payload: site }) : undefined;
    const careful = ask('PUT', '/snippets/users', { ...ifMatch(tag), payload: { text: 'careful' } });
    await Promise.all([blind, whole, careful]);
    // Whoever was careful came first and was written over, or came later and was refused; never the last word.
    expect((await ask('GET', '/snippets/users')).text).not.toContain('careful');
  }
});

test('what Muster learns itself meanwhile is merged, and neither is lost', async () => {
  await ask('POST', '/machines', { payload: { name: 'slot', macs: [], serial: 'S7' } });
  const tag = await tagOf('/machines/slot');
  const { stores } = world;
  const machine = await stores.machines.byName('slot');
  const change = ask('PATCH', '/machines/slot', { ...ifMatch(tag), payload: { labels: { x: 'y' } } });
  const learned = stores.machines.learn(machine!.id, parseMac('525400000077'), {
    atMs: 0,
    kind: 'machine.learned',
    text: 'met',
  });
  const [{ status }] = await Promise.all([change, learned]);
  const after = await stores.machines.byName('slot');
  expect(after?.macs).toHaveLength(1);
  expect(after?.labels).toEqual(status === 200 ? { x: 'y' } : {});
});

describe('every row that changes one thing can be told how the thing must be', () => {
  for (const name of ROUTE_NAMES) {
    const row: RouteRow = ROUTES[name];
    if (row.method === 'GET' || row.method === 'POST') continue;
    const hasPicture = pictureRow(name) !== undefined;
    test(`${name}: ${hasPicture ? 'a tag that it never had is refused' : 'nothing is shown there'}`, async () => {
      const params = Object.fromEntries(
        pathParameters(row.path).map((word) => [word, word === 'address' ? '192.168.0.9' : 'nothing']),
      );
      const query = name === 'putArrivalBytes' ? '?offset=0' : '';
      const bytes = {
        headers: { 'if-match': '"x"', 'content-type': 'application/octet-stream' },
        payload: 'x',
      };
      const json = { ...ifMatch('"x"'), payload: BODIES[name] ?? {} };
      const more = row.takes === 'bytes' ? bytes : row.method === 'DELETE' ? ifMatch('"x"') : json;
      const { status, text } = await ask(row.method, `${fillPath(row.path, params)}${query}`, more);
      expect(status, text).toBe(hasPicture ? 412 : 400);
    });
  }
});

/** The least that each takes. */
const BODIES: Readonly<Record<string, object>> = {
  putSubnet: { network: '192.168.0.0/24' },
  putSnippet: { text: '' },
  putProfile: { image: 'x' },
  putGroup: { selector: 'a=b' },
  setPower: { driver: 'wol' },
  changePassword: { old: 'x'.repeat(12), new: 'y'.repeat(12) },
};
