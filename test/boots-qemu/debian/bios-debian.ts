import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireEvent } from '../../../src/contract/events.ts';
import { InstallProgress } from '../../../src/contract/install-log-schemas.ts';
import type { MusterProcess } from '../../../src/lab/muster-process.ts';
import { LAB_NETWORK, labMachineMac, labNetworkText } from '../../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../../src/lab/qemu-command.ts';
import type { VirtualMachine } from '../../../src/lab/virtual-machine.ts';
import type { BootStage } from '../boot-stage.ts';
import { type DebianMaterial, debianMaterial } from './debian-material.ts';
import { InstallerLog } from './installer-log.ts';

const NAME = 'debbox';
const DISK_BYTES = 4 * 1024 * 1024 * 1024;
/** The installer unpacks its initrd of 41 MB in memory, and its components after it. */
const MEMORY_MEGABYTES = 1024;
const PASSWORD = 'muster';
/** Of that password: `openssl passwd -6 -salt musterlab muster`. */
const PASSWORD_HASH =
  '$6$musterlab$qX0m8DdyEawodpsXJbNFXtk2SWjfQqYTDQ7qUWRNx9Vy9NOwp8BNXfKTSaolxM4eGqEdIBr4lmHxO5dwscAh..';
const MINUTE_MS = 60_000;
const PROMPT_PAUSE_MS = 500;
/** How far from the end it may stand. */
const PROMPT_LINES = 4;

/** What the installer's log shows one after the other, and how many minutes each may take on busy cores. */
const LOG_PHASES: readonly (readonly [text: string, shown: RegExp, minutes: number])[] = [
  ['it fetches its components from the mirror', /anna\S*: .*retrieving/, 6],
  ['the components are there; the disk is its next step', /muster: PHASE disk/, 8],
  ['the disk is divided, formatted and mounted; the base system is next', /muster: PHASE base/, 5],
  ['the packages of the base system are downloaded', /debootstrap: .*(?:Unpacking|Selecting)/, 12],
  ['the base system is there; apt takes over', /base-installer: (?:Get|Hit|Ign):1/, 15],
  ['the kernel package is set up', /Setting up linux-image/, 10],
  ['the boot loader is next', /muster: PHASE grub/, 10],
  ['the boot loader is on the disk; the last steps', /muster: PHASE finish/, 12],
];

/** The stock debian-installer, told by Muster's own preseed, from a blank disk to the login prompt of that disk. */
export async function biosDebian(stage: BootStage): Promise<void> {
  const material = await debianMaterial((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster();
  const log = new InstallerLog(stage.path('data'));
  for (const words of commandsOf(material)) await muster.mustRun(words);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: NAME,
    mac: labMachineMac(4),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    memoryMegabytes: MEMORY_MEGABYTES,
  });

  await Promise.race([installerRuns(stage, machine, log), untilFailed(stage, machine)]);
  await diskBoots(stage, machine);
  await logIn(machine);
  stage.phase('root logs in with the password of the profile');
  assertTimeline(stage.feed.events);
  await assertSteps(muster);
}

/** What a user types, who has the netboot archive and a mirror in two folders. */
function commandsOf({ netboot, mirror }: DebianMaterial): readonly (readonly string[])[] {
  const range = `${LAB_NETWORK.firstAddress}-${LAB_NETWORK.lastAddress}`;
  const variables = {
    mirror: `http://${LAB_NETWORK.server}:8080/images/debian-mirror`,
    // The installer's own debootstrap does not know the key; apt in the installed system does.
    mirror_unsigned: 'yes',
    disk: 'vda',
    root_password_hash: PASSWORD_HASH,
    tasks: '',
    boot_arguments: 'console=ttyS0,115200',
  };
  const words = [
    'console=ttyS0,115200',
    'DEBIAN_FRONTEND=noninteractive',
    // A busy host makes the kernel mistrust the processor's clock, and any other costs time under emulation.
    'tsc=reliable',
    // Nobody gives out IPv6 addresses here; the installer would wait for them.
    'ipv6.disable=1',
    // The mirror holds only the modules of this machine, a kernel for virtual machines, and no recommended packages.
    'anna/no_kernel_modules=true',
    `base-installer/kernel/image=${mirror.kernelPackage}`,
    'base-installer/install-recommends=false',
    'base-installer/initramfs-tools/driver-policy=dep',
  ];
  const settings = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  return [
    ['subnet', 'add', 'lab', '--network', labNetworkText(), '--range', range],
    ['image', 'add', netboot, '--name', 'debian-12-netboot'],
    ['image', 'add', mirror.folder, '--name', 'debian-mirror', '--as', 'files'],
    ['profile', 'set', 'debian', '--image', 'debian-12-netboot', '--args', words.join(' '), ...settings],
    ['machine', 'add', NAME, '--mac', labMachineMac(4)],
    ['install', NAME, '--profile', 'debian'],
  ];
}

async function installerRuns(stage: BootStage, machine: VirtualMachine, log: InstallerLog): Promise<void> {
  await machine.waitForLine(/Linux version /, 3 * MINUTE_MS);
  stage.phase('its kernel runs: DHCP, pxelinux, kernel and initrd over TFTP');
  await reported(stage, 'the answer file was served', 'install.answerServed', 6);
  await reported(stage, 'the preseed is applied: early_command reports', 'install.started', 6);
  for (const [text, shown, minutes] of LOG_PHASES) {
    await log.waitForLine(shown, minutes * MINUTE_MS);
    stage.phase(text);
  }
  await reported(stage, 'late_command reports the end', 'install.finished', 5);
  await log.waitForLine(/muster: PHASE done/, 3 * MINUTE_MS);
}

