import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { factsScript } from '../../src/core/answers/facts-script.ts';
import type { Facts } from '../../src/core/machines/facts.ts';
import { parseFacts } from '../../src/servers/facts-body.ts';

/**
 * The program that installers run, in each of their shells and with each of their ways to post, on this computer and
 * on made-up ones: the same program, told that `/sys`, `/proc` and `/dev` are elsewhere.
 */

const run = promisify(execFile);
const MEBIBYTE = 1_048_576;

let folder = '';
let server: Server;
let url = '';
const posted: { type: string | undefined; body: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-facts-'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
      response.end('ok\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  url = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/installs/it's/facts`;
  // What an initrd has: the applets of busybox and nothing else.
  await mkdir(join(folder, 'busybox'));
  await run('busybox', ['--install', '-s', join(folder, 'busybox')]);
  await mkdir(join(folder, 'wget'));
  const { stdout } = await run('sh', ['-c', 'command -v wget']);
  await symlink(stdout.trim(), join(folder, 'wget/wget'));
  for (const name of [
    'sed',
    'tr',
    'dd',
    'cat',
    'head',
    'grep',
    'sort',
    'wc',
    'readlink',
    'basename',
    'uname',
    'ls',
    'rm',
  ])
    await symlink(`/usr/bin/${name}`, join(folder, 'wget', name));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  posted.length = 0;
});

interface Shell {
  readonly name: string;
  readonly words: readonly string[];
  /** Where its programs are; left out: those of this computer, with curl. */
  readonly programs?: 'busybox' | 'wget';
}

const SHELLS: readonly Shell[] = [
  { name: 'bash with curl', words: ['/bin/bash'] },
  { name: 'dash with GNU wget', words: ['/bin/dash'], programs: 'wget' },
  { name: 'busybox and nothing else', words: ['/usr/bin/busybox', 'sh'], programs: 'busybox' },
];

/** @returns what was posted. */
async function tell({ words, programs }: Shell, root = ''): Promise<Facts> {
  const script = factsScript(url).replaceAll(/(?<![\w/])\/(sys|proc|dev)\/(?!null)/g, `${root}/$1/`);
  const path = join(folder, 'facts.sh');
  await writeFile(path, script);
  const [shell = '', ...more] = words;
  const where = programs === undefined ? process.env['PATH'] : join(folder, programs);
  // Nobody listens there: nothing of this goes through the proxy of the packages.
  const environment = { PATH: where, http_proxy: 'http://127.0.0.1:9', all_proxy: 'http://127.0.0.1:9' };
  await run(shell, [...more, path], { env: environment, timeout: 60_000 });
  expect(posted).toHaveLength(1);
  const said = parseFacts(posted[0]?.body ?? '');
  if (!said.read) throw new Error(`${said.because}: ${posted[0]?.body}`);
  return said.facts;
}

async function lay(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** A disk of zeros with some bytes at some places. */
async function layDisk(
  path: string,
  bytes: number,
  writes: readonly (readonly [at: number, text: string])[],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  await file.truncate(bytes);
  for (const [at, text] of writes) await file.write(Buffer.from(text, 'latin1'), 0, text.length, at);
  await file.close();
}

function block(name: string, bytes: number, more: Readonly<Record<string, string>> = {}) {
  const sysfs = `sys/block/${name}`;
  return {
    [`${sysfs}/size`]: `${bytes / 512}\n`,
    [`${sysfs}/removable`]: '0\n',
    [`${sysfs}/queue/rotational`]: '0\n',
    [`${sysfs}/device/model`]: 'MODEL           \n',
    ...Object.fromEntries(Object.entries(more).map(([path, text]) => [`${sysfs}/${path}`, text])),
  };
}

describe.each(SHELLS)('$name', (shell) => {
  test('tells this computer', async () => {
    const facts = await tell(shell);
    expect(posted[0]?.type).toBe('application/json');
    const { stdout } = await run('uname', ['-m']);
    expect(facts.architecture).toBe(stdout.trim());
    const { stdout: memory } = await run('sed', [
      '-n',
      's/^MemTotal: *\\([0-9]*\\) kB/\\1/p',
      '/proc/meminfo',
    ]);
    // What is built in is more than what the kernel leaves.
    expect(facts.memoryMegabytes).toBeGreaterThanOrEqual(Math.floor(Number(memory) / 1024));
    const { stdout: threads } = await run('getconf', ['_NPROCESSORS_ONLN']);
    expect(facts.cpu?.threads).toBe(Number(threads));
    expect(facts.nics).toBeDefined();
    expect(facts.disks).toBeDefined();
  });

  test('tells a made-up one, whatever its firmware wrote', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const dmi = 'sys/class/dmi/id';
    await lay(root, {
      'proc/cpuinfo':
        'processor\t: 0\nmodel name\t: "Quoted" \\ back, {a}, [b],\t1\nprocessor\t: 1\nprocessor\t: 2\nprocessor\t: 3\n',
      'sys/devices/system/cpu/cpu0/topology/core_id': '0\n',
      'sys/devices/system/cpu/cpu0/topology/physical_package_id': '0\n',
      'sys/devices/system/cpu/cpu1/topology/core_id': '0\n',
      'sys/devices/system/cpu/cpu1/topology/physical_package_id': '0\n',
      'sys/devices/system/cpu/cpu2/topology/core_id': '0\n',
      'sys/devices/system/cpu/cpu2/topology/physical_package_id': '1\n',
      'sys/devices/system/memory/block_size_bytes': '8000000\n',
      'sys/devices/system/memory/memory0/online': '1\n',
      'sys/devices/system/memory/memory32/online': '0\n',
      'sys/firmware/efi/systab': '',
      [`${dmi}/sys_vendor`]: 'Dell "Inc." \\n, {x}\n',
      [`${dmi}/product_name`]: 'PowerEdge\u001b[31m R640\u0001\n',
      [`${dmi}/product_serial`]: `${'S'.repeat(600)}\n`,
      [`${dmi}/product_uuid`]: '4C4C4544-0042-3510-8056-B7C04F4E3232\n',
      [`${dmi}/chassis_asset_tag`]: '  \n',
      ...block('sda', 4 * MEBIBYTE, { 'device/serial': 'SER{,1}\n' }),
      ...block('cciss!c0d0', MEBIBYTE, { 'queue/rotational': '1\n' }),
      ...block('sdr', MEBIBYTE, { removable: '1\n' }),
      ...block('sr0', MEBIBYTE),
      'sys/block/loop0/size': '2048\n',
      'sys/class/net/eth0/address': '52:54:00:AB:cd:ef\n',
      'sys/class/net/eth0/type': '1\n',
      'sys/class/net/eth0/speed': '10000\n',
      'sys/class/net/eth0/device/driver': '',
      'sys/class/net/ib0/address': '80:00:02:08\n',
      'sys/class/net/ib0/type': '32\n',
      'sys/class/net/ib0/device/x': '',
      'sys/class/net/lo/address': '00:00:00:00:00:00\n',
      'dev/cciss/c0d0': new Uint8Array(MEBIBYTE),
    });
    await layDisk(join(root, 'dev/sda'), 4 * MEBIBYTE, [[512, 'EFI PART']]);
    await mkdir(join(root, 'dev/disk/by-id'), { recursive: true });
    await symlink(join(root, 'dev/sda'), join(root, 'dev/disk/by-id/ata-MODEL_1'));
    expect(await tell(shell, root)).toMatchObject({
      firmware: 'UEFI',
      cpu: { model: '"Quoted" \\ back, {a}, [b],1', cores: 2, threads: 4 },
      memoryMegabytes: 256,
      vendor: 'Dell "Inc." \\n, {x}',
      product: 'PowerEdge[31m R640',
      serial: 'S'.repeat(128),
      uuid: '4c4c4544-0042-3510-8056-b7c04f4e3232',
      disks: [
        { name: 'cciss/c0d0', bytes: MEBIBYTE, model: 'MODEL', rotational: true, holdsData: false },
        {
          name: 'sda',
          bytes: 4 * MEBIBYTE,
          model: 'MODEL',
          serial: 'SER{,1}',
          rotational: false,
          holdsData: true,
          holds: 'a partition table (GPT)',
          byId: ['ata-MODEL_1'],
        },
      ],
      nics: [{ mac: '52:54:00:ab:cd:ef', name: 'eth0', speedMegabits: 10_000 }],
    });
  });

  test('tells of no disk of a network, which others may have in use, and of SD cards', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const session = join(root, 'sys/devices/platform/host3/session1/target3:0:0/3:0:0:1');
    await mkdir(session, { recursive: true });
    await mkdir(join(root, 'sys/block/sda'), { recursive: true });
    await symlink(session, join(root, 'sys/block/sda/device'));
    await lay(root, {
      ...block('mmcblk0', MEBIBYTE, { 'device/type': 'SD\n' }),
      ...block('mmcblk0boot0', MEBIBYTE),
      ...block('mtdblock0', MEBIBYTE),
      ...block('nvme0n1', MEBIBYTE, { 'device/transport': 'tcp\n' }),
      ...block('nvme1n1', MEBIBYTE, { 'device/transport': 'pcie\n' }),
      ...block('sda', MEBIBYTE),
    });
    const { disks = [] } = await tell(shell, root);
    expect(disks.map(({ name }) => name)).toEqual(['mmcblk0', 'nvme1n1']);
  });

  test('tells what is on a disk by its first and last MiB, and says nothing of one it cannot read', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const size = 3 * MEBIBYTE + 512;
    const contents = [
      ['sda', [], undefined],
      ['sdb', [[1080, '\x53\xef']], 'a file system (ext2, ext3 or ext4)'],
      ['sdc', [[510, '\x55\xaa']], 'a partition table or a boot sector'],
      ['sdd', [[0, 'XFSB']], 'a file system (XFS)'],
      ['sde', [[65_600, '_BHRfS_M']], 'a file system (Btrfs)'],
      ['sdf', [[4086, 'SWAPSPACE2']], 'swap space'],
      ['sdg', [[0, 'LUKS\xba\xbe']], 'an encrypted volume (LUKS)'],
      ['sdh', [[512, 'LABELONE']], 'a volume of LVM'],
      ['sdi', [[size - 1, 'x']], 'data of an unknown kind'],
      ['sdj', [[size - MEBIBYTE, 'x']], 'data of an unknown kind'],
      ['sdk', [[1.5 * MEBIBYTE, 'x']], undefined],
    ] as const;
    for (const [name, writes] of contents) {
      await lay(root, block(name, size));
      await layDisk(join(root, 'dev', name), size, writes);
    }
    await lay(root, block('sdz', size));
    // Its reads end before its end does, as those of a disk with bad blocks: what was not read is not blank.
    await lay(root, block('sdy', size));
    await layDisk(join(root, 'dev/sdy'), size - 100_000, []);
    // The same, and what was read tells enough.
    await lay(root, block('sdx', size));
    await layDisk(join(root, 'dev/sdx'), size - 100_000, [[512, 'EFI PART']]);
    const { disks = [] } = await tell(shell, root);
    expect(disks.map(({ name, holdsData, holds }) => [name, holdsData, holds])).toEqual([
      ...contents.map(([name, , holds]) => [name, holds !== undefined, holds]),
      ['sdx', true, 'a partition table (GPT)'],
      ['sdy', undefined, undefined],
      ['sdz', undefined, undefined],
    ]);
  });
});

test('half a program does nothing', async () => {
  const whole = factsScript(url);
  const path = join(folder, 'half.sh');
  for (const share of [0.3, 0.6, 0.99]) {
    await writeFile(path, whole.slice(0, Math.floor((whole.lastIndexOf('main ') - 1) * share)));
    await run('/bin/dash', [path]).catch(() => undefined);
  }
  expect(posted).toEqual([]);
});
