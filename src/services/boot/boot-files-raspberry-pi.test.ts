import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { type Ipv4Address, parseMac, uuidFromWireBytes } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
} from '../../servers/suite/machine-world.ts';

const MAC = parseMac('e4:5f:01:09:02:f7');
const SERIAL = '91cdf03d';
const UUID = uuidFromWireBytes(Buffer.from('346950521431d000010902f73df0cd91', 'hex'));
const PI: Machine = {
  id: 'm-0000000000a1',
  name: 'pi',
  macs: [MAC],
  labels: {},
  variables: {},
  createdAtMs: 0,
};

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.stores.machines.put(PI);
  await world.stores.images.add({ ...world.image, name: 'debian-arm64', architecture: 'arm64' });
  await world.stores.profiles.put({ name: 'pi', image: 'debian-arm64', arguments: '', variables: {} });
  await world.lease(WEB01, MAC, { uuid: UUID });
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

function write(...paths: readonly string[]): void {
  for (const path of paths) world.write(join(world.tftpRoot, path), path);
}

async function ask(name: string, clientAddress: Ipv4Address = WEB01) {
  const answer = await world.bootFiles.openTftp({ name, clientAddress, localAddress: SERVER });
  if (!answer.found) return { ...answer, text: undefined };
  const text = new TextDecoder().decode(await answer.source.read(0, answer.source.size));
  await answer.source.close();
  return { ...answer, text };
}

const decided = async () => {
  await world.events.settled();
  return world.told.filter(({ kind }) => kind === 'boot.decided');
};

describe('without an install', () => {
  test('its own file comes first, by serial number or MAC address, then the common one', async () => {
    write('start4.elf');
    expect(await ask(`${SERIAL}/start4.elf`)).toMatchObject({
      text: 'start4.elf',
      label: 'start4.elf',
      because: `it was asked for as "${SERIAL}/start4.elf"`,
      who: 'pi',
      holdsFor: 'asker',
    });
    write('e4-5f-01-09-02-f7/start4.elf');
    expect((await ask(`${SERIAL}/start4.elf`)).text).toBe('e4-5f-01-09-02-f7/start4.elf');
    write(`${SERIAL}/start4.elf`);
    expect((await ask(`${SERIAL}/start4.elf`)).text).toBe(`${SERIAL}/start4.elf`);
    expect((await ask('e4-5f-01-09-02-f7/start4.elf')).text).toBe('e4-5f-01-09-02-f7/start4.elf');
  });

  test('its settings are the user’s, and nothing is told', async () => {
    write('config.txt');
    expect((await ask(`${SERIAL}/config.txt`)).text).toBe('config.txt');
    expect(await ask(`${SERIAL}/cmdline.txt`)).toMatchObject({ found: false });
    expect(await decided()).toEqual([]);
  });

  test('what is for installs is not there, so that it goes on to its next boot device', async () => {
    write('raspberry-pi/start4.elf', 'raspberry-pi/config.txt');
    for (const name of [`${SERIAL}/start4.elf`, 'start4.elf', `${SERIAL}/config.txt`])
      expect(await ask(name)).toMatchObject({ found: false });
  });
});

describe('with an install', () => {
  test('its settings are made, and the files of its firmware are those for installs', async () => {
    world.write(join(world.tftpRoot, 'raspberry-pi/config.txt'), 'dtoverlay=disable-bt\n');
    write('raspberry-pi/start4.elf');
    const { token } = await world.arm(PI, 'pi');
    expect((await ask(`${SERIAL}/start4.elf`)).text).toBe('raspberry-pi/start4.elf');
    const config = await ask(`${SERIAL}/config.txt`);
    expect(config.text).toMatch(/^dtoverlay=disable-bt\n# Muster: .*\n\[all\]\narm_64bit=1\n/);
    expect(config.text).toContain('\nkernel=images/debian-arm64/install/linux\n');
    expect(config).toMatchObject({ label: `${SERIAL}/config.txt (installer)`, holdsFor: 'asker' });
    const { text } = await ask(`${SERIAL}/cmdline.txt`);
    expect(text).toContain(`url=http://192.168.122.1:8080/installs/${token}/preseed.cfg`);
    expect(text).toMatch(/ BOOTIF=01-e4-5f-01-09-02-f7\n$/);
    expect((await ask(`${SERIAL}/images/debian-arm64/install/linux`)).text).toBe('kernel');
  });

  test('the install is offered once in a boot, with its reason', async () => {
    const { id } = await world.arm(PI, 'pi');
    for (const name of ['config.txt', 'config.txt', 'cmdline.txt']) await ask(`${SERIAL}/${name}`);
    const [told, ...more] = await decided();
    expect(told).toMatchObject({
      text: 'pi boots the installer of profile pi',
      because: `install ${id} of profile pi is requested`,
      data: { boot: 'installer', asked: `${SERIAL}/config.txt` },
    });
    expect(more).toEqual([]);
    expect((await world.stores.installs.byId(id))?.state).toBe('booting');
  });

  test('who has no lease gets none of it', async () => {
    await world.arm(PI, 'pi');
    expect(await ask(`${SERIAL}/config.txt`, STRANGER)).toMatchObject({ found: false });
    expect(await ask('cmdline.txt', STRANGER)).toMatchObject({ found: false });
  });

  test('an image for another processor is refused, once, with what to do', async () => {
    await world.arm(PI, 'server');
    await ask(`${SERIAL}/config.txt`);
    expect(await ask(`${SERIAL}/config.txt`)).toMatchObject({
      found: false,
      because: expect.stringMatching(/for x86_64, which Raspberry Pi does not start: arm it with a profile/),
    });
    expect((await decided()).map(({ text }) => text)).toEqual(['pi gets no installer']);
  });

  test('a config.txt that is none is refused', async () => {
    world.write(join(world.tftpRoot, 'raspberry-pi/config.txt'), new Uint8Array(70_000));
    await world.arm(PI, 'pi');
    expect(await ask(`${SERIAL}/config.txt`)).toMatchObject({
      found: false,
      because: expect.stringMatching(/has 70000 bytes, and a config.txt has 65536 at most/),
    });
  });
});

test('another machine is given nothing of a Raspberry Pi', async () => {
  write('raspberry-pi/start4.elf');
  const other = parseMac('52:54:00:00:00:01');
  await world.lease(STRANGER, other);
  await world.arm();
  expect(await ask('config.txt', STRANGER)).toMatchObject({ found: false });
  expect(await ask('start4.elf', STRANGER)).toMatchObject({ found: false });
});
