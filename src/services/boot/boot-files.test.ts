import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_READS_OF_PXELINUX } from '../../core/scripts/script-language.ts';
import { wave } from '../../core/waves/suite/wave-samples.ts';
import { type Ipv4Address, parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(WEB01, world.web01.macs[0]!);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

/** What the client gets: the text, or undefined for nothing. */
async function ask(name: string, clientAddress: Ipv4Address): Promise<string | undefined> {
  const answer = await world.bootFiles.openTftp({ name, clientAddress, localAddress: SERVER });
  if (!answer.found) return undefined;
  const bytes = await answer.source.read(0, answer.source.size);
  await answer.source.close();
  return new TextDecoder().decode(bytes);
}

/** Asks as pxelinux does, until something is found. */
async function hunt(address: Ipv4Address, mac: string): Promise<{ name: string; text: string } | undefined> {
  const digits = address
    .split('.')
    .map((octet) => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');
  const uuid = '78563412-bc9a-f0de-1122-334455667788';
  const names = [uuid, `01-${mac.replaceAll(':', '-')}`];
  for (let length = 8; length > 0; length -= 1) names.push(digits.slice(0, length));
  for (const name of [...names, 'default']) {
    const text = await ask(`pxelinux.cfg/${name}`, address);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

const decided = async (): Promise<readonly string[]> => {
  await world.events.settled();
  return world.told.filter(({ kind }) => kind === 'boot.decided').map(({ text }) => text);
};
const config = (name: string): string => join(world.tftpRoot, 'pxelinux.cfg', name);
const ownMac = '52:54:00:00:00:01';
const ownName = '01-52-54-00-00-00-01';

describe('an armed machine', () => {
  test('gets its installer at the first of its names, with URLs of the address it asked', async () => {
    const install = await world.arm();
    const found = await hunt(WEB01, ownMac);
    expect(found?.name).toBe('78563412-bc9a-f0de-1122-334455667788');
    expect(found?.text).toContain(
      '  linux images/debian/install/linux\n  initrd images/debian/install/initrd.gz\n',
    );
    expect(found?.text).toContain(`url=http://192.168.122.1:8080/installs/${install.token}/preseed.cfg`);
    expect(found?.text).toMatch(/append .* quiet$/m);
    expect((await world.stores.installs.byId(install.id))?.state).toBe('booting');
    expect(await decided()).toEqual(['web01 boots the installer of profile server']);
  });

  test('gets it by its MAC address where the UUID is not known, hand-made file or not', async () => {
    await world.stores.machines.put({ ...world.web01, uuid: undefined } as never);
    world.write(config(ownName), 'by hand');
    await world.arm();
    const found = await hunt(WEB01, ownMac);
    expect(found?.name).toBe(ownName);
    expect(found?.text).toContain('label muster');
  });

  test('has its offer written down once in a boot, and again in the next', async () => {
    const install = await world.arm();
    await hunt(WEB01, ownMac);
    await hunt(WEB01, ownMac);
    const offers = () => world.told.filter(({ kind }) => kind === 'install.bootOffered').length;
    expect(offers()).toBe(1);
    expect(await decided()).toHaveLength(1);
    await ask('pxelinux.0', WEB01);
    await hunt(WEB01, ownMac);
    expect(offers()).toBe(2);
    expect(await decided()).toHaveLength(2);
    expect((await world.stores.installs.byId(install.id))?.state).toBe('booting');
  });

  test('keeps its token from every other address', async () => {
    const install = await world.arm();
    await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
    for (const name of [ownName, '78563412-bc9a-f0de-1122-334455667788', 'C0A87A64', 'default', 'C0A87']) {
      expect((await ask(`pxelinux.cfg/${name}`, WEB02)) ?? '').not.toContain(install.token);
      expect((await ask(`pxelinux.cfg/${name}`, STRANGER)) ?? '').not.toContain(install.token);
    }
    expect((await world.stores.installs.byId(install.id))?.state).toBe('requested');
  });

  test('loses it with its lease', async () => {
    await world.arm();
    world.pass(3_600_001);
    expect(await ask(`pxelinux.cfg/${ownName}`, WEB01)).toBeUndefined();
  });

  test('boots its own disk, with the reason, when its installer cannot be said', async () => {
    await world.stores.profiles.put({
      name: 'long',
      image: 'debian',
      arguments: 'x'.repeat(2000),
      variables: {},
    });
    await world.arm(world.web01, 'long');
    const found = await hunt(WEB01, ownMac);
    expect(found?.text).toContain('localboot 0');
    expect(found?.text).toContain('the installer cannot be started: The kernel');
    await world.events.settled();
    const [event] = world.told.filter(({ kind }) => kind === 'boot.decided');
    expect(event?.because).toContain('shorten the profile');
  });

  test('boots its installer with the answers that Muster writes for its kind', async () => {
    await world.stores.images.add({ ...world.image, name: 'leap', family: 'suse', answerKind: 'autoyast' });
    await world.stores.profiles.put({ name: 'leap', image: 'leap', arguments: '', variables: {} });
    await world.arm(world.web01, 'leap');
    expect((await hunt(WEB01, ownMac))?.text).toMatch(
      /install=http:\/\/192.168.122.1:8080\/images\/leap netsetup=dhcp autoyast=http:\/\/192.168.122.1:8080\/installs\/[0-9a-f]{32}\/autoinst.xml hostname=web01 self_update=0\n/,
    );
  });
});

describe('a machine that is known and not armed', () => {
  test('boots its own disk at the first of its names', async () => {
    const found = await hunt(WEB01, ownMac);
    expect(found).toMatchObject({ name: '78563412-bc9a-f0de-1122-334455667788' });
    expect(found?.text).toContain('localboot 0');
    expect(await decided()).toEqual(['web01 boots its own disk']);
  });

  test('gets the file somebody made for it by hand', async () => {
    world.write(config(ownName), 'by hand');
    expect(await hunt(WEB01, ownMac)).toEqual({ name: ownName, text: 'by hand' });
    expect(await decided()).toEqual([`web01 gets the file pxelinux.cfg/${ownName} of the user's tree`]);
  });

  test('gets a file named by its UUID in the other byte order', async () => {
    world.write(config('12345678-9abc-def0-1122-334455667788'), 'by hand');
    expect((await hunt(WEB01, ownMac))?.text).toBe('by hand');
  });
});

describe('a machine that is not known', () => {
  test('gets the menu, with the images whose kernels it can start', async () => {
    await world.stores.images.add({ ...world.image, name: 'arm', architecture: 'aarch64' });
    await world.stores.images.add({
      ...world.image,
      name: 'rocky',
      family: 'rhel',
      title: 'Rocky Linux 9.4',
      release: '9.4',
    });
    const found = await hunt(STRANGER, '52:54:00:00:00:99');
    expect(found?.name).toBe('default');
    expect(found?.text).toContain('ui menu.c32\n');
    expect(found?.text.match(/^label .*/gm)).toEqual(['label local', 'label debian', 'label rocky']);
    expect(found?.text).toContain('append inst.repo=http://192.168.122.1:8080/images/rocky ip=dhcp\n');
    expect(found?.text).not.toContain('/installs/');
    expect(await decided()).toEqual(['The unknown machine 192.168.122.150 gets the menu']);
  });

  test('is offered the images that the policy names', async () => {
    const policy = await world.stores.policy.get();
    await world.stores.policy.put({ ...policy, menu: { ...policy.menu, images: [] } });
    expect((await hunt(STRANGER, '52:54:00:00:00:99'))?.text.match(/^label .*/gm)).toEqual(['label local']);
  });

  test('is told why an image is left out', async () => {
    await world.stores.images.add({ ...world.image, name: 'spaces', kernel: 'my kernel' });
    await hunt(STRANGER, '52:54:00:00:00:99');
    await decided();
    expect(world.told.at(-1)?.data?.['leftOut']).toContain('spaces: Cannot put the file name');
  });

  test('is told which image takes its files in no way that is offered, and gets the others', async () => {
    await world.stores.images.add({
      ...world.image,
      name: 'noble',
      family: 'casper',
      kernel: 'casper/vmlinuz',
    });
    const found = await hunt(STRANGER, '52:54:00:00:00:99');
    expect(found?.text.match(/^label .*/gm)).toEqual(['label local', 'label debian']);
    await decided();
    expect(world.told.at(-1)?.data?.['leftOut']).toMatch(
      /^noble: it takes its tree over NFS, or the whole disc image over HTTP.*this image is a folder/,
    );
  });

  test('types a label where the menu module is missing', async () => {
    rmSync(join(world.systemRoot, 'usr/lib/syslinux/modules/bios/menu.c32'));
    expect((await hunt(STRANGER, '52:54:00:00:00:99'))?.text).toContain('prompt 1\n');
  });

  test("gets the tree's own default, and its own file", async () => {
    world.write(config('default'), 'my menu');
    expect(await hunt(STRANGER, '52:54:00:00:00:99')).toEqual({ name: 'default', text: 'my menu' });
    world.write(config('01-52-54-00-00-00-99'), 'mine');
    expect((await hunt(STRANGER, '52:54:00:00:00:99'))?.text).toBe('mine');
    world.write(config('C0A87A'), 'of the segment');
    expect((await hunt(STRANGER, '52:54:00:00:00:98'))?.text).toBe('of the segment');
  });

  test('gets nothing where unknown machines are ignored', async () => {
    await world.stores.policy.put({ ...(await world.stores.policy.get()), unknownMachines: 'ignore' });
    expect(await hunt(STRANGER, '52:54:00:00:00:99')).toBeUndefined();
    expect(await decided()).toEqual(['The unknown machine 192.168.122.150 gets no configuration']);
  });

  test('gets configurations of a loader that stands in a folder', async () => {
    expect(await ask('boot/pxelinux.cfg/default', STRANGER)).toContain('ui menu.c32');
    expect(await ask('boot/images/debian/install/linux', STRANGER)).toBe('kernel');
  });
});

describe('other files', () => {
  test("the user's tree wins over the system's loaders", async () => {
    expect(await ask('pxelinux.0', STRANGER)).toBe('pxelinux');
    world.write(join(world.tftpRoot, 'pxelinux.0'), 'own build');
    expect(await ask('pxelinux.0', STRANGER)).toBe('own build');
  });

  test('modules come from the build of the loader that is used', async () => {
    expect(await ask('ldlinux.c32', STRANGER)).toBe('ldlinux.c32');
    world.write(join(world.tftpRoot, 'pxelinux.0'), 'pxelinux');
    expect(await ask('ldlinux.c32', STRANGER)).toBe('ldlinux.c32');
    world.write(join(world.tftpRoot, 'pxelinux.0'), 'PXELINUX');
    const answer = await world.bootFiles.openTftp({
      name: 'ldlinux.c32',
      clientAddress: STRANGER,
      localAddress: SERVER,
    });
    expect(answer).toMatchObject({
      found: false,
      expected: false,
      because: expect.stringContaining('same build'),
    });
    expect(await ask('pxelinux.cfg/default', STRANGER)).toContain('prompt 1\n');
    expect(await ask('other/ldlinux.c32', STRANGER)).toBe('ldlinux.c32');
    world.write(join(world.tftpRoot, 'ldlinux.c32'), 'own module');
    expect(await ask('ldlinux.c32', STRANGER)).toBe('own module');
  });

  test('loaders are found by their last name, wherever a loader looks', async () => {
    expect(await ask('/boot/isolinux/ldlinux.c32', STRANGER)).toBe('ldlinux.c32');
    expect(await ask('bios\\pxelinux.0', STRANGER)).toBe('pxelinux');
  });

  test('images are served by name', async () => {
    expect(await ask('/images/debian/install/initrd.gz', STRANGER)).toBe('initrd');
    expect(await ask('images/debian/../../etc/passwd', STRANGER)).toBeUndefined();
    expect(await ask('images/none/install/linux', STRANGER)).toBeUndefined();
    expect(await ask('images/debian/install', STRANGER)).toBeUndefined();
  });

  test('whoever asks is named, with the install under way', async () => {
    const install = await world.arm();
    const answer = await world.bootFiles.openTftp({
      name: 'images/debian/install/linux',
      clientAddress: WEB01,
      localAddress: SERVER,
    });
    expect(answer).toMatchObject({
      found: true,
      label: 'images/debian/install/linux',
      machineId: world.web01.id,
      mac: ownMac,
      installId: install.id,
    });
    if (answer.found) await answer.source.close();
  });

  for (const [name, because, expected] of [
    ['../etc/passwd', /holds "\.\."/, false],
    ['pxelinux.cfg/../../etc/passwd', /holds "\.\."/, false],
    ['nothing.img', /is not there/, false],
    ['lpxelinux.0', /muster loaders install/, false],
    ['revocations.efi', /is not there/, true],
    ['pxelinux.cfg/graphics.conf', /is not there/, true],
    ['', /empty/, false],
  ] as const) {
    test(`"${name}" is refused with a reason`, async () => {
      const answer = await world.bootFiles.openTftp({ name, clientAddress: STRANGER, localAddress: SERVER });
      expect(answer).toMatchObject({ found: false, expected, because: expect.stringMatching(because) });
    });
  }

  test('a folder in the tree is not a file', async () => {
    mkdirSync(join(world.tftpRoot, 'folder'));
    expect(await ask('folder', STRANGER)).toBeUndefined();
  });
});

describe('a machine that waits for its turn in a wave', () => {
  const AGAIN = `pxelinux.cfg/${ownName}`;

  beforeEach(async () => {
    const { wave: line } = wave({ profile: 'server' });
    const event = { kind: 'wave.created', atMs: 1, text: 'Wave line begins' } as const;
    expect(await world.stores.waves.create(line, [world.web01.id], event)).toMatchObject({ created: true });
  });

  test('has its pxelinux started anew after some reads, which are those of one boot', async () => {
    const isAnew = async (): Promise<boolean> => (await ask(AGAIN, WEB01))?.includes('pxelinux.0') ?? false;
    for (let read = 1; read < MAX_READS_OF_PXELINUX; read += 1) expect(await isAnew()).toBe(false);
    expect(await isAnew()).toBe(true);
    for (let read = 1; read < MAX_READS_OF_PXELINUX; read += 1) await isAnew();
    await ask('pxelinux.0', WEB01);
    expect(await isAnew()).toBe(false);
  });
});
