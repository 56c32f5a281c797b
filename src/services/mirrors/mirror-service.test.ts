import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAR_BYTES } from './mirror-sources.ts';
import { MirrorLab, putDebian, sendPart, sha256, tagOf } from '../suite/mirror-lab.ts';

const SMALL = Buffer.from('a small package');
const LARGE = randomBytes(3 * 2 ** 20);
const POOL = { 'pool/a_1_amd64.deb': SMALL, 'pool/b_1_amd64.deb': LARGE };
const PACKAGES = 'dists/s/main/binary-amd64/Packages.gz';

let lab: MirrorLab;
beforeEach(async () => {
  lab = await MirrorLab.open();
  putDebian(lab.upstream, POOL);
  await lab.add();
});
afterEach(async () => {
  expect(lab.faults).toEqual([]);
  await lab.close();
});

/** Comparing megabytes byte by byte takes the test runner minutes. */
const digest = (bytes: Buffer | string): string => (typeof bytes === 'string' ? bytes : sha256(bytes));

const minutesLater = (minutes: number): void => {
  lab.nowMs += minutes * 60_000;
};
const state = () => lab.mirrors.byName('deb')!;

describe('what was fetched once', () => {
  test('comes out of the cache, after a restart too', async () => {
    expect(digest(await lab.get('pool/b_1_amd64.deb'))).toBe(digest(LARGE));
    await lab.restart();
    expect(digest(await lab.get('pool/b_1_amd64.deb'))).toBe(digest(LARGE));
    expect(lab.upstream.count('pool/b_1_amd64.deb')).toBe(1);
    expect(state().counts.requests.counts).toEqual(new Map([['hit', 1]]));
    expect(state().kept).toEqual({ files: 1, bytes: LARGE.length, unverified: 1 });
  });

  test('is fetched once for fifty that ask at one time, and all get it while it comes', async () => {
    const got = await Promise.all(Array.from({ length: 50 }, () => lab.get('pool/b_1_amd64.deb')));
    expect(new Set(got.map(digest))).toEqual(new Set([digest(LARGE)]));
    expect(lab.upstream.count('pool/b_1_amd64.deb')).toBe(1);
    expect(Object.fromEntries(state().counts.requests.counts)).toEqual({ miss: 1, shared: 49 });
  });

  test('is told from a file whose name differs only by case, or is very long, or has odd letters', async () => {
    for (const path of [
      'pool/A',
      'pool/a',
      'pool/a+b~1:2 %41#?.deb',
      `${'n'.repeat(255)}/${'ü'.repeat(127)}`,
    ]) {
      lab.upstream.put(path, path);
      expect(String(await lab.get(path))).toBe(path);
      expect(String(await lab.get(path))).toBe(path);
      expect(lab.upstream.count(path), path).toBe(1);
    }
  });
});

