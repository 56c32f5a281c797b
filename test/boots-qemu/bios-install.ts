import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootExplanation } from '../../src/contract/schemas.ts';
import { commandsOf } from '../../src/lab/demo.ts';
import { labMachineMac } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';

const DISK_BYTES = 256 * 1024 * 1024;
/** Firmware and network boot; machines of two busy cores are slow. */
const BOOT_MS = 120_000;
const STEP_MS = 60_000;

/** Power-on to the installed system, with the network first in the boot order all the time. */
export async function biosInstall(stage: BootStage): Promise<void> {
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster();
  for (const words of commandsOf(distribution.folder)) await muster.mustRun(words);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: 'demo',
    mac: labMachineMac(1),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });

  await installerRuns(stage, machine, distribution.folder);
  await diskBoots(stage, machine);

  await assertTimeline(stage);
  await assertDisk(disk);
  const explained = await muster.mustRun(['explain', 'demo', '-o', 'json']);
  const { boots, install } = BootExplanation.parse(JSON.parse(explained.stdout.toString('utf8')));
  assert.deepEqual(
    [boots.boot, install?.state],
    ['local disk', 'installed'],
    'it boots its own disk from now on',
  );
}

async function installerRuns(stage: BootStage, machine: VirtualMachine, tree: string): Promise<void> {
  await machine.waitForLine(/TINY\S* START /, BOOT_MS);
  stage.phase('the installer runs: DHCP, pxelinux, kernel and initrd over TFTP');
  await machine.waitForLine(/TINY\S* ANSWERFILE .*\/installs\/[0-9a-f]{32}\/ks\.cfg /, STEP_MS);
  stage.phase('it has read its answer file over HTTP');
  const treeInfo = await readFile(join(tree, '.treeinfo'), 'utf8');
  const files = [...treeInfo.matchAll(/^(\S+) = sha256:/gm)].map(([, path]) => path!);
  assert.ok(files.length >= 5, 'the tree names its files');
  for (const file of files)
    await machine.waitForLine(new RegExp(`TINY\\S* VERIFIED ${file.replaceAll('.', '\\.')} `), STEP_MS);
  stage.phase(`its ${files.length} files of the tree have the right sha256`);
  await machine.waitForLine(/TINY\S* DISK \/dev\/vda written/, STEP_MS);
  stage.phase('the disk is written');
}

async function diskBoots(stage: BootStage, machine: VirtualMachine): Promise<void> {
  await machine.waitForLine(/TINY\S* DONE rebooting/, STEP_MS);
  const decided = await stage.feed.waitFor(
    'the machine boots its own disk',
    (event) => event.kind === 'boot.decided' && event.data?.['boot'] === 'local disk',
    BOOT_MS,
  );
  stage.phase(`it asked the network again: ${decided.text}`);
  await machine.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  stage.phase('the installed system runs from its own disk');
  await stage.feed.waitFor(
    'the installed system reported',
    (event) => event.kind === 'install.diskBooted',
    STEP_MS,
  );
}

/** The story as Muster tells it: every step, in order, and nothing twice that must be once. */
async function assertTimeline(stage: BootStage): Promise<void> {
  const events = stage.feed.events;
  const life = events.map(({ kind }) => kind).filter((kind) => kind.startsWith('install.'));
  const once = life.filter((kind, index) => kind !== 'install.progressed' || life[index - 1] !== kind);
  assert.deepEqual(once, [
    'install.requested',
    'install.bootOffered',
    'install.answerServed',
    'install.started',
    'install.progressed',
    'install.finished',
    'install.diskBooted',
  ]);
  const percents = events
    .filter(({ kind }) => kind === 'install.progressed')
    .map(({ data }) => Number(data?.['percent']));
  assert.ok(percents.length >= 8, `the installer reported its steps: ${percents.join(', ')}`);
  assert.deepEqual(
    percents,
    percents.toSorted((one, other) => one - other),
    'percents only grow',
  );
  const decisions = events.filter(({ kind }) => kind === 'boot.decided').map(({ data }) => data?.['boot']);
  assert.deepEqual([decisions[0], decisions.at(-1)], ['installer', 'local disk']);
  for (const event of events.filter(({ kind }) => kind === 'boot.decided')) {
    assert.ok(event.because, `"${event.text}" has its reason`);
  }
  const loaders = await stage.wire.packets('udp dst port 69');
  const starts = loaders.filter((packet) => packet.includes('"pxelinux.0"')).length;
  const answers = await stage.wire.packets('udp src port 67 and dst host 192.168.122.100');
  assert.ok(
    answers.length >= 4,
    'a client without an address is answered at its hardware address, not by broadcast',
  );
  assert.equal(starts, 2, 'the ROM fetched its loader once for the installer and once for the disk');
}

/** One active FAT partition with an extlinux boot sector, and boot code before it. */
async function assertDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  const { buffer: sector } = await file.read(Buffer.alloc(512), 0, 512, 0);
  const { buffer: partition } = await file.read(Buffer.alloc(512), 0, 512, sector.readUInt32LE(454) * 512);
  await file.close();
  assert.equal(sector.readUInt16LE(510), 0xaa55, 'the disk has a boot signature');
  assert.equal(sector[446], 0x80, 'its partition is active');
  assert.equal(sector[450], 0x0c, 'its partition is of FAT32');
  assert.ok(
    sector.subarray(0, 440).some((byte) => byte !== 0),
    'there is boot code in its first sector',
  );
  assert.equal(partition.toString('latin1', 3, 11), 'SYSLINUX', 'extlinux is in its boot sector');
}
