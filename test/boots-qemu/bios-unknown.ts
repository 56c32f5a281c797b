import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import { makeMarkerDisk, OWN_DISK_MARKER, sha256OfFile } from './marker-disk.ts';

const MENU_MS = 90_000;
const DISK_MS = 60_000;
const SCREEN_PAUSE_MS = 200;
/** The iPXE ROM waits 13 s where nobody says that there is no IPv6 router; without that it asks within one. */
const ROM_PAUSE_MS = 6_000;
const RANGE = '192.168.122.100-192.168.122.200';

/** No disk is touched unasked: a machine that nobody knows is shown the menu, and goes on to its own disk. */
export async function biosUnknown(stage: BootStage): Promise<void> {
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster();
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--loader', 'pxelinux'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  await muster.mustRun(['image', 'add', distribution.folder, '--name', 'tiny']);
  const disk = stage.path('disk.raw');
  await makeMarkerDisk(disk);
  const before = await sha256OfFile(disk);

  const machine = await stage.powerOn({
    name: 'stranger',
    mac: labMachineMac(2),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });
  const decided = await stage.feed.waitFor(
    'the unknown machine gets the menu',
    (event) => event.kind === 'boot.decided' && event.data?.['boot'] === 'menu',
    MENU_MS,
  );
  stage.phase(decided.text);
  const screen = await waitForScreen(machine, /Local disk/);
  await machine.takePicture(stage.path('menu.png'));
  assert.match(screen, /Install Tiny Linux/, 'the menu offers the image');
  stage.phase('the menu is on its screen');

  await machine.waitForLine(new RegExp(OWN_DISK_MARKER), DISK_MS);
  stage.phase('nobody chose, and it booted its own disk');
  await machine.ended;
  assert.equal(await sha256OfFile(disk), before, 'no byte of the disk has changed');
  stage.phase('the disk is unchanged, byte for byte');

  const requests = await stage.wire.packets('udp dst port 69');
  assert.ok(
    requests.some((packet) => packet.includes('"menu.c32"')),
    'the menu came over TFTP',
  );
  await mustNotPause(stage);
  assert.deepEqual(
    stage.feed.events.filter(({ kind }) => kind.startsWith('install.')),
    [],
    'no install was ever begun',
  );
  assert.ok(decided.because, 'the menu has its reason');
}

/** From the ROM's lease to its first request. */
async function mustNotPause(stage: BootStage): Promise<void> {
  const [askedMs = Number.NaN] = await stage.wire.timesMs('udp dst port 69');
  const replies = await stage.wire.timesMs('udp src port 67 and udp[8] = 2');
  const leasedMs = replies.findLast((atMs) => atMs < askedMs) ?? Number.NaN;
  const pauseMs = askedMs - leasedMs;
  assert.ok(pauseMs < ROM_PAUSE_MS, `the ROM asked for its first file ${pauseMs} ms after its lease`);
  stage.phase(`the ROM asked for its first file ${pauseMs.toFixed(0)} ms after its lease`);
}

/** @returns the text on the screen once it fits. */
async function waitForScreen(machine: VirtualMachine, pattern: RegExp): Promise<string> {
  const deadlineMs = performance.now() + MENU_MS;
  for (;;) {
    const text = await machine.readScreen();
    if (pattern.test(text)) return text;
    if (performance.now() > deadlineMs) throw new Error(`The screen does not show ${pattern}:\n${text}`);
    await sleep(SCREEN_PAUSE_MS);
  }
}
