import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DISC_NEEDS, requireAllOnHost } from '../../src/lab/host-programs.ts';
import { LAB_NETWORK, labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { BrowserInNamespace, ENGLISH, type OpenedBrowser } from '../browser/opened-browser.ts';
import type { BootStage } from './boot-stage.ts';
import { BOOT_MS, DISK_BYTES, STEP_MS } from './install-steps.ts';
import { makeTinyDisc } from './tiny-disc.ts';

const MACHINE = 'demo';
const PROFILE = 'tiny';
const PASSWORD = 'a sentence is easy to keep';
const KERNEL_ARGUMENTS = 'console=ttyS0,115200';
const LOOK_EVERY_MS = 100;

interface Scene {
  readonly stage: BootStage;
  readonly browser: OpenedBrowser;
  /** The path of a disc image of a distribution. */
  readonly disc: string;
}

/**
 * Somebody who only has the page, and a disc: the first log-in, an image, a subnet, a profile, a machine, its install,
 * and how it goes, seen as it happens. Not one command is typed.
 */
export async function pageInstall(stage: BootStage): Promise<void> {
  const disc = await discOf(stage);
  await stage.startMuster();
  const browsers = await BrowserInNamespace.launch();
  const browser = await browsers.open(ENGLISH);
  const scene = { stage, browser, disc };
  try {
    await logsIn(scene);
    await dropsDisc(scene);
    await makesSubnet(scene);
    await makesProfile(scene);
    await addsAndArms(scene);
    await watches(scene);
    await looksBack(scene);
    assert.deepEqual(browser.complaints, [], 'what the page complained of');
  } catch (error) {
    stage.phase(`what the page showed: ${await browser.picture('boot-failed')}`);
    throw error;
  } finally {
    await browsers.close();
  }
}

async function discOf(stage: BootStage): Promise<string> {
  requireAllOnHost(Object.values(DISC_NEEDS));
  const { folder } = await tinyDistribution((sentence) => stage.phase(sentence), 'BIOS');
  const disc = stage.path('Tiny-1-x86_64.iso');
  await makeTinyDisc(folder, disc, 'without');
  stage.phase(`there is a disc image of ${Math.round((await stat(disc)).size / 1e6)} MB`);
  return disc;
}

/** By the link that was printed at the start. Nothing is set up, so that the first page says what to do. */
async function logsIn({ stage, browser }: Scene): Promise<void> {
  const { page } = browser;
  const printed = await readFile(stage.path('muster.log'), 'utf8');
  await page.goto(/\/#login=[\w-]+/.exec(printed)?.[0] ?? '/');
  await page.getByLabel('Your name here').fill('anna');
  await page.getByLabel('New password').fill(PASSWORD);
  await browser.picture('boot-1-first-log-in');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('button', { name: /Log out/ }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
  await browser.picture('boot-2-first-steps');
  stage.phase('the first user is logged in by the link of the start');
}

/** The file is let go over the page, is sent, and is recognised. */
async function dropsDisc({ stage, browser, disc }: Scene): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: 'Images', exact: true }).click();
  await page.getByText('No image is here yet').waitFor();
  await browser.drop(disc, async () => await browser.picture('boot-3-disc-held'));
  const recognised = page.getByText(/^It is Tiny/);
  await recognised.waitFor({ timeout: STEP_MS });
  const words = await recognised.innerText();
  await page.getByRole('table', { name: 'Images' }).getByRole('link', { name: /tiny/i }).waitFor();
  await browser.picture('boot-3-disc-there');
  stage.phase(`a disc image is dropped on the page: ${words}`);
}

async function makesSubnet({ stage, browser }: Scene): Promise<void> {
  const { page } = browser;
  const { firstAddress, lastAddress } = LAB_NETWORK;
  await page.getByRole('link', { name: 'Subnets', exact: true }).click();
  await page.getByRole('button', { name: 'Add a subnet' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('lab');
  await dialog.getByLabel('Network', { exact: true }).fill(labNetworkText());
  await dialog.getByLabel('Ranges').fill(`${firstAddress}-${lastAddress}`);
  // Else its ROM, which is iPXE, asks for all over HTTP.
  await dialog.getByLabel('Boot loader').selectOption('pxelinux');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 2, name: 'lab', exact: true }).waitFor();
  await browser.picture('boot-4-subnet');
  stage.phase('a subnet is made on the page');
}

