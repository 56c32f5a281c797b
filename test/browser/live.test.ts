import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH } from './browser-world.ts';
import { BusySite, WEB01, WEB02 } from './busy-site.ts';

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
});
