import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import {
  BrowserInNamespace,
  describeInBrowser,
  ENGLISH,
  LANGUAGES,
  type OpenedBrowser,
  PAGE_URL,
  THEMES,
} from './browser-world.ts';

const PASSWORD = 'a sentence is easy to keep';
const OTHER_PASSWORD = 'another one is as easy';

describeInBrowser('people on the page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let browsers: BrowserInNamespace;
  /** The first user, who is an admin, and stays logged in. */
  let anna: OpenedBrowser;
  let link: string;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    const box = await muster.up();
    link = linkIn(box);
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await muster?.close();
    await segment?.close();
  });

  const looksAt = async (browser: OpenedBrowser, name: string): Promise<void> => {
    await browser.settles();
    await browser.picture(name);
    expect(await browser.axeFinds()).toEqual([]);
  };

  /** Whoever has such a link, on a computer of their own. */
  const arrives = async (by: string): Promise<OpenedBrowser> => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto(by);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('button', { name: /Log out/ }).waitFor();
    return browser;
  };

  /** The link that a dialog shows. */
  const linkShown = async (): Promise<string> => {
    const dialog = anna.page.getByRole('dialog', { name: /^A link for / });
    const shown = linkIn(await dialog.getByRole('code').innerText());
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    return shown;
  };

  test('the link of the first start makes the first user, and the password is good from then on', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto(link);
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await looksAt(browser, 'login-first');
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
    anna = browser;
  });

  for (const theme of THEMES)
    for (const language of LANGUAGES)
      test(`who is not logged in gets the door: ${theme}, ${language}`, async () => {
        const browser = await browsers.open({ theme, language, size: language === 'en' ? 'wide' : 'narrow' });
        await browser.page.goto('/machines');
        await browser.page
          .getByRole('heading', { level: 1, name: language === 'en' ? 'Log in' : '登录' })
          .waitFor();
        await looksAt(browser, 'login');
        expect(await browser.cutOff()).toEqual([]);
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

  test('a user who is added as a viewer comes by the link, and is shown nothing that would be refused', async () => {
    await muster.run('machine', 'add', 'web01', '--mac', '52:54:00:12:34:01');
    await anna.goTo('/users');
    await anna.page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = anna.page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByLabel('Name', { exact: true }).fill('vera');
    await dialog.getByLabel('Role').selectOption('viewer');
    await looksAt(anna, 'user-add');
    await dialog.getByRole('button', { name: 'Add a user' }).click();
    await anna.page.getByRole('dialog', { name: 'A link for vera' }).waitFor();
    await looksAt(anna, 'user-link');
    const vera = await arrives(await linkShown());
    await vera.page.getByRole('link', { name: 'Machines', exact: true }).click();
    await vera.page.getByRole('link', { name: 'web01' }).waitFor();
    expect(await vera.page.getByRole('button', { name: 'Add a machine' }).count()).toBe(0);
    await vera.page.getByRole('link', { name: 'web01' }).click();
    await vera.page.getByRole('heading', { name: 'What it would boot now' }).waitFor();
    expect(await vera.page.getByRole('button', { name: 'Arm an install' }).count()).toBe(0);
    await vera.goTo('/users');
    await vera.page.getByRole('tab', { name: 'My password' }).waitFor();
    expect(await vera.page.getByRole('tab', { name: 'Audit log' }).count()).toBe(0);
    expect(vera.complaints).toEqual([]);
    await vera.close();
  });

  test('with another role a user may more, a new link sets a new password, and who is locked is out', async () => {
    await anna.goTo('/users');
    await anna.page.getByLabel('Role of vera').selectOption('operator');
    await anna.page.getByText('vera: Operator').waitFor();
    expect(await muster.run('user', 'ls')).toContainEqual(
      expect.objectContaining({ name: 'vera', role: 'operator' }),
    );
    await anna.page.getByRole('button', { name: 'New link: vera' }).click();
    const vera = await arrives(await linkShown());
    await vera.page.getByRole('link', { name: 'Machines', exact: true }).click();
    await vera.page.getByRole('button', { name: 'Add a machine' }).waitFor();

    await anna.page.getByRole('button', { name: 'Lock: vera' }).click();
    await looksAt(anna, 'user-lock');
    await anna.page.getByRole('dialog').getByRole('button', { name: 'Lock' }).click();
    await anna.page.getByText('vera is locked').waitFor();
    await vera.page.reload();
    await vera.page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
    await vera.page.getByLabel('User', { exact: true }).fill('vera');
    await vera.page.getByLabel('Password').fill(PASSWORD);
    await vera.page.getByRole('button', { name: 'Log in' }).click();
    await vera.page.getByRole('alert').waitFor();

    await anna.page.getByRole('button', { name: 'Unlock: vera' }).click();
    await anna.page.getByRole('dialog').getByRole('button', { name: 'Unlock' }).click();
    await anna.page.getByText('vera may log in').first().waitFor();
    await vera.close();
    // Wrong passwords of before count for a while, a link does not.
    await anna.page.getByRole('button', { name: 'New link: vera' }).click();
    await (await arrives(await linkShown())).close();
  });

  test('the token that is made opens what it is for and nothing else, until it is taken away', async () => {
    const answerTo = async (secret: string, path: string): Promise<string> => {
      // Another computer, as it were: of this one, passwords were wrong too often by now.
      const from = ['--interface', '127.0.0.9'];
      const words = [
        ...from,
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        `Authorization: Bearer ${secret}`,
      ];
      return (await segment.server.run('curl', [...words, `${PAGE_URL}/api/v1/${path}`])).stdout;
    };
    const { page } = anna;
    await anna.goTo('/users');
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('pipeline');
    await dialog.getByLabel('Only these parts of the API').fill('machines');
    await looksAt(anna, 'token-add');
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('dialog', { name: 'The secret of the token' }).waitFor();
    await looksAt(anna, 'token-secret');
    const secret = await dialog.getByRole('code').innerText();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect(await answerTo(secret, 'machines')).toBe('200');
    expect(await answerTo(secret, 'subnets')).toBe('403');

    await page.getByRole('button', { name: 'Take away: pipeline' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
    await page.getByText('The token is taken away').waitFor();
    await page.getByText('No token yet').waitFor();
    expect(await answerTo(secret, 'machines')).toBe('401');
  });

  test('the audit log tells who changed what, before and afterwards', async () => {
    const { page } = anna;
    await anna.goTo('/users');
    await page.getByRole('tab', { name: 'Audit log' }).click();
    await page.getByRole('searchbox', { name: 'What was asked' }).fill('changeUser');
    await page
      .getByRole('button', { name: /^changeUser \/users\/vera/ })
      .last()
      .click();
    const dialog = page.getByRole('dialog', { name: 'changeUser' });
    const changed = dialog.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'role' }) });
    expect(await changed.getByRole('cell').allInnerTexts()).toEqual(['viewer', 'operator']);
    expect(await dialog.getByText('anna', { exact: true }).count()).toBe(1);
    await looksAt(anna, 'audit-entry');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test("one's own password is changed by who knows the old one, and the new one is good", async () => {
    const { page } = anna;
    await anna.goTo('/users');
    await page.getByRole('tab', { name: 'My password' }).click();
    await page.getByLabel('The password so far').fill('not the password');
    await page.getByLabel('The new password').fill(OTHER_PASSWORD);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    await looksAt(anna, 'own-password');
    await page.getByLabel('The password so far').fill(PASSWORD);
    await page.getByLabel('The new password').fill(OTHER_PASSWORD);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The password is changed').waitFor();
    await page.getByRole('button', { name: /Log out/ }).click();
    await page.getByLabel('User', { exact: true }).fill('anna');
    await page.getByLabel('Password').fill(OTHER_PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: /Log out/ }).waitFor();
    await anna.close();
  });
});

/** The last part of an address that logs somebody in once. */
function linkIn(text: string): string {
  return /\/#login=[\w-]+/.exec(text)?.[0] ?? '/';
}
