import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../src/core/machines/machine.ts';
import {
  type MacAddress,
  parseIpv4,
  parseMac,
  type Uuid,
  uuidFromWireBytes,
} from '../../src/lib/addresses.ts';
import { serveTftp } from '../../src/protocols/tftp/server.ts';
import type { TftpServer } from '../../src/protocols/tftp/server-options.ts';
import { makeMachineWorld, type MachineWorld } from '../../src/servers/suite/machine-world.ts';
import { TftpCounts } from '../../src/servers/tftp-counts.ts';
import { serveTftpDoor } from '../../src/servers/tftp.ts';

/**
 * The names that Raspberry Pis ask for, in their order, with real TFTP clients. No Raspberry Pi was tried: the names of
 * the 3 and the 4 are from logs of TFTP servers that people published, with what was there and what was not. No whole
 * log of a 5 was found; its names are put together from reports of single files.
 */

const run = promisify(execFile);
const ADDRESS = parseIpv4('127.0.0.11');
/** curl's CURLE_TFTP_NOTFOUND, which it gives for error 1 alone. */
const NOT_FOUND = 68;

/** `probe`: it asks for the size and ends the transfer, as they do before they fetch. */
type Asked = readonly [name: string, how: 'probe' | 'fetch' | 'missing'];

interface Board {
  readonly mac: MacAddress;
  readonly serial: string;
  /** Option 97, without its type. */
  readonly machineId: Uuid;
  /** For curl: the options of its requests. */
  readonly options: readonly string[];
  /** What its first program fetches, before there is a folder. */
  readonly first: readonly Asked[];
  /** Below its folder, or at the top of the tree. */
  readonly below: readonly Asked[];
}

const settings: readonly Asked[] = [
  ['config.txt', 'probe'],
  ['config.txt', 'fetch'],
];

const BOARDS: Readonly<Record<string, Board>> = {
  3: {
    mac: parseMac('b8:27:eb:6c:4c:16'),
    serial: 'b66c4c16',
    machineId: uuidFromWireBytes(Buffer.from('164c6cb6'.repeat(4), 'hex')),
    options: ['--tftp-no-options'],
    first: [
      ['bootcode.bin', 'fetch'],
      ['bootsig.bin', 'missing'],
    ],
    below: [
      ['start.elf', 'probe'],
      ['autoboot.txt', 'missing'],
      ['config.txt', 'fetch'],
      ['recovery.elf', 'missing'],
      ['start.elf', 'fetch'],
      ['fixup.dat', 'fetch'],
      ['recovery.elf', 'missing'],
      ...settings,
      ['dt-blob.bin', 'missing'],
      ['recovery.elf', 'missing'],
      ...settings,
      ['bootcfg.txt', 'missing'],
      ['bcm2710-rpi-3-b-plus.dtb', 'probe'],
      ['bcm2710-rpi-3-b-plus.dtb', 'fetch'],
      ...settings,
      ['cmdline.txt', 'probe'],
      ['cmdline.txt', 'fetch'],
      ['armstub8-32.bin', 'missing'],
    ],
  },
  4: {
    mac: parseMac('e4:5f:01:09:02:f7'),
    serial: '91cdf03d',
    machineId: uuidFromWireBytes(Buffer.from('346950521431d000010902f73df0cd91', 'hex')),
    options: ['--tftp-blksize', '1024'],
    first: [],
    below: [
      ['start4.elf', 'probe'],
      ['config.txt', 'fetch'],
      ['pieeprom.sig', 'missing'],
      ['recover4.elf', 'missing'],
      ['recovery.elf', 'missing'],
      ['start4.elf', 'fetch'],
      ['fixup4.dat', 'fetch'],
      ['recovery.elf', 'missing'],
      ...settings,
      ['dt-blob.bin', 'missing'],
      ['recovery.elf', 'missing'],
      ...settings,
      ['bootcfg.txt', 'missing'],
      ['bcm2711-rpi-4-b.dtb', 'probe'],
      ['bcm2711-rpi-4-b.dtb', 'fetch'],
      ['overlays/overlay_map.dtb', 'probe'],
      ['overlays/overlay_map.dtb', 'fetch'],
      ...settings,
      ['cmdline.txt', 'probe'],
      ['cmdline.txt', 'fetch'],
      ['recovery8.img', 'missing'],
    ],
  },
  5: {
    mac: parseMac('d8:3a:dd:e4:c9:f0'),
    serial: 'da591740',
    machineId: uuidFromWireBytes(Buffer.from('355250697041c100dde4c9f0401759da', 'hex')),
    options: ['--tftp-blksize', '1468'],
    first: [],
    below: [
      ['config.txt', 'probe'],
      ['config.txt', 'fetch'],
      ['pieeprom.sig', 'missing'],
      ['bcm2712-rpi-5-b.dtb', 'fetch'],
      ['overlays/overlay_map.dtb', 'fetch'],
      ['cmdline.txt', 'fetch'],
      ['armstub8-2712.bin', 'missing'],
    ],
  },
};

/** Files of the firmware, whose content is their path. */
const COMMON = [
  'start.elf',
  'fixup.dat',
  'start4.elf',
  'fixup4.dat',
  'bcm2710-rpi-3-b-plus.dtb',
  'bcm2711-rpi-4-b.dtb',
  'bcm2712-rpi-5-b.dtb',
  'overlays/overlay_map.dtb',
];

