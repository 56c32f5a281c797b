import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ipv4Address } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import type { BootFiles } from './boot-files.ts';
import { OverlayFiles } from '../images/overlay-files.ts';

let world: MachineWorld;
let bootFiles: BootFiles;

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(WEB01, world.web01.macs[0]!);
  const folder = join(world.imageFolder, '../overlays');
  world.write(join(folder, 'server/initrd/etc/hello.j2'), 'I am {{ machine.name }}, {{ urls.report }}');
  bootFiles = world.bootFilesWith({ overlays: new OverlayFiles({ folder }) });
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

async function get(
  door: 'openTftp' | 'openBoot',
  name: string,
  clientAddress: Ipv4Address = WEB01,
): Promise<{ readonly text: string; readonly label: string } | undefined> {
  const answer = await bootFiles[door]({ name, clientAddress, localAddress: SERVER });
  if (!answer.found) return undefined;
  const bytes = await answer.source.read(0, answer.source.size);
  await answer.source.close();
  return { text: Buffer.from(bytes).toString('latin1'), label: answer.label };
}

const OWN = 'pxelinux.cfg/01-52-54-00-00-00-01';

describe('the initrd of a profile with an overlay', () => {
  test('is named in the script, and comes with its files rendered, over TFTP as over HTTP', async () => {
    const install = await world.arm();
    const name = `boot/overlay/${install.id}/initrd.gz`;
    expect((await get('openTftp', OWN))?.text).toContain(`  initrd ${name}\n`);
    for (const [door, asked] of [
      ['openTftp', name],
      ['openBoot', name.slice('boot/'.length)],
    ] as const) {
      const got = await get(door, asked);
      expect(got?.text.startsWith(`initrd${'\0'.repeat(2)}070701`)).toBe(true);
      expect(got?.text).toContain(`I am web01, http://192.168.122.1:8080/installs/${install.token}`);
      expect(got?.label).toBe('initrd.gz with the overlay of profile server');
    }
  });

  test('is for the machine of the install alone, and only until its installer has begun', async () => {
    const install = await world.arm();
    await get('openTftp', OWN);
    const name = `boot/overlay/${install.id}/initrd.gz`;
    expect(await get('openTftp', name, WEB02)).toBeUndefined();
    expect(await get('openTftp', name)).toBeDefined();
    await world.installs.happened(install.id, 'answerServed');
    await world.installs.happened(install.id, 'started');
    expect(await get('openTftp', name)).toBeUndefined();
    expect(await get('openBoot', 'overlay/i-ffffffffffff/initrd.gz')).toBeUndefined();
  });

  test('is not started where iPXE is to check a signature that nobody can make', async () => {
    await world.arm();
    const folder = join(world.imageFolder, '../overlays');
    bootFiles = world.bootFilesWith({ overlays: new OverlayFiles({ folder }), ipxeSignatures: 'required' });
    expect((await get('openBoot', 'boot.ipxe'))?.text).toContain('booting the local disk');
  });
});
