import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_PIECE_BYTES } from '../contract/image-schemas.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
  await world.needs.images.add({ folder: world.tree });
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

const headers = { host: 'localhost', 'content-type': 'application/octet-stream' };

test('a file of an image comes as it is, with its length', async () => {
  const url = '/api/v1/images/centos-7/file?path=images/pxeboot/vmlinuz';
  const response = await world.api.inject({ url, headers: { host: 'localhost' } });
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': '6',
    'x-content-type-options': 'nosniff',
  });
  expect(response.payload).toBe('kernel');
});

for (const [name, url] of [
  ['a folder', '/api/v1/images/centos-7/file?path=images'],
  ['a way out', '/api/v1/images/centos-7/file?path=../system/etc/os-release'],
  ['nothing', '/api/v1/images/centos-7/tree?path=none'],
  ['a way out of the tree', '/api/v1/images/centos-7/tree?path=..%2f..%2fsystem'],
] as const) {
  test(`${name} is not there`, async () => {
    const response = await world.api.inject({ url, headers: { host: 'localhost' } });
    expect(response.statusCode, response.payload).toBe(404);
  });
}

for (const [name, change, payload, status] of [
  ['JSON', { 'content-type': 'application/json' }, '{}', 400],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1', 415],
  ['more than a piece', {}, Buffer.alloc(MAX_PIECE_BYTES + 1), 413],
  ['a piece of no upload', {}, Buffer.alloc(1), 409],
] as const) {
  test(`${name} is not taken as a piece of an upload`, async () => {
    const url = '/api/v1/arrivals/x/bytes?offset=0';
    const response = await world.api.inject({
      method: 'PUT',
      url,
      headers: { ...headers, ...change },
      payload,
    });
    expect(response.statusCode, response.payload).toBe(status);
  });
}

test('bytes are no JSON for other rows', async () => {
  const url = '/api/v1/subnets/lab';
  const response = await world.api.inject({ method: 'PUT', url, headers, payload: Buffer.from('{}') });
  expect(response.statusCode, response.payload).toBe(400);
});
