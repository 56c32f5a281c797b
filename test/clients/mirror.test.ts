import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

const MIRROR = `http://${SERVER_ADDRESS}:8080/mirrors`;
const UPSTREAM = '192.168.122.50';
/** Large enough that it is under way when Muster is killed: at 64 KiB each 20 ms it takes some 5 s. */
const SLOW = randomBytes(16 * 2 ** 20);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const NEEDED = ['/usr/bin/apt-get', '/usr/bin/dpkg-deb', '/usr/bin/dpkg-scanpackages', '/usr/bin/xz'].filter(
  (path) => spawnSync('test', ['-x', path]).status !== 0,
);
const describeWithApt =
  NEEDED.length === 0
    ? describeInNamespace
    : (title: string, suite: () => void): void =>
        describeInNamespace(`${title} (skipped: ${NEEDED.join(', ')} missing)`, () =>
          test.skip(title, suite),
        );

describeWithApt('muster up and package mirrors of a plain upstream', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;
  let elsewhere: NetworkNamespace;
  let upstream: RunningProgram;
  let repository = '';

  const put = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), bytes);
  };
  const startUpstream = async (): Promise<void> => {
    upstream = elsewhere.startScript('test/clients/mirror-upstream-child.ts', [repository, UPSTREAM, '80']);
    await upstream.waitFor(/listening/);
  };
  const askedFor = (path: string): number =>
    upstream.stdout.split('\n').filter((line) => line.startsWith(`GET ${path}`)).length;
  const curl = async (path: string, ...words: readonly string[]): Promise<string> =>
    (await machine.run('curl', ['-sS', ...words, `${MIRROR}/${path}`])).stdout;

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn('52:54:00:00:00:91');
    elsewhere = await segment.plugIn('52:54:00:00:00:50');
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    await elsewhere.ip(`address add ${UPSTREAM}/24 dev eth0`);
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_MIRRORS_CHECK_SECONDS: '1' } });
    repository = join(muster.folder, 'repository');
    makeDebian(join(muster.folder, 'packages'), put);
    makeRpm(put);
    put('slow/large.deb', SLOW);
    await startUpstream();
    await muster.up();
    for (const [name, folder] of [
      ['debian', 'debian/'],
      ['rpm', 'rpm'],
      ['slow', 'slow'],
    ] as const)
      await muster.run('mirror', 'add', name, `http://${UPSTREAM}/${folder}`);
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  /** apt with a root of its own, so that nothing of this computer is read or changed. */
  async function apt(root: string, ...words: readonly string[]): Promise<string> {
    const home = join(muster.folder, root);
    for (const folder of [
      'lists/partial',
      'cache/archives/partial',
      'etc/preferences.d',
      'etc/apt.conf.d',
      'got',
    ])
      mkdirSync(join(home, folder), { recursive: true });
    for (const name of ['status', 'apt.conf']) writeFileSync(join(home, name), '');
    writeFileSync(join(home, 'etc/sources.list'), `deb [trusted=yes] ${MIRROR}/debian lab main\n`);
    const options = {
      'Dir::State': home,
      'Dir::State::lists': join(home, 'lists'),
      'Dir::State::status': join(home, 'status'),
      'Dir::Cache': join(home, 'cache'),
      'Dir::Etc': join(home, 'etc'),
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
    };
    const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const env = { APT_CONFIG: join(home, 'apt.conf'), LC_ALL: 'C' };
    const { stdout } = await machine.run('apt-get', [...settings, ...words], { cwd: join(home, 'got'), env });
    return stdout;
  }

  test('apt takes its indexes and packages through it, and all of them are verified', async () => {
    await apt('one', 'update');
    await apt('one', 'download', 'hello', 'large');
    for (const name of ['hello', 'large']) {
      const got = readFileSync(join(muster.folder, `one/got/${name}_1.0_amd64.deb`));
      expect(sha256(got)).toBe(sha256(readFileSync(join(repository, `debian/pool/${name}_1.0_amd64.deb`))));
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
    expect(askedFor('debian/pool/hello')).toBe(1);
    expect(askedFor('debian/pool/large')).toBe(1);
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
      await curl(`rpm/${path}`, '-f', '-o', '/dev/null');
    expect(await muster.run('mirror', 'show', 'rpm')).toMatchObject({ unverified: 0, files: 3 });
    await curl('rpm/Packages/o/other.rpm', '-f', '-o', '/dev/null');
    expect(await muster.run('mirror', 'show', 'rpm')).toMatchObject({ unverified: 1 });
  });

  test('ranges, conditions and HEAD are as RFC 9110 wants them', async () => {
    const head = await curl('rpm/Packages/o/other.rpm', '-I');
    const [, etag = ''] = /^ETag: (.+?)\r?$/im.exec(head) ?? [];
    expect(head).toMatch(/^Content-Length: 9\r?$/im);
    expect(head).toMatch(/^Content-Type: application\/x-rpm\r?$/im);
    expect(await curl('rpm/Packages/o/other.rpm', '-r', '2-4')).toBe('her');
    expect(await curl('rpm/Packages/o/other.rpm', '-r', '2-4', '-H', 'If-Range: "old"')).toBe('other rpm');
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    expect(await curl('rpm/Packages/o/other.rpm', ...status, '-H', `If-None-Match: ${etag}`)).toBe('304');
    expect(await curl('rpm/Packages/o/other.rpm', ...status, '-r', '99-')).toBe('416');
    expect(await curl('rpm/none.rpm', ...status)).toBe('404');
    expect(await curl('rpm/..%2f..%2fetc/passwd', ...status)).toBe('400');
    expect(await curl('none/x', ...status)).toBe('404');
  });

  test('fifty clients that ask at one time for one new file get it with one fetch', async () => {
    put('rpm/new.rpm', randomBytes(5 * 2 ** 20));
    const script = `for n in $(seq 50); do curl -sSf ${MIRROR}/rpm/new.rpm | sha256sum & done; wait`;
    const { stdout } = await machine.run('sh', ['-c', script]);
    const wanted = sha256(readFileSync(join(repository, 'rpm/new.rpm')));
    expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 50 }, () => `${wanted}  -`));
    expect(askedFor('rpm/new.rpm')).toBe(1);
  });

  test('killed in the middle of a fetch, it goes on where that ended', async () => {
    const client = machine.start('curl', ['-sS', '-o', '/dev/null', `${MIRROR}/slow/large.deb`]);
    await expect.poll(() => askedFor('slow/large.deb'), EVENT_WAIT).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await muster.program.stop('SIGKILL');
    await client.finished;
    await muster.up();
    const { stdout } = await machine.run('sh', ['-c', `curl -sSf ${MIRROR}/slow/large.deb | sha256sum`]);
    expect(stdout).toContain(sha256(SLOW));
    const ranges = [...upstream.stdout.matchAll(/^GET slow\/large\.deb bytes=(\d+)-$/gm)].map(([, first]) =>
      Number(first),
    );
    expect(ranges).toHaveLength(1);
    expect(ranges[0]).toBeGreaterThan(2 ** 20);
  });

  test('without the upstream, apt and the others get what was fetched, and the rest is 504', async () => {
    await upstream.stop('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await apt('three', 'update');
    await apt('three', 'download', 'hello', 'large');
    expect(statSync(join(muster.folder, 'three/got/large_1.0_amd64.deb')).size).toBeGreaterThan(2 ** 20);
    const status = ['-o', '/dev/null', '-w', '%{http_code}'];
    expect(await curl('debian/pool/never_1_amd64.deb', ...status)).toBe('504');
    expect(await curl('debian/dists/lab/Release', '-I')).toMatch(/^Warning: 111 - "it /im);
    const { unreachable } = await muster.run<{ unreachable?: object }>('mirror', 'show', 'debian');
    expect(unreachable).toBeDefined();
    expect(
      muster.told('mirror.unreachable').filter(({ data }) => data?.['mirror'] === 'debian'),
    ).toHaveLength(1);
    await startUpstream();
    await muster.run('mirror', 'refresh', 'debian');
    await expect.poll(() => muster.told('mirror.reachable').length, EVENT_WAIT).toBe(1);
  });
});

