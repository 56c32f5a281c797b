import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH, LANGUAGES, THEMES } from './browser-world.ts';

const PASSWORD = 'a sentence is easy to keep';

describeInBrowser('the door of the page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let browsers: BrowserInNamespace;
  let link: string;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    const box = await muster.up();
    link = /\/#login=[\w-]+/.exec(box)?.[0] ?? '';
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await muster?.close();
    await segment?.close();
  });

  test('the link of the first start makes the first user, and the password is good from then on', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto(link);
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await browser.picture('login-first');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByLabel('Your name here').fill('anna');
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText(/at least 12 letters/).waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('button', { name: /Log out/ }).waitFor();
    expect(page.url()).not.toContain('login=');

    await page.getByRole('button', { name: /Log out/ }).click();
    await page.getByLabel('User', { exact: true }).fill('anna');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('User', { exact: true }).inputValue()).toBe('anna');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: /Log out/ }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /Log out/ }).waitFor();
    await browser.close();
  });

  for (const theme of THEMES)
    for (const language of LANGUAGES)
      test(`who is not logged in gets the door: ${theme}, ${language}`, async () => {
        const browser = await browsers.open({ theme, language, size: 'wide' });
        await browser.page.goto('/machines');
        await browser.page
          .getByRole('heading', { level: 1, name: language === 'en' ? 'Log in' : '登录' })
          .waitFor();
        await browser.picture('login');
        expect(await browser.axeFinds()).toEqual([]);
        await browser.close();
      });

  test('a link that was used says so', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto(link);
    await page.getByLabel('Your name here').fill('berta');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').waitFor();
    await browser.close();
  });

  test('a viewer logs in by a link of an admin, and is shown nothing that would be refused', async () => {
    await muster.run('user', 'add', 'vera', '--role', 'viewer');
    await muster.run('machine', 'add', 'web01', '--mac', '52:54:00:12:34:01');
    const { stdout } = await muster.tryRun('user', 'link', 'vera');
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto(/\/#login=[\w-]+/.exec(stdout)?.[0] ?? '/');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('link', { name: 'Machines', exact: true }).click();
    await page.getByRole('link', { name: 'web01' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a machine' }).count()).toBe(0);
    await page.getByRole('link', { name: 'web01' }).click();
    await page.getByRole('heading', { name: 'What it would boot now' }).waitFor();
    expect(await page.getByRole('button', { name: 'Arm an install' }).count()).toBe(0);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });
});