async function makesProfile({ stage, browser }: Scene): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: 'Profiles', exact: true }).click();
  await page.getByRole('button', { name: 'Add a profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(PROFILE);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { level: 1, name: PROFILE, exact: true }).waitFor();
  await page.getByLabel('Arguments of the kernel').fill(KERNEL_ARGUMENTS);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(`${PROFILE} is saved`).waitFor();
  await browser.picture('boot-5-profile');
  stage.phase('a profile is made on the page');
}

async function addsAndArms({ stage, browser }: Scene): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: 'Machines', exact: true }).click();
  await page.getByRole('button', { name: 'Add a machine' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(MACHINE);
  await dialog.getByLabel('MAC addresses').fill(labMachineMac(1));
  await dialog.getByRole('button', { name: 'Add a machine' }).click();
  await page.getByRole('link', { name: MACHINE, exact: true }).click();
  await page.getByRole('button', { name: 'Arm an install' }).click();
  await page.getByRole('dialog').getByLabel('Profile').selectOption(PROFILE);
  await page.getByRole('dialog').getByRole('button', { name: 'Arm the install' }).click();
  await page.getByRole('button', { name: 'Cancel the install' }).waitFor();
  await browser.picture('boot-6-armed');
  stage.phase('a machine is added and armed on the page');
}

/** Every phase in its order, up to the installed system, without a load of the page. */
async function watches({ stage, browser }: Scene): Promise<void> {
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
      await browser.picture(`boot-7-phase-${/\d/.exec(phase)?.[0] ?? ''}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
  assertPhases(seen);
  await machine.waitForLine(/TINY\S* INSTALLED-SYSTEM /, BOOT_MS);
  stage.phase('the installed system runs from its own disk');
}

function assertPhases(seen: readonly string[]): void {
  const numbers = seen.map((phase) => Number(/\d/.exec(phase)?.[0]));
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
    'the phases come in their order',
  );
  // The first ones may be over before somebody looks.
  for (const phase of [4, 5, 6]) assert.ok(numbers.includes(phase), `phase ${phase} of ${seen.join(', ')}`);
}

/** What a boot of this kind has on its timeline: what it says, and what was done by it. */
const ON_TIMELINE = [
  ['DHCP', 'Offered'],
  ['DHCP', 'Leased'],
  ['TFTP', 'pxelinux.0'],
  ['TFTP', 'images/pxeboot/vmlinuz'],
  ['Decision', 'boots the installer'],
  ['HTTP', 'ks.cfg'],
  ['Install', 'disk'],
  ['Install', 'packages'],
  ['Install', 'boot loader'],
] as const;

/** What was sent, how much, and why, on the page of the machine. */
async function looksBack({ stage, browser }: Scene): Promise<void> {
  const { page } = browser;
  await page.getByRole('link', { name: MACHINE, exact: true }).click();
  await page.getByText('Installed', { exact: true }).first().waitFor({ timeout: STEP_MS });
  await page.getByText('Its own disk', { exact: true }).waitFor();
  const boots = page.getByLabel('Which boot is shown');
  // What happens while the page is opened is there before what happened.
  await boots.locator('option').nth(1).waitFor({ state: 'attached' });
  const first = await boots.locator('option').last().getAttribute('value');
  await boots.selectOption(first);
  for (const [lane, what] of ON_TIMELINE)
    await page.getByRole('row').filter({ hasText: lane }).filter({ hasText: what }).first().waitFor();
  await browser.wholePicture('boot-8-timeline');
  assert.deepEqual(await browser.axeFinds(), [], 'what axe finds on the timeline of a real boot');
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText(/Z tiny: DISK \/dev\/vda written$/).waitFor();
  stage.phase(`its timeline and its log are on the page: ${await browser.picture('boot-9-log')}`);
}
