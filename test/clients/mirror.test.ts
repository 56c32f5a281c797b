import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_WAIT, type MusterInNamespace } from './muster-in-namespace.ts';
import { DEBIAN_PROGRAMS, makeDebian } from './suite/debian-repository.ts';
import { describeWithPrograms, MIRRORS, MirrorWorld, sha256, UPSTREAM } from './suite/mirror-world.ts';
import { apt as aptOf } from './suite/package-clients.ts';

/** Large enough that it is under way when Muster is killed: at 64 KiB each 20 ms it takes some 5 s. */
const SLOW = randomBytes(16 * 2 ** 20);

describeWithPrograms(DEBIAN_PROGRAMS, 'muster up and package mirrors of a plain upstream', () => {
  let world: MirrorWorld;
  let muster: MusterInNamespace;

  beforeAll(async () => {
    world = await MirrorWorld.make();
    muster = world.muster;
    makeDebian(world.folder('packages'), world.put, 'debian', ['.gz', '.xz']);
    makeRpm(world.put);
    world.put('slow/large.deb', SLOW);
    await world.startUpstream();
    await muster.up();
    for (const [name, folder] of [
      ['debian', 'debian/'],
      ['rpm', 'rpm'],
      ['slow', 'slow'],
    ] as const)
      await muster.run('mirror', 'add', name, `http://${UPSTREAM}/${folder}`);
  });
  afterAll(() => world.close());

  async function apt(root: string, ...words: readonly string[]): Promise<void> {
    const finished = await aptOf(world, root, 'debian', ...words);
    expect(finished, finished.stderr).toMatchObject({ code: 0 });
  }

  test('apt takes its indexes and packages through it, and all of them are verified', async () => {
    await apt('one', 'update');
    await apt('one', 'download', 'hello', 'large');
    for (const name of ['hello', 'large']) {
      const got = readFileSync(join(muster.folder, `one/got/${name}_1.0_amd64.deb`));
      expect(sha256(got)).toBe(sha256(world.read(`debian/pool/${name}_1.0_amd64.deb`)));
    }
    expect(await muster.run('mirror', 'show', 'debian')).toMatchObject({
      unverified: 0,
      mismatches: 0,
      unreadable: [],
    });
  });

  test('a second machine costs the upstream no package', async () => {
    await apt('two', 'update');
    await apt('two', 'download', 'hello', 'large');
    expect(world.askedFor('debian/pool/hello')).toBe(1);
    expect(world.askedFor('debian/pool/large')).toBe(1);
  });

  test('the timeline tells what a machine fetched of it in one sentence, and the metrics count it', async () => {
    await expect
      .poll(
        () => muster.told('http.tree').filter(({ data }) => data?.['mirror'] === 'debian').length,
        EVENT_WAIT,
      )
      .toBeGreaterThan(0);
    expect(muster.told('http.tree').length).toBeLessThan(6);
    expect(
      await muster.metric('muster_mirror_requests_total{mirror="debian",outcome="hit"}'),
    ).toBeGreaterThan(1);
  });

  test('an RPM repository: the package that repomd.xml leads to is verified, another one is served unverified', async () => {
    for (const path of ['repodata/repomd.xml', 'repodata/primary.xml.gz', 'Packages/h/hello-1.rpm'])
      await world.curl(`rpm/${path}`, '-f', '-o', '/dev/null');
    expect(await muster.run('mirror', 'show', 'rpm')).toMatchObject({ unverified: 0, files: 3 });
    await world.curl('rpm/Packages/o/other.rpm', '-f', '-o', '/dev/null');
    expect(await muster.run('mirror', 'show', 'rpm')).toMatchObject({ unverified: 1 });
  });

  test('ranges, conditions and HEAD are as RFC 9110 wants them', async () => {
    const head = await world.curl('rpm/Packages/o/other.rpm', '-I');
    const [, etag = ''] = /^ETag: (.+?)\r?$/im.exec(head) ?? [];
    expect(head).toMatch(/^Content-Length: 9\r?$/im);
    expect(head).toMatch(/^Content-Type: application\/x-rpm\r?$/im);
    expect(await world.curl('rpm/Packages/o/other.rpm', '-r', '2-4')).toBe('her');
    expect(await world.curl('rpm/Packages/o/other.rpm', '-r', '2-4', '-H', 'If-Range: "old"')).toBe(
      'other rpm',
    );
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    expect(await world.curl('rpm/Packages/o/other.rpm', ...status, '-H', `If-None-Match: ${etag}`)).toBe(
      '304',
    );
    expect(await world.curl('rpm/Packages/o/other.rpm', ...status, '-r', '99-')).toBe('416');
    expect(await world.curl('rpm/none.rpm', ...status)).toBe('404');
    expect(await world.curl('rpm/..%2f..%2fetc/passwd', ...status)).toBe('400');
    expect(await world.curl('none/x', ...status)).toBe('404');
  });

  test('fifty clients that ask at one time for one new file get it with one fetch', async () => {
    world.put('rpm/new.rpm', randomBytes(5 * 2 ** 20));
    const script = `for n in $(seq 50); do curl -sSf ${MIRRORS}/rpm/new.rpm | sha256sum & done; wait`;
    const { stdout } = await world.machine.run('sh', ['-c', script]);
    const wanted = sha256(world.read('rpm/new.rpm'));
    expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 50 }, () => `${wanted}  -`));
    expect(world.askedFor('rpm/new.rpm')).toBe(1);
  });

  test('killed in the middle of a fetch, it goes on where that ended', async () => {
    const client = world.machine.start('curl', ['-sS', '-o', '/dev/null', `${MIRRORS}/slow/large.deb`]);
    await expect.poll(() => world.askedFor('slow/large.deb'), EVENT_WAIT).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await muster.program.stop('SIGKILL');
    await client.finished;
    await muster.up();
    const { stdout } = await world.machine.run('sh', [
      '-c',
      `curl -sSf ${MIRRORS}/slow/large.deb | sha256sum`,
    ]);
    expect(stdout).toContain(sha256(SLOW));
    const ranges = [...world.upstream.stdout.matchAll(/^GET slow\/large\.deb bytes=(\d+)-$/gm)].map(
      ([, first]) => Number(first),
    );
    expect(ranges).toHaveLength(1);
    expect(ranges[0]).toBeGreaterThan(2 ** 20);
  });

  test('without the upstream, apt and the others get what was fetched, and the rest is 504', async () => {
    await world.takeUpstreamAway();
    await apt('three', 'update');
    await apt('three', 'download', 'hello', 'large');
    expect(statSync(join(muster.folder, 'three/got/large_1.0_amd64.deb')).size).toBeGreaterThan(2 ** 20);
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    expect(await world.curl('debian/pool/never_1_amd64.deb', ...status)).toBe('504');
    expect(await world.curl('debian/dists/lab/Release', '-I')).toMatch(/^Warning: 111 - "it /im);
    const { unreachable } = await muster.run<{ unreachable?: object }>('mirror', 'show', 'debian');
    expect(unreachable).toBeDefined();
    expect(
      muster.told('mirror.unreachable').filter(({ data }) => data?.['mirror'] === 'debian'),
    ).toHaveLength(1);
    await world.startUpstream();
    await muster.run('mirror', 'refresh', 'debian');
    await expect.poll(() => muster.told('mirror.reachable').length, EVENT_WAIT).toBe(1);
  });
});

function makeRpm(put: (path: string, bytes: string | Uint8Array) => void): void {
  const rpm = Buffer.from('hello rpm');
  const primary = gzipSync(
    `<?xml version="1.0"?>\n<metadata packages="1"><package type="rpm"><name>hello</name><checksum type="sha256" pkgid="YES">${sha256(rpm)}</checksum><size package="${rpm.length}" installed="1"/><location href="Packages/h/hello-1.rpm"/></package></metadata>\n`,
  );
  put(
    'rpm/repodata/repomd.xml',
    `<?xml version="1.0"?>\n<repomd><data type="primary">\n<checksum type="sha256">${sha256(primary)}</checksum>\n<location href="repodata/primary.xml.gz"/>\n<size>${primary.length}</size>\n</data></repomd>\n`,
  );
  put('rpm/repodata/primary.xml.gz', primary);
  put('rpm/Packages/h/hello-1.rpm', rpm);
  put('rpm/Packages/o/other.rpm', 'other rpm');
}
