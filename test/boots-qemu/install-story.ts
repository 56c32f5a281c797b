import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import type { WireEvent } from '../../src/contract/events.ts';
import { machineCommands, profileCommands } from '../../src/lab/demo.ts';
import type { FirmwareName } from '../../src/lab/machine-firmware.ts';
import { LAB_NETWORK, labMachineMac, type LabSegment } from '../../src/lab/private-network.ts';
import { makeBlankDisk, type MachineShape } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { TinyFirmware } from '../../src/lab/tiny-kinds.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import { formatIpv4Network } from '../../src/lib/addresses.ts';
import type { BootStage } from './boot-stage.ts';
import {
  assertInstalled,
  assertLife,
  assertProgress,
  assertStepsAndLog,
  BOOT_MS,
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
import { bringLoaders } from './loader-material.ts';
import { makeTinyDisc } from './tiny-disc.ts';

/** What differs from firmware to firmware. */
export interface StoryShape {
  readonly firmware: FirmwareName;
  /** Which tree the installer gets. */
  readonly tree: TinyFirmware;
  /** `disc`: the tree is on one disc image, which is not unpacked; else it is a folder. */
  readonly image?: 'disc';
  /** Over what the installer gets its tree; left out: HTTP. */
  readonly source?: 'ftp' | 'nfs';
  /** By which way the installer came, in words. */
  readonly way: string;
  /** What `muster explain` must say of the way to the installer. */
  readonly explained: { readonly chain: string; readonly rule: string };
  /** The chain that is wished for; left out: the firmware table's choice. */
  readonly loader?: 'pxelinux' | 'grub' | 'ipxe';
  /** The file that the subnet names for every boot client. */
  readonly bootFile?: string;
  /** `proxy`: another DHCP server gives the addresses. */
  readonly mode?: 'proxy';
  /** Its serial console, where the kernel does not call it ttyS0. */
  readonly serial?: string;
  /** Where nothing is done over IPv4; further settings of Muster, as variables. */
  readonly ipv6?: Readonly<Record<string, string>>;
  /** What UEFI asks the network for. */
  readonly netBoot?: MachineShape['netBoot'];
  /** Where the machine is; left out: on Muster's own segment. */
  readonly segment?: LabSegment;
}

/** One machine of several in a story. */
export interface MachineOfStory extends StoryShape {
  readonly name: string;
  /** Of its card. */
  readonly number: number;
}

export interface InstalledMachine {
  readonly machine: VirtualMachine;
  /** The path of its disk. */
  readonly disk: string;
  /** From the decision that it boots its disk to the first words of what is on it. */
  readonly toDiskMs: number;
}

/** Answers to a client that has no address yet: an offer and an acknowledgement for each of two starts. */
const LEAST_UNICAST_ANSWERS = 4;

/**
 * Power-on to the installed system, with the network first in the boot order all the time, and the story as Muster
 * tells it. What only one firmware does is for its own boot to look at, in what this returns.
 */
export async function playInstall(stage: BootStage, shape: StoryShape): Promise<InstalledMachine> {
  const story = { ...shape, name: 'demo', number: 1 };
  const [installed] = await playInstalls(stage, [story], shape.ipv6);
  if (installed === undefined) throw new Error('The story has no machine');
  if (shape.mode === undefined && shape.segment === undefined && shape.ipv6 === undefined)
    await assertAnswers(stage);
  return installed;
}

/**
 * The same with several machines at the same time, each in a subnet of its own.
 *
 * @param settings of Muster.
 */
export async function playInstalls(
  stage: BootStage,
  stories: readonly MachineOfStory[],
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly InstalledMachine[]> {
  const trees = stories.map((story) => story.tree);
  const tree = trees.find((name) => name !== undefined && name !== 'BIOS') ?? 'BIOS';
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence), tree);
  if (
    stories.some(
      ({ firmware, loader, bootFile }) => firmware !== 'bios' || loader === 'ipxe' || bootFile !== undefined,
    )
  )
    await bringLoaders(stage.path('data'));
  const muster = await stage.startMuster(settings);
  for (const story of stories) await muster.mustRun(['subnet', 'add', ...subnetWords(story)]);
  const image = await imageOf(stage, stories, distribution.folder);
  for (const words of profileCommands(image)) await muster.mustRun(words);
  for (const { source } of stories)
    if (source) await muster.mustRun(['profile', 'set', 'tiny', '--source', source]);
  for (const { serial } of stories)
    if (serial) await muster.mustRun(['profile', 'set', 'tiny', '--args', `console=${serial}`]);
  for (const { name, number } of stories)
    for (const words of machineCommands(name, labMachineMac(number))) await muster.mustRun(words);
  return await Promise.all(
    stories.map((story) => playMachine({ stage, muster, story, tree: distribution.folder })),
  );
}

