import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import type { WireEvent } from '../../src/contract/events.ts';
import { MachineMedia } from '../../src/contract/machine-schemas.ts';
import { machineCommands, profileCommands } from '../../src/lab/demo.ts';
import type { FirmwareName } from '../../src/lab/machine-firmware.ts';
import { LAB_NETWORK, labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import type { TinyFirmware } from '../../src/lab/tiny-kinds.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import {
  assertInstalled,
  assertLife,
  assertProgress,
  diskIsWritten,
  DISK_BYTES,
  explain,
  installerRuns,
  machineIdOf,
  type Scene,
  STEP_MS,
  systemRuns,
  tell,
} from './install-steps.ts';
import { type DiscLayout, makeMediaDisc } from './media-disc.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { WireCapture } from './wire-capture.ts';

export interface MediaShape {
  readonly firmware: FirmwareName;
  readonly tree: TinyFirmware;
  readonly layout: DiscLayout;
  readonly way: string;
  /** What its loader puts before the arguments, as the kernel is told. */
  readonly commandLine: RegExp;
}

const NAME = 'demo';
/** A machine with no network boot has nothing to ask before its installer, whose DHCP client says who it is. */
const INSTALLER = 'anaconda-Linux';
const NOT_THERE = 'Nothing here: a disc is only there while an install of its machine is armed';

/**
 * A machine that cannot boot over the network: its BMC's virtual drive, first in the boot order all the time, has the
 * link that Muster gives.
 */
export async function playMedia(
  stage: BootStage,
  shape: MediaShape,
): Promise<{ readonly machine: VirtualMachine /** Its path. */; readonly disk: string }> {
  // What a BMC reads does not go over the machine's own network.
  const bmc = await stage.capture('lo');
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence), shape.tree);
  const image = stage.path('tiny.iso');
  await makeMediaDisc(distribution.folder, image, shape.layout);
  const discBytes = (await stat(image)).size;
  const muster = await stage.startMuster();
  const range = `${LAB_NETWORK.firstAddress}-${LAB_NETWORK.lastAddress}`;
  for (const words of [
    ['subnet', 'add', 'lab', '--network', labNetworkText(), '--range', range],
    ...profileCommands(image),
    ...machineCommands(NAME, labMachineMac(1)),
  ])
    await muster.mustRun(words);
  const scene: Scene = { stage, muster, story: { name: NAME, way: shape.way }, tree: distribution.folder };
  const id = await machineIdOf(scene);
  const link = await linkOf(scene);
  stage.phase(`a disc of ${Math.round(discBytes / 1e6)} MB, for its BMC: ${link}`);
  const disk = stage.path(`${NAME}.raw`);
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: NAME,
    mac: labMachineMac(1),
    disk: { path: disk, format: 'raw' },
    disc: link,
    bootOrder: 'dc',
    firmware: shape.firmware,
  });

  await installerRuns(scene, machine);
  assertCommandLine(machine, shape);
  await assertExplained(scene);
  await assertRefused(scene, link, /started its installer and has not reported an end/);
  await diskIsWritten(scene, machine);
  await machine.waitForLine(/TINY\S* DONE rebooting/, STEP_MS);
  await stage.feed.waitFor(
    'firmware tried the disc once more, and was refused it',
    ({ kind, because }) =>
      kind === 'http.refused' && /is installed, and no other is armed/.test(because ?? ''),
    STEP_MS,
  );
  stage.phase('firmware tried the disc once more, and Muster said that the install is over');
  await systemRuns(scene, machine, id);

  const events = stage.feed.events.filter(({ machineId }) => machineId === id);
  assertLife(events);
  assertProgress(events);
  assertDecisions(events);
  await assertInstalled(scene);
  await assertRefused(scene, link, /is installed, and no other is armed/);
  await assertReadInRanges(bmc, link, discBytes);
  await assertNoNetworkBoot(stage);
  return { machine, disk };
}