async function reported(stage: BootStage, text: string, kind: string, minutes: number): Promise<void> {
  const event = await stage.feed.waitFor(text, (one) => one.kind === kind, minutes * MINUTE_MS);
  stage.phase(`${text} (${event.text})`);
}

/** @throws Error as soon as the install cannot succeed any more. */
async function untilFailed(stage: BootStage, machine: VirtualMachine): Promise<never> {
  const failed = await Promise.race([
    stage.feed.waitFor('the install failed', ({ kind }) => kind === 'install.failed', 60 * MINUTE_MS),
    machine.ended,
  ]);
  if (typeof failed === 'string') throw new Error(`The virtual machine is gone: ${failed}`);
  throw new Error(`${failed.text}: ${failed.because ?? JSON.stringify(failed.data)}`);
}

async function diskBoots(stage: BootStage, machine: VirtualMachine): Promise<void> {
  const decided = await stage.feed.waitFor(
    'the machine boots its own disk',
    (event) => event.kind === 'boot.decided' && event.data?.['boot'] === 'local disk',
    3 * MINUTE_MS,
  );
  stage.phase(`it restarted and asked the network again: ${decided.text}`);
  await waitForPrompt(machine, new RegExp(`^${NAME} login:`), 6 * MINUTE_MS);
  stage.phase('"login:" stands on its serial console');
}

/** The accounts of the preseed hold, and the system is the one that was asked for, on the disk that was named. */
async function logIn(machine: VirtualMachine): Promise<void> {
  machine.typeOnConsole('root\n');
  await waitForPrompt(machine, /^Password:/, MINUTE_MS);
  machine.typeOnConsole(`${PASSWORD}\n`);
  await waitForPrompt(machine, /^root@\S+:~#/, MINUTE_MS);
  machine.typeOnConsole(
    'echo "INSTALLED" $(hostname) $(cat /etc/debian_version) $(uname -r) $(findmnt -no SOURCE /)\n',
  );
  const { text } = await machine.waitForLine(/^INSTALLED \S+ /, MINUTE_MS);
  assert.match(text, new RegExp(`^INSTALLED ${NAME} 12\\.\\d+ \\S+-cloud-amd64 /dev/vda1$`));
}

/** A prompt is a line that nothing ends, unless the kernel has a word to say after it. */
async function waitForPrompt(machine: VirtualMachine, prompt: RegExp, timeoutMs: number): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!machine.lastLines(PROMPT_LINES).some((line) => prompt.test(line))) {
    if (performance.now() > deadlineMs)
      throw new Error(
        `The console did not show ${prompt}. Its last lines:\n  ${machine.lastLines(8).join('\n  ')}`,
      );
    await sleep(PROMPT_PAUSE_MS);
  }
}

/** The story as Muster tells it: once each, in order, and the installer never again. */
function assertTimeline(events: readonly WireEvent[]): void {
  const life = events.filter(({ kind }) => kind.startsWith('install.'));
  // Its log shows its own parts being fetched, before or after early_command says that it started.
  const once = life.map(({ kind }) => kind).filter((kind) => kind !== 'install.progressed');
  assert.deepEqual(once, [
    'install.requested',
    'install.bootOffered',
    'install.answerServed',
    'install.started',
    'install.finished',
  ]);
  assert.equal(new Set(life.map(({ installId }) => installId)).size, 1, 'all of one install');
  const percents = life
    .filter(({ kind }) => kind === 'install.progressed')
    .map(({ data }) => Number(data?.['percent']));
  assert.ok(
    percents.length >= STEPS_OF_LOG.length,
    `its log and its reports tell of ${percents.join(', ')} %`,
  );
  assert.deepEqual(
    percents,
    percents.toSorted((one, other) => one - other),
    'percents only grow',
  );

  const finished = events.findIndex(({ kind }) => kind === 'install.finished');
  const decisions = events
    .map((event, index) => ({ ...event, index }))
    .filter(({ kind }) => kind === 'boot.decided');
  for (const { index, text, because, data } of decisions) {
    assert.equal(data?.['boot'], index < finished ? 'installer' : 'local disk', text);
    assert.ok(because, `"${text}" has its reason`);
  }
  assert.ok(
    decisions.some(({ index }) => index > finished),
    'the network was asked after the install too',
  );
}

/** Steps that the log of the debian-installer shows, and the hooks of the preseed report. */
const STEPS_OF_LOG = ['installer', 'disk', 'base system', 'packages', 'boot loader', 'configuration'];

/** How far it was, as `muster install show` tells it. */
async function assertSteps(muster: MusterProcess): Promise<void> {
  const shown = await muster.mustRun(['install', 'show', NAME, '-o', 'json']);
  const { steps } = InstallProgress.parse(JSON.parse(shown.stdout.toString('utf8')));
  const names = steps.map(({ step }) => step);
  assert.deepEqual(
    names.filter((name) => STEPS_OF_LOG.includes(name)),
    STEPS_OF_LOG,
    `each of these once and in order: ${names.join(', ')}`,
  );
}
