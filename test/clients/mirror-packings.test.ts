import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEBIAN_PROGRAMS, type DebianPacking, makeDebian } from './suite/debian-repository.ts';
import { describeWithPrograms, MirrorWorld, sha256, UPSTREAM } from './suite/mirror-world.ts';
import { apt, keptRpm, RPM_CLIENTS } from './suite/package-clients.ts';
import { buildRpm, makeRepodata, packWithZstd, RPM_PROGRAMS, rpmPath } from './suite/rpm-repository.ts';

const LISTS = 'dists/lab/main/binary-amd64';

/** Which packings a repository has, how many lists Muster asks for by itself, and what its packages are then. */
const DEBIAN: readonly (readonly [
  what: string,
  packings: readonly DebianPacking[],
  ownRequests: number,
  state: 'verified' | 'unverified',
])[] = [
  ['xz alone, as many third parties have it', ['.xz'], 0, 'verified'],
  ['zstd alone', ['.zst'], 0, 'verified'],
  ['bzip2, and gzip beside it', ['.bz2', '.gz'], 1, 'verified'],
  // It asks for the one that is not packed, which is listed everywhere and there nearly nowhere.
  ['bzip2 alone, which is not read', ['.bz2'], 1, 'unverified'],
];

/** How each makes the lists of its repository. */
const RPM = [
  ['xz', (folder: string) => makeRepodata(folder, '--general-compress-type=xz')],
  [
    'zstd',
    (folder: string) => {
      makeRepodata(folder);
      packWithZstd(folder);
    },
  ],
  ['gzip, with zchunk beside it', (folder: string) => makeRepodata(folder, '--zck')],
] as const;

describeWithPrograms(
  [...DEBIAN_PROGRAMS, ...RPM_PROGRAMS, '/usr/bin/bzip2'],
  'mirrors of repositories whose lists are packed in one way or another',
  () => {
    let world: MirrorWorld;

    beforeAll(async () => {
      world = await MirrorWorld.make();
      for (const [at, [, packings]] of DEBIAN.entries())
        makeDebian(world.folder(`packages-${at}`), world.put, `debian-${at}`, packings);
      for (const [at, [, make]] of RPM.entries()) {
        buildRpm(world.folder('work'), world.folder(`repository/rpm-${at}`), 'hello');
        make(join(world.repository, `rpm-${at}`));
      }
      await world.startUpstream();
      await world.muster.up();
      for (const name of [...DEBIAN.keys()].map((at) => `debian-${at}`))
        await world.muster.run('mirror', 'add', name, `http://${UPSTREAM}/${name}`, '--kind', 'debian');
      for (const name of [...RPM.keys()].map((at) => `rpm-${at}`))
        await world.muster.run('mirror', 'add', name, `http://${UPSTREAM}/${name}`, '--kind', 'rpm');
    });
    afterAll(() => world.close());

    /** Paths that the upstream was asked for, by a machine's wish or by Muster's own. */
    const askedFor = (folder: string): readonly string[] =>
      [...world.upstream.stdout.matchAll(/^GET (\S+)/gm)].flatMap(([, path = '']) =>
        path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : [],
      );

    for (const [at, [packings, , ownRequests, state]] of DEBIAN.entries())
      test(`apt, from a repository with ${packings}: what it takes is ${state}`, async () => {
        const mirror = `debian-${at}`;
        for (const words of [['update'], ['download', 'hello', 'large']]) {
          const finished = await apt(world, `apt-${at}`, mirror, ...words);
          expect(finished, finished.stderr).toMatchObject({ code: 0 });
        }
        for (const name of ['hello', 'large']) {
          const got = readFileSync(join(world.folder(`apt-${at}/got`), `${name}_1.0_amd64.deb`));
          expect(sha256(got)).toBe(sha256(world.read(`${mirror}/pool/${name}_1.0_amd64.deb`)));
        }
        const lists = askedFor(mirror).filter((path) => path.startsWith(LISTS));
        expect(lists.filter((path) => /by-hash/.test(path))).toHaveLength(1 + ownRequests);
        expect(await world.muster.run('mirror', 'show', mirror)).toMatchObject({
          unverified: state === 'verified' ? 0 : 2,
          mismatches: 0,
          unreadable:
            state === 'verified'
              ? []
              : [{ file: `${LISTS}/Packages.bz2`, because: 'it is packed in a way that is not read here' }],
        });
      });

    test('a package that was changed on the way is not served, and apt says so', async () => {
      const path = 'pool/hello_1.0_amd64.deb';
      await world.muster.run('mirror', 'add', 'changed', `http://${UPSTREAM}/debian-0`, '--kind', 'debian');
      expect((await apt(world, 'apt-changed', 'changed', 'update')).code).toBe(0);
      const wrong = world.read(`debian-0/${path}`);
      wrong.writeUInt8(wrong.readUInt8(100) ^ 1, 100);
      world.put(`debian-0/${path}`, wrong);
      const { code, stderr } = await apt(world, 'apt-changed', 'changed', 'download', 'hello');
      expect(code, stderr).toBe(100);
      expect(stderr).toMatch(/hello_1\.0_amd64\.deb\s+502\s/);
      expect(await world.curl(`changed/${path}`)).toMatch(/another file than its index says: its sha256 is/);
    });

    for (const [at, [packing]] of RPM.entries())
      test(`dnf, from a repository with ${packing}: what it takes is verified`, async () => {
        const mirror = `rpm-${at}`;
        const finished = await RPM_CLIENTS.dnf(world, `dnf-${at}`, mirror, 'hello');
        expect(finished, `${finished.stdout}\n${finished.stderr}`).toMatchObject({ code: 0 });
        const rpm = world.read(`${mirror}/${rpmPath('hello')}`);
        expect(sha256(keptRpm(world, `dnf-${at}`, 'hello-1.0-1.noarch.rpm'))).toBe(sha256(rpm));
        expect(await world.muster.run('mirror', 'show', mirror)).toMatchObject({
          unverified: 0,
          mismatches: 0,
          unreadable: [],
        });
      });

    test('a machine that takes the zchunk form alone has its packages verified too, by the form beside it', async () => {
      const mirror = `rpm-${RPM.length - 1}`;
      await world.muster.run('mirror', 'add', 'zchunk', `http://${UPSTREAM}/${mirror}`, '--kind', 'rpm');
      const repomd = await world.curl('zchunk/repodata/repomd.xml', '-f');
      const [zchunk = ''] = /repodata\/[0-9a-f]+-primary\.xml\.zck/.exec(repomd) ?? [];
      await world.curl(`zchunk/${zchunk}`, '-f', '-o', '/dev/null');
      await world.curl(`zchunk/${rpmPath('hello')}`, '-f', '-o', '/dev/null');
      expect(await world.muster.run('mirror', 'show', 'zchunk')).toMatchObject({
        unverified: 0,
        unreadable: [],
      });
    });
  },
);
