import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import {
  BrowserInNamespace,
  describeInBrowser,
  ENGLISH,
  type OpenedBrowser,
  type View,
} from './browser-world.ts';
import { BusySite, WEB01 } from './busy-site.ts';
import { type PageRow, PAGES } from './pages.ts';

/**
 * Every page in both themes and both languages, and on a narrow screen, where nothing may be cut off. Colours do not
 * depend on the language, so not each theme is seen in each.
 */
const VIEWS: readonly View[] = [
  { theme: 'light', language: 'en', size: 'wide' },
  { theme: 'dark', language: 'zh', size: 'wide' },
  { theme: 'dark', language: 'en', size: 'narrow' },
];

describeInBrowser('the web page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let site: BusySite;
  let browsers: BrowserInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    site = new BusySite(muster, segment);
    await site.setUp();
    await site.installs(WEB01);
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await site?.close();
    await muster?.close();
    await segment?.close();
  });

  for (const view of VIEWS)
    for (const row of PAGES)
      test(`${row.name}: ${view.theme}, ${view.language}, ${view.size}`, async () => {
        const browser = await browsers.open(view);
        await goTo(browser, row);
        await browser.picture(row.name);
        expect(await browser.axeFinds()).toEqual([]);
        expect(await browser.isWiderThanScreen()).toBe(false);
        expect(browser.complaints).toEqual([]);
        await browser.close();
      });

  test('the theme and the language are chosen on the page, and kept', async () => {
    const browser = await browsers.open(ENGLISH);
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
    await browser.close();
  });

  test('by the keyboard: skip link, command palette, a machine by its name', async () => {
    const browser = await browsers.open(ENGLISH);
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
    await browser.picture('palette');
    expect(await browser.axeFinds()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'web01' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/machines/web01');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  test('a machine is added, and a name that does not fit says so at its field', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/machines');
    await page.getByRole('button', { name: 'Add a machine' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Not A Name');
    await dialog.getByLabel('MAC addresses').fill('52:54:00:12:34:77');
    await dialog.getByRole('button', { name: 'Add a machine' }).click();
    await dialog.getByText(/a host name is wanted/).waitFor();
    expect(await dialog.getByLabel('MAC addresses').inputValue()).toBe('52:54:00:12:34:77');
    await browser.picture('machine-add');
    expect(await browser.axeFinds()).toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).fill('new01');
    await dialog.getByRole('button', { name: 'Add a machine' }).click();
    await page.getByText('new01 is known now').waitFor();
    await page.getByLabel(/Name, MAC/).fill('34:77');
    await page.getByRole('link', { name: 'new01' }).click();
    await page.getByRole('heading', { level: 1, name: 'new01' }).waitFor();
    expect(await muster.run('machine', 'show', 'new01')).toMatchObject({ macs: ['52:54:00:12:34:77'] });
    await browser.close();
  });

  test('an install is armed and cancelled on the page of its machine', async () => {
    await muster.run('machine', 'add', 'arm01', '--mac', '52:54:00:12:34:78');
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/machines/arm01');
    await page.getByRole('button', { name: 'Arm an install' }).click();
    await page.getByRole('dialog').getByLabel('Profile').selectOption('web');
    await browser.picture('machine-arm');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Arm the install' }).click();
    await page.getByText('arm01 is armed').waitFor();
    expect(await muster.run('install', 'ls', '--machine', 'arm01')).toMatchObject([{ state: 'requested' }]);
    await page.getByRole('button', { name: 'Cancel the install' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the install' }).click();
    await page.getByRole('button', { name: 'Arm an install' }).waitFor();
    expect(await muster.run('install', 'ls', '--machine', 'arm01')).toMatchObject([{ state: 'cancelled' }]);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });
});

async function goTo({ page, view }: OpenedBrowser, row: PageRow): Promise<void> {
  await page.goto(row.path);
  await page.getByRole('heading', { level: 1, name: row.title[view.language], exact: true }).waitFor();
  if (row.tab) await page.getByRole('tab', { name: row.tab[view.language] }).click();
  await page.getByText(row.shows).first().waitFor();
  // Fonts and the frame after the last answer.
  await page.waitForTimeout(300);
}
