import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH, type OpenedBrowser } from './browser-world.ts';
import { BusySite, type MachineInSite, WEB01 } from './busy-site.ts';

const BOTH_WAIT = [{ state: 'waiting' }, { state: 'waiting' }];

describeInBrowser('what is pressed on the page is done', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let site: BusySite;
  let browsers: BrowserInNamespace;
  let browser: OpenedBrowser;
  let folder: string;
  const inFolder = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-pressed-'));
    mkdirSync(inFolder('commands'), { mode: 0o755 });
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server, {
      settings: { MUSTER_API_LOGIN: 'off', MUSTER_COMMANDS_FOLDER: inFolder('commands') },
    });
    await muster.up();
    site = new BusySite(muster, segment);
    await site.setUp();
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await site?.close();
    await muster?.close();
    await segment?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    browser = await browsers.open(ENGLISH);
  });
  afterEach(() => browser.close());

  /** A dialog as it is shown: a picture of it, and what axe finds. */
  const looksAt = async (name: string): Promise<void> => {
    await browser.settles();
    await browser.picture(name);
    expect(await browser.axeFinds()).toEqual([]);
  };

  describe('around every page', () => {
    test('the theme and the language are chosen, and kept', async () => {
      const { page } = browser;
      await page.goto('/');
      const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const light = await ground();
      await page.getByLabel('Theme').selectOption('dark');
      await expect.poll(ground).not.toBe(light);
      const dark = await ground();
      await page.getByLabel('Language').selectOption('zh');
      await page.getByRole('heading', { level: 1, name: '实时' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: '实时' }).waitFor();
      await expect.poll(ground).toBe(dark);
      expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    });

    test('by the keyboard: skip link, command palette, a machine by its name', async () => {
      const { page } = browser;
      await page.goto('/');
      await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Search pages/ }).waitFor();
      await page.keyboard.type('web01');
      await page.getByRole('option', { name: 'web01' }).waitFor();
      await looksAt('palette');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'web01' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/machines/web01');
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(browser.complaints).toEqual([]);
    });

    test('by the command palette: what a page offers, a theme by the arrow keys, and a way back', async () => {
      const { page } = browser;
      await page.goto('/machines/db01');
      await page.getByRole('button', { name: 'Arm an install' }).waitFor();
      // Who types at once loses no letter.
      await page.keyboard.press('Control+k');
      await page.keyboard.type('install db01');
      await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('install db01');
      await page.getByRole('option', { name: 'Install db01' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Install db01' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      await page.keyboard.press('Control+k');
      await page.keyboard.type('theme');
      await page.getByRole('option', { name: 'Theme: Dark' }).waitFor();
      const names = await page.getByRole('option').allInnerTexts();
      for (let at = 0; at < names.indexOf('Theme: Dark'); at += 1) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getAttribute('html', 'data-theme')).toBe('dark');

      await page.keyboard.press('Control+k');
      await page.keyboard.type('no such thing');
      await page.getByText('Nothing is called that').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(new URL(page.url()).pathname).toBe('/machines/db01');
      expect(browser.complaints).toEqual([]);
    });
  });

  describe('a machine', () => {
    test('is added, and a name that does not fit says so at its field', async () => {
      const { page } = browser;
      await page.goto('/machines');
      await page.getByRole('button', { name: 'Add a machine' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('Not A Name');
      await dialog.getByLabel('MAC addresses').fill('52:54:00:12:34:77');
      await dialog.getByRole('button', { name: 'Add a machine' }).click();
      await dialog.getByText(/a host name is wanted/).waitFor();
      expect(await dialog.getByLabel('MAC addresses').inputValue()).toBe('52:54:00:12:34:77');
      await looksAt('machine-add');
      await dialog.getByLabel('Name', { exact: true }).fill('new01');
      await dialog.getByRole('button', { name: 'Add a machine' }).click();
      await page.getByText('new01 is known now').waitFor();
      await page.getByLabel(/Name, MAC/).fill('34:77');
      await page.getByRole('link', { name: 'new01' }).click();
      await page.getByRole('heading', { level: 1, name: 'new01' }).waitFor();
      expect(await muster.run('machine', 'show', 'new01')).toMatchObject({ macs: ['52:54:00:12:34:77'] });
    });

    test('is armed, and its install is cancelled', async () => {
      await muster.run('machine', 'add', 'arm01', '--mac', '52:54:00:12:34:78');
      const { page } = browser;
      await page.goto('/machines/arm01');
      await page.getByRole('button', { name: 'Arm an install' }).click();
      await page.getByRole('dialog').getByLabel('Profile').selectOption('web');
      await looksAt('machine-arm');
      await page.getByRole('dialog').getByRole('button', { name: 'Arm the install' }).click();
      await page.getByText('arm01 is armed').waitFor();
      expect(await muster.run('install', 'ls', '--machine', 'arm01')).toMatchObject([{ state: 'requested' }]);
      await page.getByRole('button', { name: 'Cancel the install' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel the install' }).click();
      await page.getByRole('button', { name: 'Arm an install' }).waitFor();
      expect(await muster.run('install', 'ls', '--machine', 'arm01')).toMatchObject([{ state: 'cancelled' }]);
      expect(browser.complaints).toEqual([]);
    });

    test('whose disk holds data is armed by who says to know what will be gone', async () => {
      const installer = await site.installs(WEB01);
      const disk = { name: 'sda', bytes: 480_000_000_000, model: 'ACME SSD', holdsData: true, holds: 'ext4' };
      await installer.posts('facts', JSON.stringify({ disks: [disk] }));
      await installer.posts('finished', 'step=installed&percent=100');
      const { page } = browser;
      await page.goto('/machines/web01');
      await page.getByRole('button', { name: 'Arm an install' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Profile').selectOption('web');
      const go = dialog.getByRole('button', { name: 'Arm the install' });
      await go.click();
      const lost = dialog.getByRole('alert');
      await lost.getByText('the disk of web01 holds data, and the install would erase it').waitFor();
      expect(await lost.innerText()).toMatch(
        /profile web was installed on it \(install i-[\da-f]+\); disk sda \(ACME SSD\) holds ext4/,
      );
      expect(await go.isDisabled()).toBe(true);
      await looksAt('machine-arm-holds-data');
      await dialog.getByRole('checkbox').check();
      await go.click();
      await page.getByText('web01 is armed').waitFor();
      const [newest] = await muster.run<readonly unknown[]>('install', 'ls', '--machine', 'web01');
      expect(newest).toMatchObject({ state: 'requested', profile: 'web' });
    });

    test('is switched by its driver, off only by who knows what is lost, and a "no" of it is told', async () => {
      const [log, state] = [inFolder('actions'), inFolder('state')];
      const driver = (text: string): void =>
        writeFileSync(inFolder('commands/switch'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      const works = `[ $MUSTER_ACTION = status ] && exec cat ${state}
        echo $MUSTER_ACTION >${state}
        echo $MUSTER_MACHINE $MUSTER_ACTION >>${log}`;
      writeFileSync(state, 'off\n');
      driver(works);
      const done = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
      await muster.run('power', 'set', 'db01', '--driver', 'command', '--', 'switch');
      const { page } = browser;
      await page.goto('/machines/db01');
      const choose = async (action: string): Promise<void> => {
        await page.getByRole('button', { name: 'Power' }).click();
        await page.getByRole('menuitem', { name: action, exact: true }).click();
      };
      await page.getByRole('button', { name: 'Power' }).click();
      await page.getByRole('menuitem', { name: 'Reset' }).waitFor();
      await looksAt('machine-power-menu');
      await page.keyboard.press('Escape');

      await choose('Switch on');
      await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
      await page.getByText('db01: Switch on is done').first().waitFor();
      expect(done()).toBe('db01 on\n');
      await choose('Switch on');
      await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
      await page.getByText('nothing was to be done, since it is on already').first().waitFor();
      expect(done()).toBe('db01 on\n');

      await choose('Switch off, hard');
      const off = page.getByRole('dialog').getByRole('button', { name: 'Switch off, hard' });
      expect(await off.isDisabled()).toBe(true);
      await looksAt('machine-power-off');
      await page.getByRole('dialog').getByRole('checkbox').check();
      driver('echo "the PDU is off line" >&2; exit 7');
      await off.click();
      await page
        .getByRole('dialog')
        .getByRole('alert')
        .getByText(/the PDU is off line/)
        .waitFor();
      await looksAt('machine-power-refused');
      driver(works);
      await off.click();
      await off.waitFor({ state: 'detached' });
      expect(done()).toBe('db01 on\ndb01 off\n');
    });
  });

  describe('a wave', () => {
    const shown = async (name: string) =>
      await muster.run<{ readonly state: string; readonly members: readonly unknown[] }>(
        'wave',
        'show',
        name,
      );

    test('is started over the machines that labels choose, paused, goes on, and is cancelled', async () => {
      for (const at of [1, 2]) await site.add(machineOfWave('a', at));
      const { page } = browser;
      await page.goto('/waves');
      await page.getByRole('button', { name: 'Start a wave' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('line-a');
      await dialog.getByLabel('Machines, by their labels').fill('line=a');
      await dialog.getByText('2 machines are chosen').waitFor();
      await dialog.getByLabel('Profile').selectOption('web');
      await dialog.getByLabel('At one time, at most').fill('1');
      await looksAt('wave-start');
      await dialog.getByRole('button', { name: 'Start a wave' }).click();
      await page.getByText('line-a has begun').waitFor();
      await page.getByRole('link', { name: 'line-a' }).click();
      const first = page.getByRole('row').filter({ hasText: 'a-1' });
      await first.getByText(/^It gets its turn when it stands at the waiting menu/).waitFor();

      const press = async (action: string): Promise<void> => {
        await page.getByRole('button', { name: action, exact: true }).click();
        await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
      };
      await press('Pause');
      await page.getByText('line-a is paused').waitFor();
      await first.getByText('The wave is paused').waitFor();
      // A paused wave gives no turn to who asks for one.
      await site.asks(machineOfWave('a', 1));
      expect(await shown('line-a')).toMatchObject({ state: 'paused', members: BOTH_WAIT });
      await press('Resume');
      await page.getByText('line-a goes on').waitFor();
      await first.getByText('Under way').waitFor();
      await page
        .getByRole('row')
        .filter({ hasText: 'a-2' })
        .getByText('As many as may be are under way')
        .waitFor();
      await looksAt('wave-under-way');

      await page.getByRole('button', { name: 'Cancel the wave' }).click();
      const sure = page.getByRole('dialog').getByRole('button', { name: 'Cancel the wave' });
      await page
        .getByRole('dialog')
        .getByLabel('Installs that have begun')
        .selectOption('are cancelled, too');
      expect(await sure.isDisabled()).toBe(true);
      await page.getByRole('dialog').getByRole('checkbox').check();
      await looksAt('wave-cancel');
      await sure.click();
      await page.getByText('line-a is cancelled').waitFor();
      expect(await shown('line-a')).toMatchObject({
        state: 'cancelled',
        members: [{ state: 'cancelled' }, { state: 'cancelled' }],
      });
      await press('Forget the wave');
      await page.getByText('No wave yet').waitFor();
      expect(await muster.run('wave', 'ls')).toEqual([]);
      expect(browser.complaints).toEqual([]);
    });

    test('over a disk that holds data begins by who says to know what will be gone', async () => {
      for (const at of [1, 2]) await site.add(machineOfWave('b', at));
      const installer = await site.installs(machineOfWave('b', 1));
      await installer.posts('finished', 'step=installed&percent=100');
      const { page } = browser;
      await page.goto('/waves');
      await page.getByRole('button', { name: 'Start a wave' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('line-b');
      await dialog.getByLabel('Machines, by their labels').fill('line=b');
      await dialog.getByLabel('Profile').selectOption('web');
      const start = dialog.getByRole('button', { name: 'Start a wave' });
      await start.click();
      await dialog
        .getByRole('alert')
        .getByText(/the disk of b-1 holds data.*profile web was installed/)
        .waitFor();
      expect(await muster.run('wave', 'ls')).toEqual([]);
      expect(await start.isDisabled()).toBe(true);
      await looksAt('wave-holds-data');
      await dialog.getByRole('checkbox').check();
      await start.click();
      await page.getByText('line-b has begun').waitFor();
      expect(await shown('line-b')).toMatchObject({ state: 'running' });
    });
  });

  describe('the policy', () => {
    const policy = async (): Promise<unknown> => await muster.run('policy', 'show');

    test('is changed, and a limit that is none is refused with the reason, and kept as it was typed', async () => {
      const { page } = browser;
      await page.goto('/settings');
      await page.getByRole('tab', { name: 'Policy' }).click();
      const limits = page.getByRole('region', { name: 'When installs end by themselves' });
      await limits.getByLabel('Tries of one arming').fill('9');
      await limits.getByLabel('Minutes without a word of the installer').fill('');
      await limits.getByRole('button', { name: 'Save' }).click();
      await limits
        .getByRole('alert')
        .getByText(/attempts/)
        .waitFor();
      await looksAt('settings-refused');
      expect(await limits.getByLabel('Tries of one arming').inputValue()).toBe('9');
      expect(await policy()).toMatchObject({ installs: { attempts: 2, quietMinutes: 90 } });

      await limits.getByLabel('Tries of one arming').fill('3');
      await limits.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved', { exact: true }).first().waitFor();
      await expect
        .poll(policy)
        .toMatchObject({ installs: { attempts: 3, quietMinutes: 'never', totalMinutes: 480 } });
      expect(await limits.getByRole('alert').count()).toBe(0);
    });

    test('of unknown machines is chosen, and an image that cannot discover them is refused', async () => {
      const { page } = browser;
      await page.goto('/settings');
      await page.getByRole('tab', { name: 'Policy' }).click();
      const unknown = page.getByRole('region', { name: 'Unknown machines' });
      await unknown.getByLabel(/^Ignore/).check();
      await unknown.getByLabel(/DHCPNAK/).check();
      await unknown.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved', { exact: true }).first().waitFor();
      expect(await policy()).toMatchObject({ unknownMachines: 'ignore', authoritative: true });

      const tools = page.getByRole('region', { name: 'Tools and discovery' });
      await tools.getByLabel(/^Image that unknown machines/).fill('no-such-image');
      await tools.getByRole('button', { name: 'Save' }).click();
      await tools
        .getByRole('alert')
        .getByText(/no-such-image/)
        .waitFor();
      expect(await policy()).toMatchObject({ discovery: { image: 'auto' } });
    });
  });
});

/** Of a wave over machines of its own. */
function machineOfWave(wave: 'a' | 'b', at: number): MachineInSite {
  return { name: `${wave}-${at}`, mac: `52:54:00:12:3${wave}:0${at}`, labels: [`line=${wave}`] };
}
