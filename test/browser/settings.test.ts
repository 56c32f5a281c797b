import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import type { RunningProgram } from '../clients/running-program.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH, type OpenedBrowser } from './browser-world.ts';

/** What holds for every machine and who is told, changed on the page and seen by the command line. */

const HOOK_PORT = 8099;

describeInBrowser('settings on the web page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let receiver: RunningProgram;
  let browsers: BrowserInNamespace;
  let browser: OpenedBrowser;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    receiver = segment.server.startScript('test/clients/hook-receiver-child.ts', [
      String(HOOK_PORT),
      muster.folder,
    ]);
    await receiver.waitFor(/listening/);
    browsers = await BrowserInNamespace.launch(segment.server);
    browser = await browsers.open(ENGLISH);
  });
  afterAll(async () => {
    await browsers?.close();
    await receiver?.stop();
    await muster?.close();
    await segment?.close();
  });

  const ruleNames = async (): Promise<readonly string[]> => {
    const { enrol } = await muster.run<{ enrol: { rules: readonly { name: string }[] } }>('policy', 'show');
    return enrol.rules.map(({ name }) => name);
  };

  test('rules are added, put in another order, changed and removed; what is refused stands at its field', async () => {
    const { page } = browser;
    await page.goto('/settings');
    await page.getByRole('tab', { name: 'Policy' }).click();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await dialog.getByLabel('Name it gets').fill('node');
    await dialog.getByLabel('First digits of its MAC address').fill('nonsense');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('the first digits of a MAC address are wanted: 52:54:00').waitFor();
    await dialog.getByLabel('First digits of its MAC address').fill('52:54:00');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/name "node" gives every machine the same name/).waitFor();
    await browser.picture('settings-rule');
    expect(await browser.axeFinds()).toEqual([]);
    await dialog.getByLabel('Name it gets').fill('node-{n:03}');
    await dialog.getByLabel('Labels').fill('rack=a1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('mac 52:54:00 → node-{n:03}').waitFor();

    await page.getByRole('button', { name: 'Add a rule' }).click();
    await dialog.getByLabel('Name it gets').fill('pc-{mac}');
    await dialog.getByLabel('Firmware').selectOption('UEFI');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('firmware UEFI → pc-{mac}').waitFor();
    expect(await ruleNames()).toEqual(['node-{n:03}', 'pc-{mac}']);
    await page.getByRole('button', { name: 'Move the rule pc-{mac} up' }).click();
    await expect.poll(ruleNames).toEqual(['pc-{mac}', 'node-{n:03}']);

    await page.getByRole('button', { name: 'Change the rule node-{n:03}' }).click();
    expect(await dialog.getByLabel('Labels').inputValue()).toBe('rack=a1');
    await dialog.getByLabel('Name it gets').fill('blade-{n}');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('mac 52:54:00 → blade-{n}').waitFor();
    await page.getByRole('button', { name: 'Remove the rule pc-{mac}' }).click();
    await dialog.getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByText('firmware UEFI → pc-{mac}').waitFor({ state: 'detached' });
    expect(await ruleNames()).toEqual(['blade-{n}']);
    expect(browser.complaints.filter((one) => !/ 4\d\d /.test(one))).toEqual([]);
  });

  test('a hook is added, tested, shows what came of each event, and is removed', async () => {
    const { page } = browser;
    await page.goto('/settings');
    await page.getByRole('tab', { name: 'Hooks' }).click();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Add a hook' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('chat');
    await dialog.getByLabel('Events').fill('nonsense.*');
    await dialog.getByLabel('URL').fill(`http://127.0.0.1:${HOOK_PORT}/in`);
    await dialog.getByLabel('Key').fill('a-key-that-nobody-guesses');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/nonsense/)
      .waitFor();
    await browser.picture('settings-hook');
    expect(await browser.axeFinds()).toEqual([]);
    await dialog.getByLabel('Events').fill('power.*');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText('chat is told of what happens from now on').waitFor();

    // The receiver answers the first request with 500.
    await page.getByRole('button', { name: 'Test' }).click();
    await page
      .getByText(/It failed: .*500/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Test' }).click();
    await page
      .getByText(/It was told: .*204/)
      .first()
      .waitFor();
    // A machine nobody can switch: the try is an event.
    await muster.run('machine', 'add', 'web01', '--mac', '52:54:00:12:34:01');
    await muster.run('power', 'set', 'web01', '--driver', 'command', '--', 'no-such-program');
    await muster.tryRun('power', 'on', 'web01');
    await page.getByRole('button', { name: 'What it was told' }).click();
    const told = dialog.getByRole('listitem').filter({ hasText: 'power.failed' });
    await told.getByText('Taken').waitFor();
    await told.getByText(/204/).waitFor();
    await browser.picture('settings-deliveries');
    expect(await browser.axeFinds()).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'Remove chat' }).click();
    await dialog.getByRole('button', { name: 'Remove the hook' }).click();
    await page.getByText('chat is removed').waitFor();
    expect(await muster.run('hook', 'ls')).toEqual([]);
  });

  test('a machine is changed, its power is set and asked, and it is forgotten', async () => {
    await muster.run('machine', 'add', 'pc-1', '--mac', '52:54:00:12:34:02', '--label', 'rack=a1');
    const { page } = browser;
    await page.goto('/machines/pc-1');
    await page.getByRole('tab', { name: 'Facts' }).click();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await dialog.getByLabel('MAC addresses').fill('nonsense');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/"nonsense"/).waitFor();
    await dialog.getByLabel('MAC addresses').fill('52:54:00:12:34:02');
    await dialog.getByLabel('Name').fill('pc-2');
    await dialog.getByLabel('Labels').fill('rack=b7 gpu');
    await browser.picture('machine-change');
    expect(await browser.axeFinds()).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'pc-2' }).waitFor();
    expect(await muster.run('machine', 'show', 'pc-2')).toMatchObject({
      macs: ['52:54:00:12:34:02'],
      labels: { rack: 'b7', gpu: '' },
    });

    await page.getByRole('tab', { name: 'Facts' }).click();
    await page.getByText(/is not set, so people switch it on/).waitFor();
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await dialog.getByLabel('Reached by').selectOption('command');
    await dialog.getByLabel('Program and arguments').fill('no-such-program\n--row\n7');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('no-such-program --row 7').waitFor();
    await page.getByRole('button', { name: 'Ask now' }).click();
    await page.getByText('no program may be run').first().waitFor();
    await page.getByText('Not reached').first().waitFor();
    await browser.picture('machine-power');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByRole('button', { name: 'Forget how its power is reached' }).click();
    await dialog.getByRole('button', { name: 'Forget how its power is reached' }).click();
    await page.getByText(/is not set, so people switch it on/).waitFor();

    await page.getByRole('button', { name: 'Forget the machine' }).click();
    await dialog.getByLabel(/labels, variables and installs will be gone/).check();
    await dialog.getByRole('button', { name: 'Forget the machine' }).click();
    await page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
    await page.getByRole('link', { name: 'pc-2' }).waitFor({ state: 'detached' });
    expect((await muster.tryRun('machine', 'show', 'pc-2')).stderr).toMatch(/no machine "pc-2"/);
  });

  test('a mirror is added, asks nobody any more, and is removed with what it keeps', async () => {
    const { page } = browser;
    await page.goto('/settings');
    await page.getByRole('tab', { name: 'Mirrors' }).click();
    await page.getByText('No package mirror yet').waitFor();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Add a mirror' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('debian');
    await dialog.getByLabel('Where it is fetched from').fill('ftp://deb.example/');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Where it is fetched from').fill('http://127.0.0.1:1/debian');
    await dialog.getByLabel('Kind').selectOption('debian');
    await dialog.getByLabel(/GiB/).fill('2');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText(/0 files kept, 0 B of 2(?:\.0)? GiB/).waitFor();
    await browser.picture('settings-mirrors');
    expect(await browser.axeFinds()).toEqual([]);
    await page.getByRole('button', { name: 'Go offline' }).click();
    await page.getByText('debian serves what is kept, and asks nobody').waitFor();
    expect(await muster.run('mirror', 'ls')).toMatchObject([
      { name: 'debian', kind: 'debian', mode: 'offline', maxBytes: 2 * 1024 ** 3 },
    ]);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText(/Looked through last: 0 of 0 files/).waitFor();
    await page.getByRole('button', { name: 'Remove debian' }).click();
    const remove = dialog.getByRole('button', { name: 'Remove the mirror' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel(/all that is kept of it will be gone/).check();
    await remove.click();
    await page.getByText('debian is removed').waitFor();
    expect(await muster.run('mirror', 'ls')).toEqual([]);
  });
});
