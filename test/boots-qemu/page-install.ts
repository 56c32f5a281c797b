import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { profileCommands } from '../../src/lab/demo.ts';
import { LAB_NETWORK, labMachineMac } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { formatIpv4Network } from '../../src/lib/addresses.ts';
import { BrowserInNamespace, ENGLISH, type OpenedBrowser } from '../browser/opened-browser.ts';
import type { BootStage } from './boot-stage.ts';
import { BOOT_MS, DISK_BYTES, STEP_MS } from './install-steps.ts';

const MACHINE = 'demo';
const PASSWORD = 'a sentence is easy to keep';
const LOOK_EVERY_MS = 100;

/** Somebody who only has the page: the first log-in, a machine, its install, and how it goes, seen as it happens. */
export async function pageInstall(stage: BootStage): Promise<void> {
  const { folder } = await tinyDistribution((sentence) => stage.phase(sentence), 'BIOS');
  const muster = await stage.startMuster();
  const { network, firstAddress, lastAddress } = LAB_NETWORK;
  const range = ['--network', formatIpv4Network(network), '--range', `${firstAddress}-${lastAddress}`];
  await muster.mustRun(['subnet', 'add', 'lab', ...range, '--loader', 'pxelinux']);
  for (const words of profileCommands(folder)) await muster.mustRun(words);

  const browsers = await BrowserInNamespace.launch();
  const browser = await browsers.open(ENGLISH);
  try {
    await logsIn(stage, browser);
    await addsAndArms(stage, browser);
    await watches(stage, browser);
    await looksBack(stage, browser);
    assert.deepEqual(browser.complaints, [], 'what the page complained of');
  } catch (error) {
    stage.phase(`what the page showed: ${await browser.picture('boot-failed')}`);
    throw error;
  } finally {
    await browsers.close();
  }
}

/** By the link that was printed at the start. */
async function logsIn(stage: BootStage, { page }: OpenedBrowser): Promise<void> {
  const printed = await readFile(stage.path('muster.log'), 'utf8');
  await page.goto(/\/#login=[\w-]+/.exec(printed)?.[0] ?? '/');
  await page.getByLabel('Your name here').fill('anna');
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('button', { name: /Log out/ }).waitFor();
  stage.phase('the first user is logged in by the link of the start');
}

async function addsAndArms(stage: BootStage, { page }: OpenedBrowser): Promise<void> {
  await page.getByRole('link', { name: 'Machines', exact: true }).click();
  await page.getByRole('button', { name: 'Add a machine' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(MACHINE);
  await dialog.getByLabel('MAC addresses').fill(labMachineMac(1));
  await dialog.getByRole('button', { name: 'Add a machine' }).click();
  await page.getByRole('link', { name: MACHINE, exact: true }).click();
  await page.getByRole('button', { name: 'Arm an install' }).click();
  await page.getByRole('dialog').getByLabel('Profile').selectOption('tiny');
  await page.getByRole('dialog').getByRole('button', { name: 'Arm the install' }).click();
  await page.getByRole('button', { name: 'Cancel the install' }).waitFor();
  stage.phase('a machine is added and armed on the page');
}

/** Every phase in its order, up to the installed system, without a load of the page. */
async function watches(stage: BootStage, browser: OpenedBrowser): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: 'Now', exact: true }).click();
  const disk = stage.path(`${MACHINE}.raw`);
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: MACHINE,
    mac: labMachineMac(1),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    firmware: 'bios',
  });
  const row = page.getByRole('row').filter({ hasText: MACHINE });
  const track = row.getByRole('img', { name: /^Phase \d of 6/ });
  await track.waitFor({ timeout: BOOT_MS });
  const seen: string[] = [];
  const deadlineMs = performance.now() + BOOT_MS;
  while (seen.at(-1) !== 'Phase 6 of 6: Disk' && performance.now() < deadlineMs) {
    const phase = (await track.getAttribute('aria-label')) ?? '';
    if (phase !== seen.at(-1)) {
      seen.push(phase);
      stage.phase(`the page shows: ${phase}`);
      await browser.picture(`boot-${seen.length}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  const numbers = seen.map((phase) => Number(/\d/.exec(phase)?.[0]));
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
    'the phases come in their order',
  );
  // The first ones may be over before somebody looks.
  for (const phase of [4, 5, 6]) assert.ok(numbers.includes(phase), `phase ${phase} of ${seen.join(', ')}`);
  await machine.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  stage.phase('the installed system runs from its own disk');
}

/** What was sent, how much, and why, on the page of the machine. */
async function looksBack(stage: BootStage, browser: OpenedBrowser): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: MACHINE, exact: true }).click();
  await page.getByText('Installed', { exact: true }).first().waitFor({ timeout: STEP_MS });
  await page.getByText('Its own disk', { exact: true }).waitFor();
  const boots = page.getByLabel('Which boot is shown');
  // What happens while the page is opened is there before what happened.
  await boots.locator('option').nth(1).waitFor({ state: 'attached' });
  const first = await boots.locator('option').last().getAttribute('value');
  await boots.selectOption(first);
  for (const what of ['pxelinux.0', 'boots the installer', 'boot loader'])
    await page.getByRole('row').filter({ hasText: what }).first().waitFor();
  await browser.picture('boot-timeline');
  assert.deepEqual(await browser.axeFinds(), [], 'what axe finds on the timeline of a real boot');
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText(/Z tiny: DISK \/dev\/vda written$/).waitFor();
  await browser.picture('boot-log');
  stage.phase('its timeline and its log are on the page');
}
