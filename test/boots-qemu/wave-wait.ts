import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineCommands, profileCommands } from '../../src/lab/demo.ts';
import type { FirmwareName } from '../../src/lab/machine-firmware.ts';
import { LAB_NETWORK, labMachineMac } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { formatIpv4Network } from '../../src/lib/addresses.ts';
import type { BootStage } from './boot-stage.ts';
import {
  BOOT_MS,
  diskIsWritten,
  DISK_BYTES,
  installerRuns,
  machineIdOf,
  type Scene,
  systemRuns,
} from './install-steps.ts';
import { bringLoaders } from './loader-material.ts';

interface WaitShape {
  readonly firmware: FirmwareName;
  readonly loader: 'pxelinux' | 'grub' | 'ipxe';
  readonly way: string;
}

/** Asks from the waiting menu that are waited for, the first one included. */
const ASKS = 3;
/** The menu asks every 15 s. */
const ASKS_MS = 120_000;
const POLL_MS = 500;

export const waveWaitBios = (stage: BootStage): Promise<void> =>
  playWait(stage, {
    firmware: 'bios',
    loader: 'pxelinux',
    way: 'pxelinux, from the waiting menu',
  });

export const waveWaitOvmf = (stage: BootStage): Promise<void> =>
  playWait(stage, {
    firmware: 'uefi',
    loader: 'grub',
    way: 'GRUB, from the waiting menu',
  });

export const waveWaitIpxe = (stage: BootStage): Promise<void> =>
  playWait(stage, {
    firmware: 'bios',
    loader: 'ipxe',
    way: 'iPXE, from the waiting menu',
  });

/**
 * A machine is switched on while its wave is paused: it stands at the waiting menu and asks again, and when the wave
 * goes on it is installed from there, without a hand at it.
 */
async function playWait(stage: BootStage, { firmware, loader, way }: WaitShape): Promise<void> {
  const { folder: tree } = await tinyDistribution(
    (sentence) => stage.phase(sentence),
    firmware === 'bios' ? 'BIOS' : 'BIOS and UEFI',
  );
  if (loader !== 'pxelinux') await bringLoaders(stage.path('data'));
  const muster = await stage.startMuster();
  const { network, firstAddress, lastAddress } = LAB_NETWORK;
  const range = ['--network', formatIpv4Network(network), '--range', `${firstAddress}-${lastAddress}`];
  await muster.mustRun(['subnet', 'add', 'lab', ...range, '--loader', loader]);
  for (const words of profileCommands(tree)) await muster.mustRun(words);
  // It arms the machine, too; here the wave does.
  const [add = []] = machineCommands('demo', labMachineMac(1));
  await muster.mustRun(add);
  await muster.mustRun(['wave', 'start', 'line', 'demo', '--profile', 'tiny', '--at-once', '1']);
  await muster.mustRun(['wave', 'pause', 'line', '--because', 'the line stands']);

  const disk = stage.path('demo.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const drive = { path: disk, format: 'raw' } as const;
  const machine = await stage.powerOn({
    name: 'demo',
    mac: labMachineMac(1),
    disk: drive,
    bootOrder: 'nc',
    firmware,
  });
  const scene: Scene = { stage, muster, story: { name: 'demo', way }, tree };
  const id = await machineIdOf(scene);
  const waits = await stage.feed.waitFor(
    'the machine gets the waiting menu',
    ({ machineId, kind, data }) => machineId === id && kind === 'boot.decided' && data?.['boot'] === 'wait',
    BOOT_MS,
  );
  stage.phase(`${waits.text}: ${waits.because}`);
  assert.equal(waits.because, 'it waits for its turn in wave line, which is paused');
  await asksAgain(stage);
  assert.ok(
    stage.feed.events.every(({ kind }) => kind !== 'install.bootOffered'),
    'nothing was offered while it waits',
  );
  await machine.takePicture(stage.path('waiting.png'));

  await muster.mustRun(['wave', 'resume', 'line']);
  stage.phase('the wave goes on');
  await installerRuns(scene, machine);
  await diskIsWritten(scene, machine);
  await systemRuns(scene, machine, id);
  const shown = await muster.mustRun(['wave', 'show', 'line', '-o', 'json']);
  const wave = JSON.parse(shown.stdout.toString('utf8')) as { state: string; members: { state: string }[] };
  assert.deepEqual([wave.state, wave.members[0]?.state], ['done', 'installed']);
}

/** Each time it is sent a script that says so. */
async function asksAgain(stage: BootStage): Promise<void> {
  for (let waitedMs = 0; waitedMs < ASKS_MS; waitedMs += POLL_MS) {
    const asks = stage.feed.events.filter(({ text }) => text.includes('(waiting)')).length;
    if (asks >= ASKS) {
      stage.phase(`it asked ${asks} times, and waits on`);
      return;
    }
    await sleep(POLL_MS);
  }
  assert.fail(`the waiting menu did not ask again in ${ASKS_MS / 1000} s`);
}