describe.each(Object.entries(BOARDS))('a Raspberry Pi %s', (_model, board) => {
  const kernel = randomBytes(200_000);
  const pi: Machine = {
    id: 'm-0000000000a1',
    name: 'pi',
    macs: [board.mac],
    labels: {},
    variables: {},
    createdAtMs: 0,
  };
  let world: MachineWorld;
  let server: TftpServer;

  beforeEach(async () => {
    world = await makeMachineWorld();
    world.write(join(world.imageFolder, 'install/linux'), kernel);
    await world.stores.machines.put(pi);
    await world.stores.images.add({ ...world.image, name: 'debian-arm64', architecture: 'arm64' });
    await world.stores.profiles.put({ name: 'pi', image: 'debian-arm64', arguments: '', variables: {} });
    await world.lease(ADDRESS, board.mac, { uuid: board.machineId });
    const listening = { address: parseIpv4('127.0.0.1'), port: 0, counts: new TftpCounts() };
    const report = (what: string, error: unknown): void => {
      if (what === 'failed') throw error;
    };
    server = await serveTftpDoor({ ...world, ...listening, serve: serveTftp, report });
  });
  afterEach(async () => {
    await server.close({ drainMs: 1000 });
    await world.events.settled();
    await world.close();
  });

  function write(folder: string, names: readonly string[]): void {
    for (const name of names) world.write(join(world.tftpRoot, folder, name), `${folder}${name}`);
  }

  async function fetch(name: string): Promise<Buffer> {
    const url = `tftp://127.0.0.1:${server.port}/${name}`;
    const words = ['-sS', '--max-time', '10', '--interface', ADDRESS, ...board.options, url];
    return (await run('curl', words, { encoding: 'buffer', maxBuffer: 8 * 1024 * 1024 })).stdout;
  }

  async function probe(name: string): Promise<void> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => void socket.bind(0, ADDRESS, resolve));
    const answered = new Promise<void>((resolve, reject) => {
      socket.on('message', (packet, from) => {
        if (packet[1] !== 6) reject(new Error(`${name} was not answered with an OACK`));
        socket.send('\0\x05\0\0Early terminate\0', from.port, from.address, () => resolve());
      });
    });
    socket.send(`\0\x01${name}\0octet\0tsize\x000\0blksize\x001024\0`, server.port, '127.0.0.1');
    await answered.finally(() => socket.close());
  }

  /** Asks for all of them, and returns what was fetched last under each name. */
  async function replay(folder: string, names: readonly Asked[]): Promise<ReadonlyMap<string, string>> {
    const fetched = new Map<string, string>();
    for (const [name, how] of names) {
      if (how === 'probe') await probe(`${folder}${name}`);
      if (how === 'fetch') fetched.set(name, (await fetch(`${folder}${name}`)).toString());
      if (how === 'missing')
        await expect(fetch(`${folder}${name}`), name).rejects.toMatchObject({ code: NOT_FOUND });
    }
    return fetched;
  }

  const noise = async (): Promise<readonly string[]> => {
    await world.events.settled();
    return world.told.filter(({ kind }) => /refused|failed/.test(kind)).map(({ text }) => text);
  };

  for (const [what, folder] of [
    ['serial number', `${board.serial}/`],
    ['MAC address', `${board.mac.replaceAll(':', '-')}/`],
  ] as const) {
    test(`boots what the user put in the tree, asking by its ${what}`, async () => {
      write('', [...COMMON, 'bootcode.bin', 'config.txt', 'cmdline.txt']);
      write(folder, ['cmdline.txt']);
      await replay('', board.first);
      const got = await replay(folder, board.below);
      expect(got.get('config.txt')).toBe('config.txt');
      expect(got.get('cmdline.txt')).toBe(`${folder}cmdline.txt`);
      expect(await noise()).toEqual([]);
    });
  }

  test('boots the installer, of which the timeline tells', async () => {
    write('raspberry-pi/', [...COMMON, 'bootcode.bin']);
    const { token } = await world.arm(pi, 'pi');
    await replay('', board.first);
    const folder = `${board.serial}/`;
    const got = await replay(folder, board.below);
    expect(got.get('config.txt')).toContain('kernel=images/debian-arm64/install/linux\n');
    expect(got.get('cmdline.txt')).toContain(token);
    expect((await fetch(`${folder}images/debian-arm64/install/linux`)).equals(kernel)).toBe(true);
    expect(await noise()).toEqual([]);
    expect(world.told.filter(({ kind }) => kind === 'boot.decided').map(({ text }) => text)).toEqual([
      'pi boots the installer of profile pi',
    ]);
  });

  test('finds nothing when there is no install, and goes on to its next boot device', async () => {
    write('raspberry-pi/', [...COMMON, 'bootcode.bin']);
    for (const name of ['start4.elf', 'start.elf', 'config.txt'].flatMap((one) => [
      `${board.serial}/${one}`,
      one,
    ]))
      await expect(fetch(name), name).rejects.toMatchObject({ code: NOT_FOUND });
  });
});