describe('verified', () => {
  test('by the indexes that came before it', async () => {
    await lab.get('dists/s/InRelease');
    await lab.get(PACKAGES);
    await lab.get('pool/a_1_amd64.deb');
    expect(state().kept).toMatchObject({ files: 3, unverified: 1 });
    expect(state().counts.unverified).toBe(0);
    await lab.restart();
    await lab.get('pool/a_1_amd64.deb');
    expect(state().counts.unverified).toBe(0);
  });

  test('by the index that is packed with gzip, where the machine took the one packed with xz by its digest', async () => {
    await lab.get('dists/s/InRelease');
    const xz = lab.upstream.files.get('dists/s/main/binary-amd64/Packages.xz')!;
    await lab.get(`dists/s/main/binary-amd64/by-hash/SHA256/${sha256(xz)}`);
    expect(await lab.get('pool/a_1_amd64.deb')).toEqual(SMALL);
    expect(state().counts.unverified).toBe(0);
    expect(lab.upstream.count('pool/a_1_amd64.deb')).toBe(1);
  });

  test('a small file that is wrong is thrown away, told, asked for once more, and refused when it is wrong again', async () => {
    await lab.get('dists/s/InRelease');
    await lab.get(PACKAGES);
    lab.upstream.put('pool/a_1_amd64.deb', 'a small packagE');
    expect(await lab.get('pool/a_1_amd64.deb')).toMatch(/another file than its index says: its sha256 is/);
    expect(lab.told('mirror.mismatch')).toHaveLength(2);
    expect(lab.upstream.count('pool/a_1_amd64.deb')).toBe(2);
    expect(await lab.get('pool/a_1_amd64.deb')).toMatch(/another file/);
    expect(lab.upstream.count('pool/a_1_amd64.deb')).toBe(2);
    lab.upstream.put('pool/a_1_amd64.deb', SMALL);
    minutesLater(1);
    expect(await lab.get('pool/a_1_amd64.deb')).toEqual(SMALL);
  });

  test('nobody gets all of a large file that is wrong', async () => {
    await lab.get('dists/s/InRelease');
    await lab.get(PACKAGES);
    const wrong = Buffer.from(LARGE);
    wrong[0] = (wrong[0] ?? 0) ^ 1;
    lab.upstream.put('pool/b_1_amd64.deb', wrong);
    await expect(lab.get('pool/b_1_amd64.deb')).rejects.toThrow(/began anew|its sha256 is/);
    expect(state().kept.files).toBe(2);
    // It is asked for once more, so that whoever tries again finds it.
    await expect.poll(() => lab.told('mirror.mismatch').length).toBe(2);
  });

  for (const [what, bytes] of [
    ['shorter', LARGE.subarray(1)],
    ['longer', Buffer.concat([LARGE, SMALL])],
  ] as const) {
    test(`a file that is ${what} than the index says is not even begun`, async () => {
      await lab.get('dists/s/InRelease');
      await lab.get(PACKAGES);
      lab.upstream.put('pool/b_1_amd64.deb', bytes);
      expect(await lab.get('pool/b_1_amd64.deb')).toMatch(/the upstream has \d+ bytes, and the index says/);
    });
  }
});

describe('sets of indexes', () => {
  const NEW_POOL = { ...POOL, 'pool/c_1_amd64.deb': Buffer.from('c') };

  test('are asked for anew after a while, and a new one takes the place of the old as a whole', async () => {
    const old = [await lab.get('dists/s/InRelease'), await lab.get(PACKAGES)];
    putDebian(lab.upstream, NEW_POOL);
    expect([await lab.get('dists/s/InRelease'), await lab.get(PACKAGES)]).toEqual(old);
    minutesLater(6);
    const fresh = [await lab.get('dists/s/InRelease'), await lab.get(PACKAGES)];
    expect(fresh).toEqual([lab.upstream.files.get('dists/s/InRelease'), lab.upstream.files.get(PACKAGES)]);
    expect(lab.told('mirror.changed')).toHaveLength(1);
    expect(await lab.get('pool/c_1_amd64.deb')).toEqual(Buffer.from('c'));
    expect(state().counts.unverified).toBe(0);
  });

  test('stay as they were while the upstream is half-way to a new one', async () => {
    lab.upstream.files.clear();
    putDebian(lab.upstream, POOL, false);
    const old = [await lab.get('dists/s/InRelease'), await lab.get(PACKAGES)];
    const index = lab.upstream.files.get(PACKAGES)!;
    putDebian(lab.upstream, NEW_POOL, false);
    const newIndex = lab.upstream.files.get(PACKAGES)!;
    lab.upstream.put(PACKAGES, index);
    minutesLater(6);
    expect([await lab.get('dists/s/InRelease'), await lab.get(PACKAGES)]).toEqual(old);
    lab.upstream.put(PACKAGES, newIndex);
    minutesLater(6);
    expect(await lab.get('dists/s/InRelease')).toEqual(lab.upstream.files.get('dists/s/InRelease'));
    expect(await lab.get(PACKAGES)).toEqual(newIndex);
  });

  test('cost one conditional request where nothing is new', async () => {
    await lab.get('dists/s/InRelease');
    minutesLater(6);
    await lab.get('dists/s/InRelease');
    await lab.get('dists/s/InRelease');
    expect(lab.upstream.count('dists/s/InRelease')).toBe(2);
    expect(state().counts.fetchedBytes).toBe(lab.upstream.files.get('dists/s/InRelease')?.length);
  });
});

