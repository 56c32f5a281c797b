import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { labMachineMac, LAB_NETWORK } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { type TinyDistribution, tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { BootStage } from './boot-stage.ts';

const DISK_BYTES = 256 * 1024 * 1024;
const BOOT_MS = 120_000;
const STEP_MS = 90_000;
const LOADER = '/usr/lib/PXELINUX/pxelinux.0';
const LOADER_CORE = '/usr/lib/syslinux/modules/bios/ldlinux.c32';
const { server } = LAB_NETWORK;
const HTTP = `http://${server}:8080/images`;

/** What stands in a dhcpd.conf: subnet, range, routers, domain, DNS, lease times, next-server, filename. */
const SUBNET = [
  ['subnet', 'add', 'classic'],
  ['--network', '192.168.122.0/24'],
  ['--range', '192.168.122.100-192.168.122.200'],
  ['--router', '192.168.122.1'],
  ['--domain', 'example.com'],
  ['--dns', '192.168.122.1,192.168.122.2'],
  ['--lease-time', '21600'],
  ['--max-lease-time', '43200'],
  ['--next-server', server],
  ['--filename', 'pxelinux.0'],
].flat();

const PXELINUX_CONFIG = `default linux
prompt 1
timeout 30
label linux
  kernel vmlinuz
  append initrd=initrd.img ks=${HTTP}/site/ks.cfg console=ttyS0,115200 tiny.lease=1000000
`;

const KICKSTART = `install
url --url=${HTTP}/tree
lang en_US.UTF-8
network --bootproto=dhcp
clearpart --all
autopart
reboot
%packages
@core
`;

/** Configuration and files as people have had them for twenty years, brought along unchanged. */
export async function biosClassic(stage: BootStage): Promise<void> {
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence));
  const tftpRoot = await makeTftpRoot(stage, distribution);
  const site = stage.path('site');
  await mkdir(site);
  await writeFile(`${site}/ks.cfg`, KICKSTART);
  const muster = await stage.startMuster({ MUSTER_TFTP_ROOT: tftpRoot });
  await muster.mustRun(SUBNET);
  await muster.mustRun(['image', 'add', site, '--name', 'site', '--as', 'files']);
  await muster.mustRun(['image', 'add', distribution.folder, '--name', 'tree']);

  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const shape = { mac: labMachineMac(3), disk: { path: disk, format: 'raw' } } as const;
  // The classic default installs at every network boot, so the restart ends here.
  const installer = await stage.powerOn({ ...shape, name: 'classic', bootOrder: 'nc', more: ['-no-reboot'] });
  const started = await installer.waitForLine(/TINY\S* START /, BOOT_MS);
  assert.match(started.text, /ks=http:\S+\/site\/ks\.cfg/, 'the arguments are those of the hand-made file');
  stage.phase('the kernel of the TFTP root runs');
  assertLease((await installer.waitForLine(/TINY\S* DHCP /, STEP_MS)).text);
  const longest = await installer.waitForLine(/TINY\S* LONGLEASE /, STEP_MS);
  assert.match(longest.text, /asked=1000000 lease=43200$/, 'no lease is longer than max-lease-time');
  stage.phase('the guest has its lease with every option of the subnet');
  await installer.waitForLine(/TINY\S* ANSWERFILE \S+\/site\/ks\.cfg /, STEP_MS);
  await installer.waitForLine(/TINY\S* DISK /, STEP_MS);
  await installer.ended;
  stage.phase('installed from the hand-made kickstart');

  await assertBootOffer(stage);
  const installed = await stage.powerOn({ ...shape, name: 'classic-disk', bootOrder: 'c' });
  await installed.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  stage.phase('the installed system runs from its own disk');
  assert.deepEqual(
    stage.feed.events.filter(({ kind }) => kind.startsWith('install.')),
    [],
    'what a hand-made file installs is no install of Muster',
  );
}

/** A /tftpboot as it was made by hand. */
async function makeTftpRoot(stage: BootStage, distribution: TinyDistribution): Promise<string> {
  const root = stage.path('tftpboot');
  await mkdir(`${root}/pxelinux.cfg`, { recursive: true });
  await copyFile(LOADER, `${root}/pxelinux.0`);
  await copyFile(LOADER_CORE, `${root}/ldlinux.c32`);
  await copyFile(distribution.kernel, `${root}/vmlinuz`);
  await copyFile(distribution.initrd, `${root}/initrd.img`);
  await writeFile(`${root}/pxelinux.cfg/default`, PXELINUX_CONFIG);
  return root;
}

/** What the guest's own DHCP client was told. */
function assertLease(line: string): void {
  for (const [what, pattern] of [
    ['an address of the range', / ip=192\.168\.122\.(?:1\d\d|200) /],
    ['the netmask', / mask=24 /],
    ['routers', / router=192\.168\.122\.1 /],
    ['domain-name-servers', / dns=192\.168\.122\.1 192\.168\.122\.2 /],
    ['domain-name', / domain=example\.com /],
    ['default-lease-time', / lease=21600 /],
    ['the server', / serverid=192\.168\.122\.1 /],
  ] as const) {
    assert.match(line, pattern, `the lease has ${what}`);
  }
}

/** What the boot ROM was told, as it went over the wire. */
async function assertBootOffer(stage: BootStage): Promise<void> {
  const replies = await stage.wire.packets('udp src port 67');
  const acknowledged = replies.find((packet) => /ACK/.test(packet) && /file "pxelinux\.0"/.test(packet));
  assert.ok(acknowledged, 'the ROM was acknowledged with the file name');
  assert.match(acknowledged, /Server-IP 192\.168\.122\.1/, 'next-server is in the header');
}
