import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, type OpenedBrowser, type View } from './browser-world.ts';
import { BusySite, WEB01 } from './busy-site.ts';
import { EMPTY_PAGES, type PageRow, PAGES } from './pages.ts';

/**
 * Every page in both themes and both languages, and on a narrow screen, where nothing may be cut off. Colours do not
 * depend on the language, so not each theme is seen in each.
 */
const VIEWS: readonly View[] = [
  { theme: 'light', language: 'en', size: 'wide' },
  { theme: 'dark', language: 'zh', size: 'wide' },
  { theme: 'dark', language: 'en', size: 'narrow' },
];
const EMPTY_VIEWS: readonly View[] = [
  { theme: 'light', language: 'zh', size: 'narrow' },
  { theme: 'dark', language: 'en', size: 'wide' },
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
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await site?.close();
    await muster?.close();
    await segment?.close();
  });

  /** One browser for all rows: it goes from page to page as somebody does. */
  const looksAt = (rows: readonly PageRow[], views: readonly View[]): void => {
    for (const view of views)
      describe(`${view.theme}, ${view.language}, ${view.size}`, () => {
        let browser: OpenedBrowser;

        beforeAll(async () => {
          browser = await browsers.open(view);
        });
        afterAll(() => browser.close());

        for (const row of rows)
          test(`${row.name}: axe finds nothing, and nothing is cut off`, async () => {
            await goTo(browser, row);
            await browser.picture(row.name);
            // First: what could not be loaded is the cause of all the rest.
            expect(browser.complaints).toEqual([]);
            expect(await browser.axeFinds()).toEqual([]);
            expect(await browser.cutOff()).toEqual([]);
          });
      });
  };

  describe('where nothing is set up', () => looksAt(EMPTY_PAGES, EMPTY_VIEWS));

  describe('with machines', () => {
    beforeAll(async () => {
      site = new BusySite(muster, segment);
      await site.setUp();
      await site.setUpRest();
      await site.installs(WEB01);
    });

    looksAt(PAGES, VIEWS);
  });
});

async function goTo(browser: OpenedBrowser, row: PageRow): Promise<void> {
  const { page, view } = browser;
  await browser.goTo(row.path);
  await page.getByRole('heading', { level: 1, name: row.title[view.language], exact: true }).waitFor();
  if (row.tab) await page.getByRole('tab', { name: row.tab[view.language] }).click();
  await page.getByText(row.shows).first().waitFor();
  if (row.drawing !== undefined) await page.locator(row.drawing).first().waitFor();
  await browser.settles();
}
