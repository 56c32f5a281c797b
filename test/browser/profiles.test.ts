import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH, type OpenedBrowser } from './browser-world.ts';
import { BusySite } from './busy-site.ts';

interface Profile {
  readonly arguments: string;
  readonly template?: string;
}

describeInBrowser('profiles, snippets and groups on the web page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let site: BusySite;
  let browsers: BrowserInNamespace;
  let browser: OpenedBrowser;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    site = new BusySite(muster, segment);
    await site.setUp();
    browsers = await BrowserInNamespace.launch(segment.server);
    browser = await browsers.open(ENGLISH);
  });
  afterAll(async () => {
    await browser?.close();
    await browsers?.close();
    await site?.close();
    await muster?.close();
    await segment?.close();
  });

  const profile = async (): Promise<Profile> => await muster.run<Profile>('profile', 'show', 'web');
  const editor = () => browser.page.locator('.cm-content');
  /** In place of what is there. */
  const write = async (text: string): Promise<void> => {
    await editor().click();
    await browser.page.keyboard.press('Control+a');
    // What is typed over coloured text gets a style of Chromium's own, which the page's policy forbids.
    await browser.page.keyboard.press('Delete');
    await browser.page.keyboard.insertText(text);
  };

  test('what a machine would get is shown while the template is typed, and an error at its line', async () => {
    const { page } = browser;
    await page.goto('/profiles/web');
    await page
      .getByRole('region', { name: 'Answer file of db01' })
      .getByText(/^lang /)
      .waitFor();
    await write('# {{ machine.name }} by {{ profile }}\n# {{ own }}\n');
    const place = 'profile web, line 2, column 6';
    await page
      .getByRole('listitem')
      .filter({ hasText: place })
      .getByText('there is no variable "own"')
      .waitFor();
    await page.locator('.cm-lint-marker-error').hover();
    await page.locator('.cm-tooltip-lint').getByText('there is no variable "own"').waitFor();
    await browser.picture('profile-error');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByLabel('Variables', { exact: true }).fill('own=of mine');
    await page.getByText('# db01 by web').waitFor();
    await page.getByText('# of mine').waitFor();
    await page.getByLabel('For the machine').selectOption('web01');
    await page.getByText('# web01 by web').waitFor();
    expect(await profile()).not.toHaveProperty('template');
  });

  test('variables come into the template as they are chosen or typed', async () => {
    const { page } = browser;
    await write('part ');
    await page.getByRole('tab', { name: 'Variables and filters' }).click();
    await page.getByLabel('Search variables, names and filters').fill('how the disk is divided');
    await browser.picture('profile-variables');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByRole('button', { name: 'partitioning' }).click();
    await page.keyboard.type(' {{ machine.fq');
    await page.locator('.cm-tooltip-autocomplete').getByText('machine.fqdn').waitFor();
    // What is offered can be taken when it was there for a moment.
    await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
    expect(await editor().innerText()).toContain('part {{ partitioning | ks }} {{ machine.fqdn');
  });

  test('what somebody else saved meanwhile is not written over, and nothing that was typed is lost', async () => {
    const { page } = browser;
    await write('# mine\n');
    await muster.run('profile', 'set', 'web', '--args', 'quiet');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const note = page.getByRole('alert');
    await note.getByText('It was changed meanwhile').waitFor();
    await note.getByText(/^(?:this computer|anybody) changed it/).waitFor();
    await note.getByText('It is now: quiet').waitFor();
    await browser.picture('profile-meanwhile');
    expect(await browser.axeFinds()).toEqual([]);
    expect(await profile()).toMatchObject({ arguments: 'quiet' });
    expect(await profile()).not.toHaveProperty('template');
    await note.getByRole('button', { name: 'Write mine anyway' }).click();
    await page.getByText('web is saved').waitFor();
    expect(await profile()).toMatchObject({ arguments: '', template: '# mine\n' });

    await muster.run('profile', 'set', 'web', '--args', 'splash');
    await write('# mine again\n');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await note.getByRole('button', { name: 'Take theirs' }).click();
    expect(await page.getByLabel('Arguments of the kernel').inputValue()).toBe('splash');
    expect(await editor().innerText()).not.toContain('again');
    expect(await note.count()).toBe(0);
  });

  test('a profile in use stays, with the reason, and another is removed', async () => {
    const { page } = browser;
    await muster.run('install', 'db01', '--profile', 'web', '--erase');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove web' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/install/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.goto('/profiles');
    await page.getByRole('button', { name: 'Add a profile' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('web');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText(/is there, and was to be added/).waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('spare');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'spare' }).waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByRole('button', { name: 'Remove spare' }).click();
    await page.getByText('spare is gone').waitFor();
    expect(await muster.run('profile', 'ls')).toHaveLength(1);
  });

  test('a snippet is added, written with its errors shown, included and removed', async () => {
    const { page } = browser;
    await page.goto('/snippets');
    await page.getByRole('button', { name: 'Add a snippet' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('hello');
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'hello' }).waitFor();
    await write('hello\n{% if %}');
    await page.getByRole('listitem').filter({ hasText: 'line 2, column 7' }).waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await write('hello of {{ machine.name }}\n');
    await page.getByText('Nothing is wrong with it').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('hello is saved').waitFor();
    expect(await muster.run('snippet', 'show', 'hello')).toMatchObject({
      text: 'hello of {{ machine.name }}\n',
    });

    const template = join(muster.folder, 'ks.j2');
    writeFileSync(template, '# {% include "hello" %}\n');
    await muster.run('profile', 'set', 'web', '--template', template);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove hello' }).click();
    await page.getByText('the template of profile web includes it').waitFor();
    await muster.run('profile', 'set', 'web', '--default-template');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove hello' }).click();
    await page.getByText('hello is gone').waitFor();
    expect(await muster.run('snippet', 'ls')).toEqual([]);
  });

  test('a group shows who is in it while its selector is typed, and is saved and removed', async () => {
    const { page } = browser;
    await page.goto('/groups');
    await page.getByRole('button', { name: 'Add a group' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('webs');
    await dialog.getByLabel('Selector').fill('role=web');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('link', { name: 'web02' }).waitFor();
    await page.getByLabel('Selector').fill('role=db');
    await page.getByRole('link', { name: 'db01' }).waitFor();
    expect(await page.getByRole('link', { name: 'web02' }).count()).toBe(0);
    await page.getByLabel('Selector').fill('role in (');
    await page.getByText(/column/).waitFor();
    await page.getByLabel('Selector').fill('rack=a1');
    await page.getByLabel('Variables', { exact: true }).fill('timezone=Asia/Shanghai');
    // A machine that came into it is no change of the group.
    await muster.run('machine', 'set', 'db01', '--label', 'role=web');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('webs is saved').waitFor();
    expect(await muster.run('group', 'show', 'webs')).toMatchObject({
      selector: 'rack=a1',
      variables: { timezone: 'Asia/Shanghai' },
      machines: ['web01', 'web02'],
    });
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByRole('button', { name: 'Remove webs' }).click();
    await page.getByText('webs is gone').waitFor();
    expect(await muster.run('group', 'ls')).toEqual([]);
  });

  test('a subnet and the policy are not written over either', async () => {
    const { page } = browser;
    await page.goto('/subnets');
    await page.getByRole('button', { name: 'Change it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Domain').fill('mine.example');
    await muster.run('subnet', 'set', 'lab', '--domain', 'theirs.example');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('theirs.example').waitFor();
    expect(await dialog.getByLabel('Domain').inputValue()).toBe('mine.example');
    await dialog.getByRole('button', { name: 'Take theirs' }).click();
    expect(await dialog.getByLabel('Domain').inputValue()).toBe('theirs.example');
    await dialog.getByLabel('Domain').fill('both.example');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('lab is saved').waitFor();
    expect(await muster.run('subnet', 'show', 'lab')).toMatchObject({ domainName: 'both.example' });

    await page.goto('/settings');
    await page.getByRole('tab', { name: 'Policy' }).click();
    const attempts = page.getByLabel('Tries of one arming');
    await attempts.fill('4');
    await muster.run('policy', 'set', '--install-attempts', '5');
    const form = page.getByRole('region').filter({ has: attempts });
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('It was changed meanwhile').waitFor();
    expect(await attempts.inputValue()).toBe('4');
    await form.getByRole('button', { name: 'Write mine anyway' }).click();
    await expect
      .poll(async () => await muster.run('policy', 'show'))
      .toMatchObject({ installs: { attempts: 4 } });
    // What was refused on purpose, the browser says too.
    expect(browser.complaints.filter((one) => !/status of (?:400|409|412) /.test(one))).toEqual([]);
  });
});
