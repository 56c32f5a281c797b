import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ipv4Address } from '../../lib/addresses.ts';
import { makeMachineWorld, type MachineWorld, SERVER, WEB01 } from '../../servers/suite/machine-world.ts';

const OWN_NAME = 'pxelinux.cfg/01-52-54-00-00-00-01';
const UBOOT = 'U-Boot.armv8';

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
  await lease(WEB01, UBOOT);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

async function lease(address: Ipv4Address, vendorClass: string): Promise<void> {
  const nowMs = world.clock.nowMs();
  const claimed = await world.stores.leases.claim(
    {
      address,
      subnet: 'lab',
      clientKey: 'uboot',
      mac: world.web01.macs[0],
      vendorClass,
      state: 'held',
      startedAtMs: nowMs,
      expiresAtMs: nowMs + 3_600_000,
    },
    nowMs,
  );
  expect(claimed).toMatchObject({ claimed: true });
}

async function addImage(name: string, initrds: readonly string[]): Promise<void> {
  await world.stores.images.add({ ...world.image, name, architecture: 'arm64', initrds });
  await world.stores.profiles.put({ name, image: name, arguments: '', variables: {} });
}

async function ask(name: string): Promise<string | undefined> {
  const answer = await world.bootFiles.openTftp({ name, clientAddress: WEB01, localAddress: SERVER });
  if (!answer.found) return undefined;
  const text = new TextDecoder().decode(await answer.source.read(0, answer.source.size));
  await answer.source.close();
  return text;
}

describe('U-Boot', () => {
  test('with an install gets kernel, initrd and arguments in keywords it knows', async () => {
    await addImage('debian-arm64', ['install/initrd.gz']);
    await world.arm(world.web01, 'debian-arm64');
    const text = await ask(OWN_NAME);
    const lines = (text ?? '').split('\n').map((line) => line.trim());
    expect(lines).toContain('linux images/debian-arm64/install/linux');
    expect(lines).toContain('initrd images/debian-arm64/install/initrd.gz');
    expect(lines).toContain('default muster');
  });

  test('loads one initrd, and an image of several is refused with the reason', async () => {
    await addImage('two', ['install/initrd.gz', 'install/more.gz']);
    await world.arm(world.web01, 'two');
    expect(await ask(OWN_NAME)).toContain('localboot 0');
    await world.events.settled();
    expect(world.told.filter(({ kind }) => kind === 'boot.decided')).toMatchObject([
      {
        text: 'web01 boots its own disk',
        because: expect.stringMatching(/image two has 2 initrds, and ARM 64-bit U-Boot loads one: arm it/),
      },
    ]);
  });

  test('has a menu of its own, of images for its processor, under whichever name its board has', async () => {
    await addImage('debian-arm64', ['install/initrd.gz']);
    await world.stores.machines.remove(world.web01.id);
    for (const name of ['default-arm-qemu-arm', 'default-arm', 'default']) {
      const text = await ask(`pxelinux.cfg/${name}`);
      expect(text).toContain('\nlabel debian-arm64\n');
      expect(text).not.toContain('\nlabel debian\n');
      expect(text).toMatch(/^prompt 1\n/);
      expect(text).not.toContain('menu.c32');
    }
  });
});
