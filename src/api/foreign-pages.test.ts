import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_PREFIX } from '../contract/routes.ts';
import { newSession, openTlsDoor, type TlsDoor } from './suite/tls-door.ts';

/** What pages of others have a browser ask for, which shows the session of whoever looks at them. */

let door: TlsDoor;
let cookie: string;
beforeAll(async () => {
  door = await openTlsDoor();
  cookie = await newSession(door.world, 'anna', 'admin');
});
afterAll(async () => {
  expect(door.world.mistakes).toEqual([]);
  await door.close();
});

const CHANGES = [
  ['POST', '/machines', { name: 'web2', macs: ['525400000002'] }],
  ['PUT', '/snippets/s2', { text: 'x' }],
  ['PATCH', '/machines/web1', { labels: { rack: '1' } }],
  ['DELETE', '/machines/web1', undefined],
] as const;

async function change([method, path, body]: (typeof CHANGES)[number], headers: Record<string, string>) {
  const wish = { method, path: `${API_PREFIX}${path}`, headers: { ...headers, cookie } };
  return await door.ask(body === undefined ? wish : { ...wish, body });
}

async function contents() {
  const { machines, snippets } = door.world.stores;
  return [await machines.list(), await snippets.list()];
}

test('what our own page changes is changed', async () => {
  const ours = { 'sec-fetch-site': 'same-origin', origin: `https://127.0.0.1:${door.port}` };
  const first = { method: 'POST', path: `${API_PREFIX}/machines`, headers: { ...ours, cookie } };
  const body = { name: 'web1', macs: ['525400000001'] };
  expect(await door.ask({ ...first, body })).toMatchObject({ status: 201 });
  for (const row of CHANGES) expect((await change(row, ours)).status, row[0]).toBeLessThan(300);
});

describe('nothing is changed for', () => {
  for (const [title, headers] of [
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page whose origin is hidden', { origin: 'null' }],
    ['a page of another site that tells no origin', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbour that tells no origin', { 'sec-fetch-site': 'same-site' }],
    [
      'a form of another site that leads here',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
    ],
  ] as const) {
    test(title, async () => {
      const before = await contents();
      for (const row of CHANGES) {
        const { status, text } = await change(row, headers);
        expect([status, JSON.parse(text)], row[0]).toMatchObject([403, { type: 'not-permitted' }]);
        expect(text, row[0]).toContain('takes no requests from pages of');
      }
      expect(await contents()).toEqual(before);
    });
  }
});

test('nor does an image on a page of another site learn what there is', async () => {
  const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
  expect(await door.ask({ path: `${API_PREFIX}/machines`, headers })).toMatchObject({ status: 403 });
});