describe('without its upstream', () => {
  test('what is here is served, with the reason, and told once; what is not is 504; and it comes back', async () => {
    await lab.get('dists/s/InRelease');
    await lab.get('pool/a_1_amd64.deb');
    await lab.upstream.close();
    minutesLater(6);
    const answer = await lab.open('dists/s/InRelease');
    expect(answer).toMatchObject({ found: true, stale: 'it refuses the connection', ageSeconds: 360 });
    if (answer.found) await answer.source.close();
    expect(await lab.get('pool/a_1_amd64.deb')).toEqual(SMALL);
    expect(await lab.open('pool/b_1_amd64.deb')).toMatchObject({ found: false, no: 'unreachable' });
    expect(lab.told('mirror.unreachable')).toHaveLength(1);
    expect(state().unreachable).toBeDefined();
    await lab.upstream.listen();
    minutesLater(6);
    expect(digest(await lab.get('pool/b_1_amd64.deb'))).toBe(digest(LARGE));
    expect(lab.told('mirror.reachable')).toHaveLength(1);
  });

  test('set offline, it is never asked', async () => {
    await lab.get('dists/s/InRelease');
    await lab.mirrors.change('deb', { mode: 'offline' });
    minutesLater(600);
    expect(await lab.get('dists/s/InRelease')).toBeInstanceOf(Buffer);
    expect(await lab.get('pool/a_1_amd64.deb')).toMatch('set offline');
    expect(lab.upstream.asked).toEqual(['dists/s/InRelease']);
  });
});

describe('an upstream that misbehaves', () => {
  test('what it has not is asked for once in a while, not by each machine', async () => {
    for (let turn = 0; turn < 3; turn += 1)
      expect(await lab.open('pool/none.deb')).toMatchObject({ no: 'missing' });
    expect(lab.upstream.count('pool/none.deb')).toBe(1);
  });

  test('a fetch that breaks off is gone on with where it ended', async () => {
    let broke = 0;
    lab.upstream.instead = (request, response, bytes) => {
      if (bytes !== LARGE && !bytes?.equals(LARGE)) return false;
      if (broke >= 2) return false;
      broke += 1;
      const [, first = '0'] = /^bytes=(\d+)/.exec(request.headers.range ?? '') ?? [];
      response.writeHead(first === '0' ? 200 : 206, {
        ETag: tagOf(LARGE),
        'Content-Length': LARGE.length - Number(first),
        ...(first === '0' ? {} : { 'Content-Range': `bytes ${first}-${LARGE.length - 1}/${LARGE.length}` }),
      });
      response.write(LARGE.subarray(Number(first), Number(first) + 2 ** 20), () => response.destroy());
      return true;
    };
    expect(digest(await lab.get('pool/b_1_amd64.deb'))).toBe(digest(LARGE));
    expect(lab.upstream.asked).toHaveLength(3);
    expect(lab.upstream.asked[2]).toMatch(/ bytes=[1-9]/);
  });

  test('a redirect is followed, a loop of them is not, nor one to this server', async () => {
    const redirect = (location: string): void => {
      lab.upstream.instead = (_, response, bytes) => {
        if (bytes !== undefined) return false;
        response.writeHead(302, { Location: location }).end();
        return true;
      };
    };
    redirect('/repo/pool/a_1_amd64.deb');
    expect(await lab.get('moved.deb')).toEqual(SMALL);
    redirect('/repo/round.deb');
    expect(await lab.get('round.deb')).toBe('it redirects more than 5 times');
    redirect('http://localhost:8067/api/v1/status');
    expect(await lab.get('out.deb')).toMatch('which is this server');
    redirect('file:///etc/passwd');
    expect(await lab.get('file.deb')).toBe('it redirects to a URL of file');
  });

  for (const [what, begin] of [
    ['never answers', () => undefined],
    [
      'stops in the middle',
      (response: Parameters<MirrorLab['upstream']['instead']>[1]) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('x');
      },
    ],
  ] as const) {
    test(`one that ${what} is given up after a time, and keeps nothing`, async () => {
      lab.upstream.instead = (_, response) => {
        begin(response);
        return true;
      };
      const answer = await lab.open('pool/a_1_amd64.deb');
      expect(answer).toMatchObject({ found: false, no: 'unreachable' });
    }, 20_000);
  }

  test('a reader far behind what has come gets its bytes by a request of its own', async () => {
    const huge = Buffer.alloc(FAR_BYTES * 2, 'x');
    huge.write('here', FAR_BYTES * 2 - 4);
    lab.upstream.put('huge.deb', huge);
    let finish = (): void => undefined;
    lab.upstream.instead = (request, response) => {
      if (request.headers.range !== undefined) return false;
      response.writeHead(200, { 'Content-Length': huge.length });
      response.write(huge.subarray(0, 10));
      finish = () => response.end(huge.subarray(10));
      return true;
    };
    const answer = await lab.open('huge.deb');
    if (!answer.found) throw new Error(answer.because);
    expect(String(await answer.source.read(huge.length - 4, 100))).toBe('here');
    finish();
    expect((await answer.source.read(0, 10)).length).toBeGreaterThan(0);
    await answer.source.close();
  });
});

