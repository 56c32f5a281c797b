import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import type { z } from 'zod';
import { Install } from '../../src/contract/install-schemas.ts';
import { listOf } from '../../src/contract/route-row.ts';
import { machineCommands, profileCommands } from '../../src/lab/demo.ts';
import type { MusterProcess } from '../../src/lab/muster-process.ts';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import { BOOT_MS, DISK_BYTES, STEP_MS } from './install-steps.ts';
import { makeMarkerDisk, OWN_DISK_MARKER, sha256OfFile } from './marker-disk.ts';

/** Installs of one machine whose network stands first in its boot order, whatever became of it before. */

const RANGE = '192.168.122.100-192.168.122.200';
const NAME = 'demo';
/** Files of the tree that an installer has, when its power is cut; its disk is as it was. */
const FILES_BEFORE_CUT = 3;

/** After a success the machine boots from the network three times more, and is never installed again. */
export async function reinstallLoop(stage: BootStage): Promise<void> {
  const muster = await armedMachine(stage);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const installer = await powerOn(stage);
  await installer.waitForLine(/TINY\S* DONE rebooting/, BOOT_MS);
  await installer.powerOff();
  assert.deepEqual(await statesOf(muster), ['installed']);
  stage.phase('the machine is installed, and switched off before it boots');

  // One that somebody would miss, and that says at once that it is booted.
  await rename(disk, stage.path('installed.raw'));
  await makeMarkerDisk(disk);
  const before = await sha256OfFile(disk);
  for (let boot = 1; boot <= 3; boot += 1) {
    await bootsItsDisk(stage);
    stage.phase(`boot ${boot} of 3: it asked the network, and was sent to its own disk`);
  }
  assert.equal(await sha256OfFile(disk), before, 'no byte of the disk has changed');
  assert.deepEqual(await statesOf(muster), ['installed'], 'no other install was begun');
  const kinds = stage.feed.events.map(({ kind }) => kind);
  assert.equal(
    kinds.filter((kind) => kind === 'install.bootOffered').length,
    1,
    'one boot had the installer',
  );
}

/** The power is cut in the middle of an install, and in the middle of its second try. */
export async function powerCut(stage: BootStage): Promise<void> {
  const muster = await armedMachine(stage);
  const disk = stage.path('disk.raw');
  await makeMarkerDisk(disk);
  const before = await sha256OfFile(disk);
  for (const attempt of [1, 2]) {
    const machine = await powerOn(stage);
    await machine.waitForLine(/TINY\S* ANSWERFILE /, BOOT_MS);
    await machine.waitForLine(new RegExp(`TINY\\S* VERIFIED .* ${FILES_BEFORE_CUT} of `), STEP_MS);
    await reported(stage, attempt);
    await machine.powerOff();
    stage.phase(`try ${attempt} of 2: the power is cut while the installer fetches its tree`);
  }
  assert.deepEqual(await statesOf(muster), ['installing', 'failed'], 'nobody asked since');
  await bootsItsDisk(stage);
  stage.phase('after the second cut it was sent to its own disk');

  const [second, first] = await installsOf(muster);
  assert.equal(second?.retryOf, first?.id, 'the second try follows the first');
  assert.deepEqual([first?.attempt, second?.attempt, second?.attempts], [1, 2, 2]);
  for (const install of [first, second]) {
    assert.equal(install?.state, 'failed');
    assert.equal(install?.cause, 'bootedAgain');
    assert.match(install?.because ?? '', /while its installer was at \d+ % \(installer\)/);
  }
  assert.match(first?.because ?? '', /try 2 of 2 is armed$/);
  assert.match(second?.because ?? '', /this was the last of its 2 tries$/);
  stage.phase(`it failed with its cause: ${second?.because}`);
  assert.equal(await sha256OfFile(disk), before, 'the disk, which nobody had written to yet, is as it was');
  const answers = stage.feed.events.filter(({ kind }) => kind === 'install.answerServed');
  assert.equal(
    new Set(answers.map(({ installId }) => installId)).size,
    2,
    'each install had its own answer file',
  );
}

async function armedMachine(stage: BootStage): Promise<MusterProcess> {
  const { folder } = await tinyDistribution((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster();
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--loader', 'pxelinux'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  for (const words of profileCommands(folder)) await muster.mustRun(words);
  for (const words of machineCommands(NAME, labMachineMac(1))) await muster.mustRun(words);
  return muster;
}

async function powerOn(stage: BootStage): Promise<VirtualMachine> {
  return await stage.powerOn({
    name: NAME,
    mac: labMachineMac(1),
    disk: { path: stage.path('disk.raw'), format: 'raw' },
    bootOrder: 'nc',
  });
}

/** The disk switches the machine off. */
async function bootsItsDisk(stage: BootStage): Promise<void> {
  const machine = await powerOn(stage);
  await machine.waitForLine(new RegExp(OWN_DISK_MARKER), BOOT_MS);
  await machine.ended;
}

/** What the installer said is on disk here, too. */
async function reported(stage: BootStage, attempt: number): Promise<void> {
  const seen = new Set<string>();
  await stage.feed.waitFor(
    `try ${attempt} said how far it is`,
    ({ kind, installId = '' }) => {
      if (kind === 'install.progressed') seen.add(installId);
      return seen.size === attempt;
    },
    STEP_MS,
  );
}

/** Newest first. */
async function installsOf(muster: MusterProcess): Promise<readonly z.output<typeof Install>[]> {
  const said = await muster.mustRun(['install', 'ls', '-o', 'json']);
  return listOf(Install).shape.items.parse(JSON.parse(said.stdout.toString('utf8')));
}

async function statesOf(muster: MusterProcess): Promise<readonly string[]> {
  return (await installsOf(muster)).map(({ state }) => state);
}
