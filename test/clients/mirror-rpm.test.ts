import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_WAIT } from './muster-in-namespace.ts';
import { describeWithPrograms, MirrorWorld, sha256, UPSTREAM } from './suite/mirror-world.ts';
import { keptRpm, RPM_CLIENTS } from './suite/package-clients.ts';
import {
  buildRpm,
  makeRepodata,
  packWithZstd,
  RPM_PROGRAMS,
  rpmPath,
  signRepodata,
} from './suite/rpm-repository.ts';

/** What is fetched only when the upstream has a wrong one. */
const PACKAGES = ['hello', 'wrong-for-dnf', 'wrong-for-zypper', 'late'] as const;

/** A client has asked for a package long before. */
const WRONG_MS = 6000;

describeWithPrograms(RPM_PROGRAMS, 'dnf and zypper through mirrors of RPM repositories', () => {
  let world: MirrorWorld;

  beforeAll(async () => {
    world = await MirrorWorld.make();
    for (const mirror of ['fedora', 'suse']) {
      const folder = world.folder(`repository/${mirror}`);
      for (const name of PACKAGES) buildRpm(world.folder('work'), folder, name);
      makeRepodata(folder);
    }
    packWithZstd(join(world.repository, 'fedora'));
    signRepodata(world.folder('work'), join(world.repository, 'suse'));
    world.put('suse/media.1/media', 'openSUSE - lab - x86_64-Media\nopenSUSE-lab-x86_64\n1\n');
    await world.startUpstream();
    await world.muster.up();
    for (const mirror of ['fedora', 'suse'])
      await world.muster.run('mirror', 'add', mirror, `http://${UPSTREAM}/${mirror}`, '--kind', 'rpm');
  });
  afterAll(() => world.close());

  const HEADS = ['repomd.xml', 'repomd.xml.asc', 'repomd.xml.key'];
  /** With what is kept then that no list vouches for: heads, whose signatures clients check, and SUSE's list of discs. */
  const CASES = [
    ['dnf', 'fedora', ['repomd.xml']],
    ['dnf', 'suse', ['repomd.xml']],
    ['zypper', 'suse', [...HEADS, 'media.1/media']],
    ['zypper', 'fedora', ['repomd.xml']],
  ] as const;

  async function expectInstalled(client: 'dnf' | 'zypper', mirror: string, root: string): Promise<void> {
    const finished = await RPM_CLIENTS[client](world, root, mirror, 'hello');
    expect(finished, `${finished.stdout}\n${finished.stderr}`).toMatchObject({ code: 0 });
    const rpm = world.read(`${mirror}/${rpmPath('hello')}`);
    expect(sha256(keptRpm(world, root, 'hello-1.0-1.noarch.rpm'))).toBe(sha256(rpm));
    // It has what rpm unpacked of it, whose digest rpm checked.
    expect(readFileSync(join(world.folder(root), 'opt/hello'))).toHaveLength(50_000);
  }

  for (const [client, mirror, unverified] of CASES)
    test(`${client} installs a package of ${mirror}; unverified are ${unverified.join(', ')} alone`, async () => {
      await expectInstalled(client, mirror, `${client}-${mirror}`);
      expect(await world.muster.run('mirror', 'show', mirror)).toMatchObject({
        unverifiedFiles: unverified.length,
        mismatches: 0,
        unreadable: [],
      });
    });

  test('the upstream was asked for each package once, however many clients installed it', () => {
    for (const mirror of ['fedora', 'suse']) expect(world.askedFor(`${mirror}/noarch/hello`)).toBe(1);
  });

  for (const [client, mirror] of [
    ['dnf', 'fedora'],
    ['zypper', 'suse'],
  ] as const)
    test(`a package that was changed on the way is not served, and ${client} installs nothing of it`, async () => {
      const name = `wrong-for-${client}` as const;
      const path = `${mirror}/${rpmPath(name)}`;
      const right = world.read(path);
      const wrong = Buffer.from(right);
      wrong.writeUInt8(wrong.readUInt8(wrong.length - 100) ^ 1, wrong.length - 100);
      world.put(path, wrong);
      // zypper asks again after half a minute, and again: it is ended before.
      const finished = await RPM_CLIENTS[client](world, `${client}-wrong`, mirror, name, WRONG_MS);
      expect(finished.code, finished.stdout).not.toBe(0);
      expect(finished.stdout + finished.stderr).toMatch(/Status code: 502|temporarily unaccessible/);
      expect(existsSync(join(world.folder(`${client}-wrong`), `opt/${name}`))).toBe(false);
      expect(await world.status(path)).toBe('502');
      expect(await world.curl(path)).toMatch(
        /the upstream gives another file than its index says: its sha256 is [0-9a-f]{16}…, and the index says/,
      );
      // Events reach whoever follows them a moment after the answers.
      const told = () =>
        world.muster.told('mirror.mismatch').filter(({ data }) => data?.['mirror'] === mirror);
      await expect.poll(() => told().length, EVENT_WAIT).toBe(2);
      world.put(path, right);
      await world.muster.run('mirror', 'refresh', mirror);
      expect(await world.status(path)).toBe('200');
    });

  for (const [client, mirror] of CASES)
    test(`without the upstream, another ${client} with nothing in its cache installs from ${mirror} all the same`, async () => {
      if (client === 'dnf' && mirror === 'fedora') await world.takeUpstreamAway();
      await expectInstalled(client, mirror, `${client}-${mirror}-later`);
      expect(await world.status(`${mirror}/${rpmPath('late')}`)).toBe('504');
    });
});