/** What is added as an image. */
async function imageOf(stage: BootStage, stories: readonly StoryShape[], tree: string): Promise<string> {
  const onDisc = stories.find(({ image }) => image === 'disc');
  if (!onDisc) return tree;
  const path = stage.path('tiny.iso');
  await makeTinyDisc(tree, path, onDisc.firmware === 'bios' ? 'without' : 'with loaders');
  stage.phase(`the tree is a disc image of ${Math.round((await stat(path)).size / 1e6)} MB`);
  return path;
}

function subnetWords(story: MachineOfStory): readonly string[] {
  const { name, segment = LAB_NETWORK, loader, bootFile, mode } = story;
  const { network, firstAddress, lastAddress } = segment;
  return [
    [name === 'demo' ? 'lab' : name],
    ['--network', formatIpv4Network(network), '--range', `${firstAddress}-${lastAddress}`],
    'router' in segment && segment.router ? ['--router', segment.router] : [],
    loader ? ['--loader', loader] : [],
    bootFile ? ['--filename', bootFile] : [],
    mode ? ['--mode', mode] : [],
  ].flat();
}

interface NetworkScene extends Scene {
  readonly story: MachineOfStory;
}

async function playMachine(scene: NetworkScene): Promise<InstalledMachine> {
  const { stage, story } = scene;
  const disk = stage.path(`${story.name}.raw`);
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: story.name,
    mac: labMachineMac(story.number),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    firmware: story.firmware,
    ...(story.netBoot === undefined ? {} : { netBoot: story.netBoot }),
    ...(story.segment === undefined ? {} : { tap: story.segment.tap }),
  });
  const id = await machineIdOf(scene);
  const eventsOfIt = (): readonly WireEvent[] =>
    stage.feed.events.filter(({ machineId }) => machineId === id);

  await installerRuns(scene, machine);
  await assertWayExplained(scene);
  await diskIsWritten(scene, machine);
  const toDiskMs = await diskBoots(scene, machine, id);

  assertLife(eventsOfIt());
  assertProgress(eventsOfIt());
  assertDecisions(eventsOfIt());
  await assertInstalled(scene);
  // Syslog is served over IPv4, and a machine is known there by its lease.
  if (story.mode === undefined && story.ipv6 === undefined) await assertStepsAndLog(scene);
  return { machine, disk, toDiskMs };
}

/** @returns the milliseconds from the decision to the installed system's first words. */
async function diskBoots(scene: Scene, machine: VirtualMachine, machineId: string): Promise<number> {
  const { feed } = scene.stage;
  await machine.waitForLine(/TINY\S* DONE rebooting/, STEP_MS);
  const decided = await feed.waitFor(
    'the machine boots its own disk',
    (event) =>
      event.machineId === machineId && event.kind === 'boot.decided' && event.data?.['boot'] === 'local disk',
    BOOT_MS,
  );
  const decidedAtMs = performance.now();
  tell(scene, `it asked the network again: ${decided.text}`);
  return (await systemRuns(scene, machine, machineId)) - decidedAtMs;
}

function assertDecisions(events: readonly WireEvent[]): void {
  const decided = events.filter(({ kind }) => kind === 'boot.decided');
  const boots = decided.map(({ data }) => data?.['boot']);
  assert.deepEqual([boots[0], boots.at(-1)], ['installer', 'local disk']);
  for (const event of decided) assert.ok(event.because, `"${event.text}" has its reason`);
}

async function assertAnswers({ wire }: BootStage): Promise<void> {
  const answers = await wire.packets('udp src port 67 and dst host 192.168.122.100');
  assert.ok(
    answers.length >= LEAST_UNICAST_ANSWERS,
    'a client without an address is answered at its hardware address, not by broadcast',
  );
}

async function assertWayExplained(scene: NetworkScene): Promise<void> {
  const { from, chain, rule, because } = (await explain(scene)).firmware;
  assert.deepEqual(
    { from, chain, rule },
    { from: 'seen', ...scene.story.explained },
    'what its firmware was told',
  );
  assert.ok(because, 'and that has its reason');
  tell(scene, `muster explain: ${chain}, by the rule "${rule}": ${because}`);
}
