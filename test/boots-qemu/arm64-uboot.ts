import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandsOf, machineCommands } from '../../src/lab/demo.ts';
import { parseMac } from '../../src/lib/addresses.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';

const DISK_BYTES = 256 * 1024 * 1024;
const PROMPT_MS = 60_000;
const BOOT_MS = 240_000;
const STEP_MS = 120_000;
const POLL_MS = 200;
/** Its address comes over DHCP, and nothing is fetched by that command itself. */
const LEASE_COMMAND = 'setenv autoload no; dhcp';
/** What U-Boot 2023.01 takes for its board of QEMU, whatever the card's own is; so that is made the same. */
const MAC = parseMac('52:52:52:52:52:52');
/** tcpdump hands on what it has seen about once a second. */
const CAPTURED_MS = 5_000;
/**
 * A new range is probed within its first seconds, a hundred addresses in a burst, also where the bridge has no machine yet
 * and nothing can be captured. QEMU hands U-Boot's card nothing any more where that comes while the card is there and has
 * no driver yet (seen with QEMU 7.2 and U-Boot 2023.01, on a machine that is fast enough).
 */
const PROBED_MS = 5_000;
const OWN_NAME = `pxelinux.cfg/01-${MAC.replaceAll(':', '-')}`;

/** U-Boot hunts for its pxelinux.cfg as a stranger, as a known machine and as one with an install. */
export async function arm64Uboot(stage: BootStage): Promise<void> {
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence), 'arm64');
  const muster = await stage.startMuster();
  const commands = [...commandsOf(distribution.folder).slice(0, 3), ...machineCommands('demo', MAC)];
  const run = async (some: readonly (readonly string[])[]): Promise<void> => {
    for (const words of some) await muster.mustRun(words);
  };
  await run([...commands.slice(0, 3), ['profile', 'set', 'tiny', '--args', 'console=ttyAMA0']]);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  await sleep(PROBED_MS);
  const machine = await stage.powerOn({
    name: 'demo',
    mac: MAC,
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    firmware: 'arm64-uboot',
  });
  await machine.waitForLine(/^Net:/, PROMPT_MS);
  machine.typeOnConsole(' ');
  await atPrompt(machine);
  stage.phase('U-Boot waits for commands');

  await type(machine, LEASE_COMMAND);
  await hunt(stage, machine, 'menu');
  await assertHunt(stage);
  await run(commands.slice(3, 4));
  await hunt(stage, machine, 'local disk');
  await type(machine, 'pxe boot');
  assert.ok(
    !machine.lines.some(({ text }) => text.includes('Starting kernel')),
    'without an install nothing is started',
  );
  stage.phase('it is told to go on to its own disk, and hands back');
  await run(commands.slice(4));
  await hunt(stage, machine, 'installer');
  machine.typeOnConsole('pxe boot\r');
  await installs(stage, machine);
}

/** The install, and the disk that U-Boot starts by itself. */
async function installs(stage: BootStage, machine: VirtualMachine): Promise<void> {
  const started = await machine.waitForLine(/TINY\S* START /, BOOT_MS);
  assert.match(started.text, / BOOTIF=01-52-52-52-52-52-52/, 'the kernel is told its network card');
  stage.phase('the installer runs: U-Boot, its pxelinux.cfg, kernel and initrd');
  await machine.waitForLine(/TINY\S* ANSWERFILE .*\/installs\/[0-9a-f]{32}\/ks\.cfg /, STEP_MS);
  await machine.waitForLine(/TINY\S* DISK \/dev\/vda written/, STEP_MS);
  stage.phase('the disk is written');
  await machine.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  stage.phase('U-Boot started the installed system from its own disk');
  await stage.feed.waitFor(
    'the installed system reported',
    (event) => event.kind === 'install.diskBooted',
    STEP_MS,
  );
}

/** `pxe get`, and what the timeline says it was answered. */
async function hunt(stage: BootStage, machine: VirtualMachine, boot: string): Promise<void> {
  await type(machine, 'pxe get');
  assert.match(
    machine.lastLines(6).join('\n'),
    /Config file (?!not)/,
    `the configuration of ${boot} was found`,
  );
  const decided = await stage.feed.waitFor(
    `U-Boot gets the ${boot}`,
    (event) => event.kind === 'boot.decided' && event.data?.['boot'] === boot,
    STEP_MS,
  );
  stage.phase(`${decided.text}: ${String(decided.data?.['asked'])}`);
}

/** The names that a stranger asks for, in this order. */
async function assertHunt({ wire }: BootStage): Promise<void> {
  const deadlineMs = performance.now() + CAPTURED_MS;
  let asked: readonly string[] = [];
  while (asked.length < 10 && performance.now() < deadlineMs) {
    await sleep(POLL_MS);
    const requests = await wire.packets('udp dst port 69');
    asked = requests.map((packet) => /RRQ "([^"]+)"/.exec(packet)?.[1] ?? '');
  }
  const addresses = ['C0A87A64', 'C0A87A6', 'C0A87A', 'C0A87', 'C0A8', 'C0A', 'C0', 'C'];
  assert.deepEqual(asked.slice(0, 9), [OWN_NAME, ...addresses.map((name) => `pxelinux.cfg/${name}`)]);
  assert.match(asked[9] ?? '', /^pxelinux\.cfg\/default-arm/, 'then for the board and the processor');
}

/** Types a command, and waits until it is done. */
async function type(machine: VirtualMachine, command: string): Promise<void> {
  const before = machine.lines.length;
  machine.typeOnConsole(`${command}\r`);
  await machine.waitForLine(new RegExp(command.slice(-8)), PROMPT_MS, before);
  await atPrompt(machine);
}

/** The prompt has no end of a line. */
async function atPrompt(machine: VirtualMachine): Promise<void> {
  const deadlineMs = performance.now() + PROMPT_MS;
  while (!/^=>$/.test(machine.lastLines(1)[0] ?? '')) {
    if (performance.now() > deadlineMs) throw new Error('U-Boot did not come to its prompt');
    await sleep(POLL_MS);
  }
}