describe('room', () => {
  test('what was not wanted for longest goes, the indexes stay', async () => {
    const big = (): Buffer => Buffer.alloc(30 * 2 ** 20, 'b');
    for (const name of ['1', '2', '3']) lab.upstream.put(`pool/${name}.deb`, big());
    await lab.mirrors.change('deb', { maxBytes: 64 * 2 ** 20 });
    await lab.get('dists/s/InRelease');
    for (const name of ['1', '2']) {
      lab.nowMs += 1000;
      await lab.get(`pool/${name}.deb`);
    }
    lab.nowMs += 1000;
    await lab.get('pool/1.deb');
    await lab.get('pool/3.deb');
    lab.upstream.asked.length = 0;
    for (const path of ['dists/s/InRelease', 'pool/1.deb', 'pool/3.deb']) await lab.get(path);
    expect(lab.upstream.asked).toEqual([]);
    await lab.get('pool/2.deb');
    expect(lab.upstream.asked).toEqual(['pool/2.deb']);
  });

  test('a file that cannot fit is passed through, and told', async () => {
    const bytes = Buffer.alloc(65 * 2 ** 20, 'p');
    lab.upstream.put('pool/p.deb', bytes);
    await lab.mirrors.change('deb', { maxBytes: 64 * 2 ** 20 });
    expect(digest(await lab.get('pool/p.deb'))).toBe(digest(bytes));
    expect(state().kept.files).toBe(0);
    expect(lab.told('mirror.full')).toHaveLength(1);
  });

  test('the disk keeps what it must have free', async () => {
    await lab.close();
    lab = await MirrorLab.open({ freeBytes: Number.MAX_SAFE_INTEGER });
    putDebian(lab.upstream, POOL);
    await lab.add();
    expect(await lab.get('pool/a_1_amd64.deb')).toEqual(SMALL);
    expect(state().kept.files).toBe(0);
  });
});

test('what is damaged on the disk is found by a check, thrown away and fetched again', async () => {
  await lab.get('pool/a_1_amd64.deb');
  const [body = ''] = filesBelow(join(lab.folder, 'deb/files')).filter((name) => !name.endsWith('.json'));
  await writeFile(body, 'a small packagE');
  await lab.mirrors.check('deb');
  await expect.poll(() => state().check).toMatchObject({ state: 'done', files: 1, damaged: 1 });
  expect(await lab.get('pool/a_1_amd64.deb')).toEqual(SMALL);
});

test('a mirror that is removed leaves no file behind, and its credentials are sent and never shown', async () => {
  const seen: (string | undefined)[] = [];
  lab.upstream.instead = (request, response, bytes) => {
    seen.push(request.headers.authorization);
    if (bytes !== undefined) sendPart(request, response, bytes);
    return bytes !== undefined;
  };
  await lab.mirrors.remove('deb');
  await lab.add({ url: lab.upstream.url.replace('//', '//me:s%20cret@') });
  await lab.get('pool/a_1_amd64.deb');
  expect(seen).toEqual([`Basic ${Buffer.from('me:s cret').toString('base64')}`]);
  expect(JSON.stringify([state().mirror, lab.events])).not.toMatch(/cret/);
  await lab.mirrors.remove('deb');
  expect(filesBelow(lab.folder)).toEqual([]);
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile());
}
