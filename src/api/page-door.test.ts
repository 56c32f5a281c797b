import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApi } from './build-api.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

const INDEX =
  '<!doctype html><title>Muster</title><script type="module" src="/assets/index-1234.js"></script>';
const SCRIPT = 'console.log("a script that is long enough to be packed");\n'.repeat(50);
const SECRET = 'not for anybody';

let world: ApiWorld;
let folder: string;
let api: FastifyInstance;
beforeAll(async () => {
  world = await openApiWorld();
  folder = await mkdtemp(join(tmpdir(), 'muster-page-'));
  await mkdir(join(folder, 'ui/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), SECRET);
  await writeFile(join(folder, 'ui/index.html'), INDEX);
  await writeFile(join(folder, 'ui/assets/index-1234.js'), SCRIPT);
  await writeFile(join(folder, 'ui/assets/index-1234.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(folder, 'ui/assets/index-1234.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'ui/assets/icon-5678.svg'), '<svg/>');
  api = buildApi({ ...world.needs, pageFolder: join(folder, 'ui') });
});
afterAll(async () => {
  await api.close();
  await world.close();
  await rm(folder, { recursive: true });
});

async function get(url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') {
  return await api.inject({ method, url, headers: { host: '127.0.0.1:8067', ...headers } });
}

describe('the page is given for', () => {
  for (const url of ['/', '/index.html', '/machines', '/machines/web01?tab=log', '/no/such/page', '/apis'])
    test(url, async () => {
      const response = await get(url);
      expect(response).toMatchObject({ statusCode: 200, payload: INDEX });
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy':
          "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      });
    });
});

describe('a problem, and no page, is given for', () => {
  for (const [what, url] of [
    ['what is none of the API', '/api/v1/nonsense'],
    ['another version of the API', '/api/v9/status'],
    ['the API itself', '/api'],
    ['a file of an earlier build', '/assets/index-0000.js'],
  ] as const)
    test(what, async () => {
      const response = await get(url);
      expect(response.payload).not.toContain(SECRET);
      expect(response.headers['content-type']).toBe('application/problem+json');
      expect(response.statusCode).toBe(404);
    });

  test('a method that changes something', async () => {
    const headers = { host: '127.0.0.1:8067', 'content-type': 'application/json' };
    const response = await api.inject({ method: 'POST', url: '/machines', headers, payload: '{}' });
    expect(response).toMatchObject({ statusCode: 404 });
  });

  test('HEAD of what is for programs', async () => {
    expect(await get('/healthz', {}, 'HEAD')).toMatchObject({ statusCode: 404 });
  });
});

test('no path gives a file that lies beside the folder', async () => {
  for (const url of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '//secret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/secret.txt',
  ])
    expect((await get(url)).payload).not.toContain(SECRET);
});

test('files with a hash in their name are kept for ever, with their type', async () => {
  const script = await get('/assets/index-1234.js');
  expect(script.payload).toBe(SCRIPT);
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': String(SCRIPT.length),
  });
  expect((await get('/assets/icon-5678.svg')).headers).toMatchObject({ 'content-type': 'image/svg+xml' });
});

for (const [accepted, coding, unpack] of [
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
] as const)
  test(`who takes "${accepted}" gets what was packed with ${coding} beforehand`, async () => {
    const response = await get('/assets/index-1234.js', { 'accept-encoding': accepted });
    expect(response.headers).toMatchObject({ 'content-encoding': coding, vary: 'accept-encoding' });
    expect(unpack(response.rawPayload).toString()).toBe(SCRIPT);
  });

for (const accepted of ['identity', 'gzip;q=0', ''])
  test(`who takes "${accepted}" gets the file as it is`, async () => {
    const response = await get('/assets/index-1234.js', { 'accept-encoding': accepted });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(response.payload).toBe(SCRIPT);
  });

test('HEAD is told the same as GET, without the bytes', async () => {
  const url = '/assets/index-1234.js';
  const [head, whole] = await Promise.all([get(url, {}, 'HEAD'), get(url)]);
  expect(head).toMatchObject({ statusCode: 200, payload: '' });
  expect(head.headers['content-length']).toBe(whole.headers['content-length']);
});

test('a new build is served without a restart', async () => {
  await writeFile(join(folder, 'ui/assets/index-9999.js'), 'new');
  await writeFile(join(folder, 'ui/index.html'), `${INDEX}<p>new</p>`);
  expect((await get('/assets/index-9999.js')).payload).toBe('new');
  await writeFile(join(folder, 'ui/index.html'), INDEX);
});

test('without a build, a page says what to type, and the API works', async () => {
  const bare = buildApi({ ...world.needs, pageFolder: join(folder, 'nothing') });
  const headers = { host: '127.0.0.1:8067' };
  const page = await bare.inject({ url: '/', headers });
  expect(page).toMatchObject({ statusCode: 503 });
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.payload).toContain('npm run build');
  expect(await bare.inject({ url: '/api/v1/machines', headers })).toMatchObject({ statusCode: 200 });
  await bare.close();
});

test('strangers get no page either', async () => {
  expect(await get('/', { host: 'evil.example' })).toMatchObject({ statusCode: 403 });
});
