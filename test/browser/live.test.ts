import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH } from './browser-world.ts';
import { BusySite, DB01, WEB01, WEB02 } from './busy-site.ts';

const DB02 = { name: 'db02', mac: '52:54:00:12:34:04' };
const OTHER_SERVER =
  '--no-daemon --conf-file=/dev/null --port=0 --user=root --no-ping --leasefile-ro --interface=eth0 --dhcp-authoritative --dhcp-range=192.168.122.50,192.168.122.60'.split(
    ' ',
  );

describeInBrowser('what happens is seen as it happens', () => {
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
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await site?.close();
    await muster?.close();
    await segment?.close();
  });

  test('a machine moves through its boot to installed, and its log grows, without a load of the page', async () => {
    const [now, machine] = [await browsers.open(ENGLISH), await browsers.open(ENGLISH)];
    await now.page.goto('/');
    await now.page.getByText('Nothing boots at the moment').waitFor();
    await now.picture('now-empty');
    expect(await now.axeFinds()).toEqual([]);
    await machine.page.goto(`/machines/${WEB01.name}`);
    await machine.page.getByRole('tab', { name: 'Log' }).click();

    const installer = await site.installs(WEB01);
    const row = now.page.getByRole('row').filter({ hasText: WEB01.name });
    await row.getByRole('img', { name: 'Phase 5 of 6: Steps' }).waitFor();
    await row.getByText('42%').first().waitFor();
    await machine.page.getByText('the installer says so').waitFor();

    await installer.posts('log', 'one more line\n');
    await machine.page.getByText('one more line').waitFor();
    await installer.posts('progress', 'step=boot+loader&percent=82');
    await row.getByText('82%').first().waitFor();
    await installer.posts('finished', 'step=installed&percent=100');
    await row.getByText('Done').waitFor();
    await now.picture('now-done');
    await machine.page.getByText('Installed').first().waitFor();
    expect([...now.complaints, ...machine.complaints]).toEqual([]);
    await now.close();
    await machine.close();
  });

  test('a server that is started anew is found again, and nothing is missed', async () => {
    const browser = await browsers.open(ENGLISH);
    await browser.page.goto('/');
    await browser.page.getByText('Live', { exact: true }).waitFor();
    await muster.program.stop();
    await browser.page.getByText('Not connected').waitFor();
    await muster.up();
    // At once, whether the page is connected again by then or not.
    await site.installs(WEB02);
    await browser.page.getByText('Live', { exact: true }).waitFor();
    await browser.page.getByRole('row').filter({ hasText: WEB02.name }).waitFor();
    await browser.close();
  });

  test('a machine whose turn did not come waits, with the reason, and a pool that is full is warned of', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/');
    await muster.run('machine', 'add', DB02.name, '--mac', DB02.mac);
    await muster.run('wave', 'start', 'line', DB01.name, DB02.name, '--profile', 'web', '--erase');
    await muster.run('wave', 'pause', 'line');
    await site.boots(DB01);
    const row = page.getByRole('row').filter({ hasText: DB01.name });
    await row.getByText('Waits', { exact: true }).waitFor();
    await row.getByText(/wave line, which is paused/).waitFor();
    const pool = page.getByText(/Subnet lab has \d+ of \d+ addresses taken/);
    expect(await pool.count()).toBe(0);
    const leases = await muster.leases();
    const [address = ''] = leases.filter(({ state }) => state === 'held').map((one) => one.address);
    await muster.run('subnet', 'set', 'lab', '--range', `${address}-${address}`);
    // The page asks for this each 15 seconds.
    await page.reload();
    await pool.waitFor();
    await row.getByText(/wave line, which is paused/).waitFor();
    expect(await browser.axeFinds()).toEqual([]);
    await browser.picture('now-waits');
    await muster.run('subnet', 'set', 'lab', '--range', '192.168.122.100-192.168.122.200');
    await page.reload();
    await row.waitFor();
    await pool.waitFor({ state: 'detached' });
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  test('another DHCP server is warned of, and no more some minutes after it was seen last', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.clock.install();
    await page.goto('/');
    await page.getByText('Live', { exact: true }).waitFor();
    const warning = page.getByText('Another DHCP server answers here: 192.168.122.2');
    expect(await warning.count()).toBe(0);
    const router = await segment.plugIn('52:54:00:00:00:99');
    await router.ip('address add 192.168.122.2/24 dev eth0');
    const dnsmasq = router.start('dnsmasq', OTHER_SERVER);
    await dnsmasq.waitFor(/DHCP, IP range/);
    await muster.program.stop();
    await muster.up();
    await warning.waitFor();
    expect(await browser.axeFinds()).toEqual([]);
    await browser.picture('now-other-server');
    await dnsmasq.stop();
    await page.clock.fastForward('03:01');
    await warning.waitFor({ state: 'detached' });
    await browser.close();
  });

  test('a machine is booted into a tool, and the disk of one that is wiped is named and given up first', async () => {
    await muster.run('machine', 'add', 'pc-1', '--mac', '52:54:00:12:34:05');
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/machines/pc-1');
    await page.getByRole('button', { name: 'Boot a tool' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tool').selectOption('wipe');
    await dialog.getByLabel('Disk', { exact: true }).fill('sda');
    await dialog.getByRole('button', { name: 'Boot it next time' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/must be confirmed/)
      .waitFor();
    expect(await browser.axeFinds()).toEqual([]);
    await browser.picture('machine-tool');
    await dialog.getByLabel('Tool').selectOption('rescue');
    await dialog.getByText('mends the one on its disk').waitFor();
    await dialog.getByRole('button', { name: 'Boot it next time' }).click();
    await page.getByText('pc-1 boots rescue the next time').waitFor();
    expect(await muster.run('install', 'ls', '--machine', 'pc-1')).toMatchObject([
      { profile: expect.stringMatching(/^rescue@/), state: 'requested' },
    ]);
    await browser.close();
  });

  test('where the server has another database, what is shown is read anew', async () => {
    const [machines, events] = [await browsers.open(ENGLISH), await browsers.open(ENGLISH)];
    await machines.page.goto('/machines');
    await machines.page.getByRole('link', { name: WEB01.name }).waitFor();
    await events.page.goto('/events');
    await events.page.getByText(/^\d{2,} rows$/).waitFor();
    await muster.program.stop();
    rmSync(join(muster.folder, 'data'), { recursive: true });
    mkdirSync(join(muster.folder, 'data'));
    await muster.up();
    await machines.page.getByText('No machine is known yet').waitFor();
    await events.page.getByText(/^\d rows$/).waitFor();
    await events.page.getByText(/^Muster .* runs$/).waitFor();
    await machines.close();
    await events.close();
  });
});
