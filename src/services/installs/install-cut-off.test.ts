import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Install } from '../../core/install/install.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import { BootService } from '../boot/boot-service.ts';

/** Machines whose power is cut while they install, as the doors see it. */

let world: MachineWorld;
beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(WEB01, world.web01.macs[0]!);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const OWN = 'pxelinux.cfg/01-52-54-00-00-00-01';

async function ask(name = OWN, clientAddress: Ipv4Address = WEB01): Promise<string> {
  const door = name === 'boot.ipxe' ? 'openBoot' : 'openTftp';
  const answer = await world.bootFiles[door]({ name, clientAddress, localAddress: SERVER });
  if (!answer.found) return '';
  const bytes = await answer.source.read(0, answer.source.size);
  await answer.source.close();
  return new TextDecoder().decode(bytes);
}

/** From the loader's question to an installer that says how far it is. */
async function installTo(percent: number | undefined): Promise<Install> {
  await ask();
  const [install] = await world.installs.list({ limit: 1 });
  const { token } = install!;
  await world.installFiles.openAnswer({
    token,
    file: 'preseed.cfg',
    clientAddress: WEB01,
    localAddress: SERVER,
    purpose: 'fetch',
  });
  if (percent !== undefined)
    await world.installFiles.report(token, 'progress', { step: 'packages', percent }, WEB01);
  return (await world.installs.byId(install!.id))!;
}

const kinds = (): readonly string[] =>
  world.told.map(({ kind }) => kind).filter((kind) => kind.startsWith('install.'));

describe('a machine whose power is cut', () => {
  for (const name of [OWN, 'boot.ipxe']) {
    test(`is given its installer again at once, by a second install, when it asks for ${name}`, async () => {
      await world.arm();
      const first = await installTo(40);
      world.pass(120_000);
      const text = await ask(name);
      const [second] = await world.installs.list({ limit: 1 });
      expect(second).toMatchObject({ state: 'booting', attempt: 2, attempts: 2, retryOf: first.id });
      expect(text).toContain(`/installs/${second!.token}/`);
      expect(text).not.toContain(first.token);
      expect(await world.installs.byId(first.id)).toMatchObject({
        state: 'failed',
        cause: 'bootedAgain',
        because:
          'the machine booted anew while its installer was at 40 % (packages), 2 min after its first boot: its power was cut, or it was reset; try 2 of 2 is armed',
      });
      expect(kinds()).toEqual([
        'install.requested',
        'install.bootOffered',
        'install.answerServed',
        'install.progressed',
        'install.bootedAgain',
        'install.requested',
        'install.bootOffered',
      ]);
    });
  }

  test('is told the same by each name of one boot, and nothing more happens', async () => {
    await world.arm();
    await installTo(40);
    const texts = new Set<string>();
    for (let asked = 0; asked < 3; asked += 1) texts.add(await ask());
    expect([...texts].map((text) => /installs\/[\da-f]+/.exec(text)?.[0])).toHaveLength(2);
    expect(await world.installs.list({ limit: 10 })).toHaveLength(2);
    expect(kinds().filter((kind) => kind === 'install.bootedAgain')).toHaveLength(1);
  });

  test('boots its own disk after the last try, and its install has failed with its cause', async () => {
    await world.arm();
    await installTo(40);
    await installTo(60);
    expect(await ask()).toContain('localboot 0');
    const [second, first] = await world.installs.list({ limit: 10 });
    expect([first, second]).toMatchObject([{ state: 'failed' }, { state: 'failed', cause: 'bootedAgain' }]);
    expect(second?.because).toMatch(/at 60 % \(packages\).*; this was the last of its 2 tries$/);
    expect(await ask()).toContain('localboot 0');
    expect(await world.installs.list({ limit: 10 })).toHaveLength(2);
    await world.events.settled();
    const decided = world.told.findLast(({ kind }) => kind === 'boot.decided');
    expect(decided?.because).toContain(
      'is failed (the machine booted again before its installer had ended), and no other is armed',
    );
  });

  for (const [what, percent, because] of [
    ['its boot loader was written', 95, /its disk probably boots: no other try is armed by itself$/],
    [
      'its installer never reported anything',
      undefined,
      /never reported anything, so it may have reached its end/,
    ],
  ] as const) {
    test(`boots its own disk where ${what}`, async () => {
      await world.arm();
      const { id } = await installTo(percent);
      expect(await ask()).toContain('localboot 0');
      expect(await world.installs.byId(id)).toMatchObject({
        state: 'failed',
        because: expect.stringMatching(because),
      });
      expect(await world.installs.list({ limit: 10 })).toHaveLength(1);
    });
  }

  test('turns out to be installed where the system on its disk says that it runs', async () => {
    await world.arm();
    const { id, token } = await installTo(95);
    await ask();
    expect(await world.installFiles.report(token, 'booted', {}, WEB01)).toEqual(
      expect.objectContaining({ reported: true }),
    );
    const install = await world.installs.byId(id);
    expect(install?.state).toBe('installed');
    expect(install).not.toHaveProperty('because');
    expect(install).not.toHaveProperty('cause');
  });

  test('is not thought of because somebody else asks by its name, or an address that nobody knows', async () => {
    await world.arm();
    const { id } = await installTo(40);
    const other = await world.stores.machines.byName('web02');
    await world.lease(WEB02, other!.macs[0]!);
    for (const address of [WEB02, STRANGER])
      for (const name of [OWN, 'pxelinux.cfg/default', 'boot.ipxe']) await ask(name, address);
    expect((await world.installs.byId(id))?.state).toBe('installing');
  });

  test('is told over DHCP the way to its installer, with its loaders, so that it comes to ask', async () => {
    await world.stores.images.add({
      ...world.image,
      name: 'signed',
      loaders: [{ cpu: 'x64', first: 'EFI/shimx64.efi', next: 'EFI/grubx64.efi' }],
    });
    await world.stores.profiles.put({
      name: 'server',
      image: 'signed',
      arguments: '',
      variables: {},
      loader: 'grub',
    });
    const boot = new BootService(world.stores);
    expect(await boot.planFor(world.web01)).not.toHaveProperty('way');
    await world.arm();
    const way = {
      profileLoader: 'grub',
      imageLoaders: [
        { cpu: 'x64', first: 'images/signed/EFI/shimx64.efi', next: 'images/signed/EFI/grubx64.efi' },
      ],
    };
    expect(await boot.planFor(world.web01)).toMatchObject({ boot: 'installer', ...way });
    const { id } = await installTo(40);
    expect(await boot.planFor(world.web01)).toMatchObject({ boot: 'local disk', way });
    await world.installs.happened(id, 'finished');
    expect(await boot.planFor(world.web01)).not.toHaveProperty('way');
  });
});
