import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Image } from '../../core/images/image.ts';
import type { Stores } from '../../core/stores.ts';
import { image } from '../../store/suite/samples.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import type { Happening } from '../event-log.ts';
import { ImageArrivals } from './image-arrivals.ts';
import type { ImageAdded, NewImage } from './image-service.ts';

const FILE = randomBytes(3_000_000);
const SHA256 = createHash('sha256').update(FILE).digest('hex');

let folder: string;
let stores: Stores;
let server: Server;
let url: string;
let arrivals: ImageArrivals;
let added: NewImage[];
let told: Happening[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let becomes: ImageAdded;
/** Beside the disc image on the server. */
let lists: Readonly<Record<string, string>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-arrivals-'));
  stores = await openEmptyStores();
  added = [];
  told = [];
  becomes = { added: true, image: image({ name: 'made' }) };
  lists = {};
  server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (Object.hasOwn(lists, name)) response.end(lists[name]);
    else if (name.endsWith('.iso')) answer(request, response);
    else response.writeHead(404).end('a page that says so');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.iso`;
  arrivals = open();
});

afterEach(async () => {
  await arrivals.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await stores.close();
  rmSync(folder, { recursive: true });
});

function open(): ImageArrivals {
  return new ImageArrivals({
    arrivals: stores.arrivals,
    images: {
      byName: async (name): Promise<Image | undefined> => (name === 'taken' ? image({ name }) : undefined),
    },
    service: {
      add: async (wanted) => {
        added.push(wanted);
        return becomes;
      },
    },
    events: { note: (happening) => void told.push(happening) },
    clock: { nowMs: () => 1 },
    fetch,
    imagesFolder: folder,
    failed: (error) => {
      throw error;
    },
    retryMs: 1,
  });
}

/** As servers of files do: parts, and a word for the version. */
function serve(request: IncomingMessage, response: ServerResponse, file = FILE, etag = '"1"'): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const goesOn = from > 0 && request.headers['if-range'] === etag;
  const body = goesOn ? file.subarray(from) : file;
  response.writeHead(goesOn ? 206 : 200, {
    etag,
    'content-length': body.length,
    ...(goesOn ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
  });
  response.end(body);
}

/** Half of the file, and then the cable is pulled. */
function breakOff(response: ServerResponse, etag = '"1"'): void {
  response.writeHead(200, { etag, 'content-length': FILE.length });
  response.write(FILE.subarray(0, FILE.length / 2), () => response.socket?.destroy());
}

const ended = async (name = 'x'): Promise<string> => {
  await expect
    .poll(() => arrivals.byName(name)?.state, { timeout: 10_000, interval: 5 })
    .not.toBe('under way');
  const shown = arrivals.byName(name);
  return shown?.state === 'failed' ? (shown.arrival.failed ?? '') : (shown?.state ?? 'gone');
};

describe('a download', () => {
  test('is in its place when it is whole, and an image', async () => {
    answer = serve;
    const begun = await arrivals.load(url, { image: { as: 'debian' }, sha256: SHA256.toUpperCase() });
    expect(begun).toMatchObject({ begun: true, shown: { arrival: { name: 'x' }, state: 'under way' } });
    expect(await ended()).toBe('arrived');
    expect(arrivals.byName('x')).toMatchObject({ imageName: 'made', here: FILE.length });
    expect(readFileSync(join(folder, 'x.iso')).equals(FILE)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.iso']);
    const known = { sha256: SHA256, sha256From: '--sha256' };
    expect(added).toEqual([{ as: 'debian', folder: join(folder, 'x.iso'), ...known }]);
    expect(told.map(({ kind }) => kind)).toEqual(['image.arriving', 'image.arrived']);
    expect(await stores.arrivals.list()).toEqual([]);
  });

  test('goes on where the connection broke', async () => {
    const ranges: (string | undefined)[] = [];
    answer = (request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length === 1) breakOff(response);
      else serve(request, response);
    };
    await arrivals.load(url, { image: {}, sha256: SHA256 });
    expect(await ended()).toBe('arrived');
    expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(readFileSync(join(folder, 'x.iso')).equals(FILE)).toBe(true);
  });

  test('begins anew where the file is another one by then', async () => {
    const other = randomBytes(2_000_000);
    let asked = 0;
    answer = (request, response) => {
      asked += 1;
      if (asked === 1) breakOff(response);
      else serve(request, response, other, '"2"');
    };
    await arrivals.load(url, { image: {} });
    expect(await ended()).toBe('arrived');
    expect(readFileSync(join(folder, 'x.iso')).equals(other)).toBe(true);
  });

  test('goes on after Muster was started again', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': FILE.length });
      response.write(FILE.subarray(0, FILE.length / 2));
    };
    await arrivals.load(url, { image: { name: 'other' } });
    await expect.poll(() => arrivals.byName('other')?.here, { interval: 5 }).toBe(FILE.length / 2);
    await arrivals.close();
    answer = serve;
    arrivals = open();
    await arrivals.start();
    expect(await ended('other')).toBe('arrived');
    expect(readFileSync(join(folder, 'x.iso')).equals(FILE)).toBe(true);
    expect(added).toEqual([{ name: 'other', folder: join(folder, 'x.iso') }]);
  });

  test('follows redirections, but not for ever', async () => {
    answer = (request, response) => {
      if (request.url === '/y.iso') serve(request, response);
      else response.writeHead(302, { location: request.url === '/x.iso' ? '/y.iso' : request.url }).end();
    };
    await arrivals.load(url, { image: {} });
    expect(await ended()).toBe('arrived');
    await arrivals.load(url.replace('/x.iso', '/loop.iso'), { image: {} });
    expect(await ended('loop')).toMatch(/sends on more than 5 times/);
  });

  for (const [name, respond, because, left] of [
    [
      'a file that is not there',
      (response: ServerResponse) => response.writeHead(404).end(),
      /not there/,
      ['x.iso.part'],
    ],
    [
      'a server that always breaks off',
      (response: ServerResponse) => response.socket?.destroy(),
      /./,
      ['x.iso.part'],
    ],
    [
      'more than any disk has',
      (response: ServerResponse) => response.writeHead(200, { 'content-length': 2 ** 50 }).flushHeaders(),
      /MB more are needed in .*, and \d+ MB are free there/,
      [],
    ],
  ] as const) {
    test(`of ${name} fails, and says why`, async () => {
      answer = (_request, response) => void respond(response);
      await arrivals.load(url, { image: {} });
      expect(await ended()).toMatch(because);
      expect(readdirSync(folder)).toEqual(left);
      expect(told.at(-1)).toMatchObject({ kind: 'image.failed', because: expect.stringMatching(because) });
      expect(await arrivals.cancel('x')).toBe(true);
      expect(readdirSync(folder)).toEqual([]);
      expect(arrivals.list()).toEqual([]);
    });
  }

  test('with another checksum than was expected is thrown away', async () => {
    answer = serve;
    await arrivals.load(url, { image: {}, sha256: 'a'.repeat(64) });
    expect(await ended()).toMatch(/its sha256 is [\da-f]{64}, and --sha256 says a{64}/);
    expect(readdirSync(folder)).toEqual([]);
    expect(added).toEqual([]);
  });

  test('is compared with the list beside it there', async () => {
    answer = serve;
    lists = { SHA256SUMS: `${SHA256}  x.iso\n${'a'.repeat(64)}  y.iso\n` };
    await arrivals.load(url, { image: {} });
    expect(await ended()).toBe('arrived');
    const from = url.replace('x.iso', 'SHA256SUMS');
    expect(added).toEqual([{ folder: join(folder, 'x.iso'), sha256: SHA256, sha256From: from }]);
    await arrivals.load(url.replace('/x.iso', '/y.iso'), { image: {} });
    expect(await ended('y')).toMatch(/and http:\S+\/SHA256SUMS says a{64}/);
    expect(readdirSync(folder)).toEqual(['x.iso']);
  });

  test('that is no image stays as a file, and says so', async () => {
    answer = serve;
    becomes = { added: false, because: 'nothing in it is known to boot' };
    await arrivals.load(url, { image: {} });
    expect(await ended()).toMatch(/it is here, and is no image by itself: nothing in it/);
    expect(existsSync(join(folder, 'x.iso'))).toBe(true);
  });

  test('that is cancelled leaves nothing', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': FILE.length });
      response.write(FILE.subarray(0, 1000));
    };
    await arrivals.load(url, { image: {} });
    await expect.poll(() => arrivals.byName('x')?.here, { interval: 5 }).toBe(1000);
    expect(arrivals.isClaimed(join(folder, 'x.iso'))).toBe(true);
    expect(await arrivals.cancel('x')).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    expect(await arrivals.cancel('x')).toBe(false);
  });
});

describe('an upload', () => {
  test('comes in pieces, each behind the last one', async () => {
    const begun = await arrivals.receive('x.iso', FILE.length, { image: {} });
    expect(begun).toMatchObject({ begun: true, shown: { here: 0 } });
    const half = FILE.length / 2;
    expect(await arrivals.take('x', 0, FILE.subarray(0, half))).toMatchObject({ taken: true });
    expect(await arrivals.take('x', 0, FILE.subarray(0, half))).toMatchObject({
      taken: false,
      because: `${half} bytes are here, and the piece is from 0 on`,
    });
    // Who lost its connection asks how far it is by beginning again.
    const again = await arrivals.receive('x.iso', FILE.length, { image: {} });
    expect(again).toMatchObject({ begun: true, shown: { here: half } });
    const last = await arrivals.take('x', half, FILE.subarray(half));
    expect(last).toMatchObject({ taken: true, shown: { state: 'arrived', imageName: 'made' } });
    expect(readFileSync(join(folder, 'x.iso')).equals(FILE)).toBe(true);
  });

  test('of more than was said is not taken', async () => {
    await arrivals.receive('x.iso', 10, { image: {} });
    expect(await arrivals.take('x', 0, FILE)).toMatchObject({
      taken: false,
      because: expect.stringMatching(/said to have 10 bytes/),
    });
    expect(arrivals.byName('x')).toMatchObject({ here: 0, state: 'under way' });
  });

  test('for which there is no room is not begun', async () => {
    const begun = await arrivals.receive('x.iso', 2 ** 50, { image: {} });
    expect(begun).toMatchObject({ begun: false, because: expect.stringMatching(/MB more are needed/) });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a folder that takes no files is told at once', async () => {
  // Even root makes no file where a part of the path is a file.
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  expect(await arrivals.receive('x.iso', 5, { image: {} })).toMatchObject({ begun: false });
  rmSync(folder);
  expect(await arrivals.receive('x.iso', 5, { image: {} })).toEqual({
    begun: false,
    because: expect.stringMatching(/nothing can be put there: ".*x.iso.part" is not there/),
  });
  mkdirSync(folder);
});

describe('what is not begun', () => {
  for (const [name, fileName, imageName, because] of [
    ['a name that climbs', '../x.iso', undefined, /is not the name of a disc image/],
    ['a hidden file', '.x.iso', undefined, /is not the name of a disc image/],
    ['a file that is no disc image', 'x.txt', undefined, /is not the name of a disc image/],
    ['the name of another image', 'y.iso', 'taken', /image "taken" is there already/],
    ['a file that is there', 'there.iso', undefined, /there.iso" is there already/],
    ['another file under a name that is on its way', 'z.iso', 'busy', /"busy" is on its way from elsewhere/],
  ] as const) {
    test(name, async () => {
      writeFileSync(join(folder, 'there.iso'), '');
      await arrivals.receive('busy.iso', 5, { image: { name: 'busy' } });
      const wanted = { image: imageName === undefined ? {} : { name: imageName } };
      expect(await arrivals.receive(fileName, 5, wanted)).toEqual({
        begun: false,
        because: expect.stringMatching(because),
      });
    });
  }

  for (const from of ['ftp://a/x.iso', 'file:///x.iso', 'http://u:p@a/x.iso'])
    test(from, async () => expect(await arrivals.load(from, { image: {} })).toMatchObject({ begun: false }));
});