/** @returns the URL, from an armed install that nobody has looked at yet. */
async function linkOf(scene: Scene): Promise<string> {
  const said = await scene.muster.mustRun(['machine', 'media', NAME, '-o', 'json']);
  const { url, image, left } = MachineMedia.parse(JSON.parse(said.stdout.toString('utf8')));
  assert.deepEqual({ image, left }, { image: 'tiny', left: [] }, 'every loader of the disc was told');
  const { boots, install } = await explain(scene);
  assert.deepEqual(
    [boots.boot, install?.state],
    ['installer', 'requested'],
    'asking for the link starts nothing',
  );
  return url;
}

/** `muster explain` while the installer runs. */
async function assertExplained(scene: Scene): Promise<void> {
  const { boots, install, decisions } = await explain(scene);
  assert.deepEqual([boots.boot, install?.state], ['local disk', 'installing']);
  const decided = decisions.find(({ kind }) => kind === 'boot.decided');
  assert.equal(decided?.text, "demo boots the installer of tiny from a disc in its BMC's drive");
  tell(scene, `muster explain: ${decided.text}: ${decided.because}`);
}

function assertCommandLine(machine: VirtualMachine, shape: MediaShape): void {
  const started = machine.lines.find(({ text }) => /TINY\S* START /.test(text));
  const [, words = ''] = / command line: (.*)$/.exec(started?.text ?? '') ?? [];
  assert.match(words, shape.commandLine);
  const server = `http://${LAB_NETWORK.server}:8080`.replaceAll('.', String.raw`\.`);
  for (const wanted of [
    new RegExp(`inst\\.ks=${server}/installs/[0-9a-f]{32}/ks\\.cfg `),
    /console=ttyS0,115200/,
    new RegExp(`BOOTIF=01-${labMachineMac(1).replaceAll(':', '-')}`),
  ])
    assert.match(words, wanted);
}

/**
 * Why it got the installer, once, and why it got nothing afterwards, stand in its own timeline though its BMC asked. A
 * refusal is told again where reads go on for half a minute.
 */
function assertDecisions(events: readonly WireEvent[]): void {
  const told = events
    .filter(({ kind }) => kind === 'boot.decided' || kind === 'http.refused')
    .map(({ kind, because = '' }) => `${kind}: ${because.replace(/i-[0-9a-f]+/, 'ID')}`);
  assert.deepEqual(
    told.filter((line, index) => !line.startsWith('http.refused') || line !== told[index - 1]),
    [
      'boot.decided: install ID of profile tiny is requested',
      'http.refused: install ID started its installer and has not reported an end: cancel it and arm a new one to try again',
      'http.refused: install ID is installed, and no other is armed',
    ],
  );
}

/** By the link, which says the same to everybody, and by the command, which says why. */
async function assertRefused(scene: Scene, link: string, because: RegExp): Promise<void> {
  const answer = await fetch(link);
  assert.deepEqual([answer.status, (await answer.text()).trim()], [404, NOT_THERE]);
  const said = await scene.muster.run(['machine', 'media', NAME]);
  assert.notEqual(said.status, 0);
  assert.match(said.stderr, because);
}

/** Its size first, then what is wanted of it; never the whole. */
async function assertReadInRanges(bmc: WireCapture, link: string, discBytes: number): Promise<void> {
  const { pathname } = new URL(link);
  const asked = (await bmc.packets('tcp dst port 8080')).filter((packet) => packet.includes(pathname));
  assert.ok(
    asked.some((packet) => packet.includes(`HEAD ${pathname} `)),
    'the drive asked for its size',
  );
  const ranges = asked.flatMap((packet) => /Range: bytes=(\d+)-(\d+)/i.exec(packet)?.[0] ?? []);
  assert.ok(ranges.length > 10, `the drive read ${ranges.length} ranges of ${discBytes} bytes`);
}

async function assertNoNetworkBoot({ wire }: BootStage): Promise<void> {
  assert.deepEqual(await wire.packets('udp dst port 69'), [], 'nothing was asked for over TFTP');
  const asked = await wire.packets('udp src port 68');
  assert.ok(asked.length > 0, 'the installer asked for an address');
  assert.deepEqual(
    asked.filter((packet) => !packet.includes(INSTALLER)),
    [],
    'firmware asked for no address',
  );
}
