import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { WireEvent } from '../../src/contract/events.ts';
import { BootExplanation } from '../../src/contract/explanation-schemas.ts';
import { InstallProgress } from '../../src/contract/install-log-schemas.ts';
import { Machine } from '../../src/contract/machine-schemas.ts';
import type { MusterProcess } from '../../src/lab/muster-process.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';

/** What every install of the tiny distribution does and leaves in the timeline, whatever brought its installer. */
export interface Scene {
  readonly stage: BootStage;
  readonly muster: MusterProcess;
  readonly story: {
    /** Of the machine. */
    readonly name: string;
    /** By which way the installer came, in words. */
    readonly way: string;
    readonly source?: 'ftp' | 'nfs';
  };
  /** The folder of the distribution. */
  readonly tree: string;
}

export const DISK_BYTES = 256 * 1024 * 1024;
/** Firmware and boot; UEFI on two busy cores was seen to need 160 s to the kernel. */
export const BOOT_MS = 240_000;
export const STEP_MS = 90_000;

/** With the machine's name where there are several. */
export function tell({ stage, story }: Scene, text: string): void {
  stage.phase(story.name === 'demo' ? text : `${story.name}: ${text}`);
}

export async function installerRuns(scene: Scene, machine: VirtualMachine): Promise<void> {
  await machine.waitForLine(/TINY\S* START /, BOOT_MS);
  tell(scene, `the installer runs: ${scene.story.way}`);
  await machine.waitForLine(/TINY\S* ANSWERFILE .*\/installs\/[0-9a-f]{32}\/ks\.cfg /, STEP_MS);
  tell(scene, `it has read its answer file over ${scene.story.source === 'ftp' ? 'FTP' : 'HTTP'}`);
}

export async function diskIsWritten(scene: Scene, machine: VirtualMachine): Promise<void> {
  const treeInfo = await readFile(join(scene.tree, '.treeinfo'), 'utf8');
  const files = [...treeInfo.matchAll(/^(\S+) = sha256:/gm)].map(([, path]) => path!);
  assert.ok(files.length >= 5, 'the tree names its files');
  for (const file of files)
    await machine.waitForLine(new RegExp(`TINY\\S* VERIFIED ${file.replaceAll('.', '\\.')} `), STEP_MS);
  tell(scene, `its ${files.length} files of the tree have the right sha256`);
  await machine.waitForLine(/TINY\S* DISK \/dev\/vda written/, STEP_MS);
  tell(scene, 'the disk is written');
}

/** @returns when the first words of what is on its disk were there. */
export async function systemRuns(scene: Scene, machine: VirtualMachine, machineId: string): Promise<number> {
  await machine.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  const atMs = performance.now();
  tell(scene, 'the installed system runs from its own disk');
  await scene.stage.feed.waitFor(
    'the installed system reported',
    (event) => event.machineId === machineId && event.kind === 'install.diskBooted',
    STEP_MS,
  );
  return atMs;
}

export async function machineIdOf({ muster, story }: Scene): Promise<string> {
  const said = await muster.mustRun(['machine', 'show', story.name, '-o', 'json']);
  return Machine.parse(JSON.parse(said.stdout.toString('utf8'))).id;
}

export async function explain({ muster, story }: Scene): Promise<z.output<typeof BootExplanation>> {
  const explained = await muster.mustRun(['explain', story.name, '-o', 'json']);
  return BootExplanation.parse(JSON.parse(explained.stdout.toString('utf8')));
}

export async function assertInstalled(scene: Scene): Promise<void> {
  const { boots, install } = await explain(scene);
  assert.deepEqual(
    [boots.boot, install?.state],
    ['local disk', 'installed'],
    'it boots its own disk from now on',
  );
}

/** Every step of the install, in order, and nothing twice that must be once. */
export function assertLife(events: readonly WireEvent[]): void {
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
}

export function assertProgress(events: readonly WireEvent[]): void {
  const percents = events
    .filter(({ kind }) => kind === 'install.progressed')
    .map(({ data }) => Number(data?.['percent']));
  assert.ok(percents.length >= 8, `the installer reported its steps: ${percents.join(', ')}`);
  assert.deepEqual(
    percents,
    percents.toSorted((one, other) => one - other),
    'percents only grow',
  );
}

/** Steps that the installer of the tiny distribution goes through; of packages only its log tells. */
const STEPS = [
  'loader',
  'kernel',
  'answer file',
  'installer',
  'disk',
  'base system',
  'packages',
  'boot loader',
  'finishing',
  'installed',
];

/** How far it was, as `muster install show` tells it, and the log that came over syslog, which is kept. */
export async function assertStepsAndLog(scene: Scene): Promise<void> {
  const { muster, story } = scene;
  const shown = await muster.mustRun(['install', 'show', story.name, '-o', 'json']);
  const { steps, percent, logBytes } = InstallProgress.parse(JSON.parse(shown.stdout.toString('utf8')));
  assert.deepEqual(
    steps.map(({ step }) => step),
    STEPS,
    'every step, once and in order',
  );
  const begins = steps.map(({ startedAt }) => startedAt);
  assert.deepEqual(begins, begins.toSorted(), 'each with the time it began');
  assert.equal(percent, 100);
  const log = (await muster.mustRun(['install', 'log', story.name])).stdout.toString('utf8');
  assert.equal(Buffer.byteLength(log), logBytes, 'the log is as long as is said');
  for (const line of [
    /Z tiny: SYSLOG the log goes to [\d.]+:514$/m,
    /Z tiny: VERIFIED images\/pxeboot\/initrd\.img \d+ bytes, \d+ of \d+$/m,
    /Z anaconda: packaging: Installing tools-1\.0-1\.x86_64 \(2\/2\)$/m,
    /Z tiny: DISK \/dev\/vda written$/m,
  ])
    assert.match(log, line, 'what the installer said is in its log');
  tell(scene, `${steps.length} steps are told, and its log of ${logBytes} bytes is kept`);
}