/** Real packages, and the indexes that apt wants. */
function makeDebian(work: string, put: (path: string, bytes: string | Uint8Array) => void): void {
  const pool = join(work, 'pool');
  mkdirSync(pool, { recursive: true });
  for (const [name, bytes] of [
    ['hello', 10],
    ['large', 3 * 2 ** 20],
  ] as const) {
    const tree = join(work, name);
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      `Package: ${name}\nVersion: 1.0\nArchitecture: amd64\nMaintainer: Lab <lab@example.com>\nDescription: ${name}\n`,
    );
    writeFileSync(join(tree, 'content'), randomBytes(bytes));
    const deb = join(pool, `${name}_1.0_amd64.deb`);
    must('dpkg-deb', ['-b', '--root-owner-group', tree, deb], work);
    put(`debian/pool/${name}_1.0_amd64.deb`, readFileSync(deb));
  }
  const list = must('dpkg-scanpackages', ['--multiversion', 'pool'], work);
  writeFileSync(join(work, 'Packages'), list);
  must('xz', ['-k', join(work, 'Packages')], work);
  const indexes = { 'Packages.gz': gzipSync(list), 'Packages.xz': readFileSync(join(work, 'Packages.xz')) };
  const rows: string[] = [];
  for (const [name, bytes] of [['Packages', list], ...Object.entries(indexes)] as const) {
    const path = `main/binary-amd64/${name}`;
    rows.push(` ${sha256(bytes)} ${bytes.length} ${path}`);
    // As real archives do: the plain one is listed, and is not there.
    if (name !== 'Packages') {
      put(`debian/dists/lab/${path}`, bytes);
      put(`debian/dists/lab/main/binary-amd64/by-hash/SHA256/${sha256(bytes)}`, bytes);
    }
  }
  const fields = ['Origin: Lab', 'Suite: lab', 'Codename: lab', 'Architectures: amd64', 'Components: main'];
  const date = `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`;
  put(
    'debian/dists/lab/Release',
    [...fields, date, 'Acquire-By-Hash: yes', 'SHA256:', ...rows, ''].join('\n'),
  );
}

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

function must(program: string, words: readonly string[], cwd: string): Buffer {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd });
  if (status !== 0) throw new Error(`${program} failed: ${String(stderr)}`);
  return stdout;
}
