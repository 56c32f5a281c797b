import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPENAPI_PATH } from '../contract/routes.ts';
import { event, install, putInstallable } from '../store/suite/samples.ts';
import { newSession, openTlsDoor, type TlsDoor, type Wish } from './suite/tls-door.ts';

/** What browsers are told to make of every answer, of whatever kind. */

const EVERY = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };
/** Were it taken for a page all the same, it could do nothing, and no frame has it. */
const OF_DATA = {
  ...EVERY,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
const OF_PAGES = {
  ...EVERY,
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const ARMED = install();

let folder: string;
let door: TlsDoor;
let bare: TlsDoor;
let cookie: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Muster</title>');
  await writeFile(join(folder, 'assets/index-1234.js'), 'console.log("Muster");');
  door = await openTlsDoor({ needs: () => ({ pageFolder: folder }) });
  bare = await openTlsDoor({ needs: () => ({ pageFolder: join(folder, 'nothing') }) });
  cookie = await newSession(door.world, 'anna', 'admin');
  await putInstallable(door.world.stores);
  await door.world.stores.installs.create(ARMED, event());
});
afterAll(async () => {
  expect([...door.world.mistakes, ...bare.world.mistakes]).toEqual([]);
  await door.close();
  await bare.close();
  await rm(folder, { recursive: true });
});

for (const [title, wish, status, expected] of [
  ['the page', { path: '/' }, 200, { ...OF_PAGES, 'cache-control': 'no-store' }],
  ['the page at a path of its own', { path: '/machines/web1' }, 200, OF_PAGES],
  ['a file of the page', { path: '/assets/index-1234.js' }, 200, OF_PAGES],
  ['a file of an earlier build', { path: '/assets/index-0000.js' }, 404, OF_DATA],
  ['what the API tells', { path: '/api/v1/machines' }, 200, OF_DATA],
  ['what the API tells anybody', { path: '/api/v1/session', headers: { cookie: '' } }, 200, OF_DATA],
  ['the stream of events', { path: '/api/v1/events/stream' }, 200, OF_DATA],
  ['the stream of a log', { path: `/api/v1/installs/${ARMED.id}/log/stream` }, 200, OF_DATA],
  ['the description of the API', { path: OPENAPI_PATH }, 200, OF_DATA],
  ['a page for programs', { path: '/healthz' }, 200, OF_DATA],
  ['a query that is not known', { path: '/api/v1/machines?x=1' }, 400, OF_DATA],
  ['a URL that is none', { path: '/api/v1/machines/%zz' }, 400, OF_DATA],
  ['a parameter longer than is looked at', { path: `/api/v1/machines/${'x'.repeat(1000)}` }, 414, OF_DATA],
  ['nobody', { path: '/api/v1/machines', headers: { cookie: '' } }, 401, OF_DATA],
  ['a stranger', { path: '/', headers: { origin: 'https://evil.example' } }, 403, OF_DATA],
  ['a machine that is not there', { path: '/api/v1/machines/web9' }, 404, OF_DATA],
  ['what is none of the API', { path: '/api/v1/nonsense' }, 404, OF_DATA],
  ['a method that is none of its path', { path: '/api/v1/machines', method: 'DELETE' }, 405, OF_DATA],
  ['a log-out, which has no answer', { path: '/api/v1/session', method: 'DELETE' }, 204, OF_DATA],
] as readonly (readonly [string, Wish, number, object])[])
  test(`browsers are told what they may do with ${title} (${status})`, async () => {
    const answer = await door.ask({ ...wish, headers: { cookie, ...wish.headers } });
    expect(answer).toMatchObject({ status, headers: expected });
  });

test('browsers are told what they may do with the page of a server that has none (503)', async () => {
  expect(await bare.ask({ path: '/' })).toMatchObject({ status: 503, headers: OF_PAGES });
});
