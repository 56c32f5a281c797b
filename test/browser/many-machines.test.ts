import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import type { NetworkNamespace } from '../clients/namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH } from './browser-world.ts';

/** How long a frame takes is measured by `npm run bench -- api`; here is counted what makes it long. */

const MACHINES = 10_000;
/** Two events each. */
const BOOTING = 800;
const STORM_SECONDS = 4;
/** Of the page of events, at most. */
const DRAWINGS_PER_SECOND = 4;
/** Machines that the page asks for at one time; more come as somebody scrolls. */
const PAGE_ROWS = 200;
/** More than the API tells in one page. */
const GROUPS = 150;
/** How long the list stands before it is asked for again. */
const LIST_STANDS_SECONDS = 10;
/** Rows in sight of a window of this size, with those beyond its edges. */
const MAX_ROWS_DRAWN = 60;
/** That come into sight and are drawn in one frame. */
const MAX_NEW_ROWS = 4;
/** Of a mouse wheel, each by a whole screen. */
const TURNS = { count: 20, pixels: 900, everyMs: 50 };
/** Part of the addresses of machines in the load program. */
const SEED = 7;
const BY_NAME = Array.from({ length: MACHINES }, (_, at) => `m${at}`).toSorted();
const SERVER = '10.80.0.1';
const RELAY = '10.80.0.2';

describeInBrowser(`${MACHINES} machines, and 200 events a second`, () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let relay: NetworkNamespace;
  let browsers: BrowserInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.ip(`address add ${SERVER}/16 dev br0`);
    relay = await segment.plugIn('52:54:00:99:00:01');
    await relay.ip(`address add ${RELAY}/16 dev eth0`);
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    const range = ['--network', '10.80.0.0/16', '--range', '10.80.1.0-10.80.250.255'];
    await muster.run('subnet', 'add', 'hall', ...range);
    const list = join(muster.folder, 'machines.csv');
    const rows = Array.from({ length: MACHINES }, (_, at) => `m${at},${macOf(at)},${at % 40}`);
    writeFileSync(list, `name,mac,label.hall\n${rows.join('\n')}\n`);
    await muster.run('machine', 'import', list);
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await muster?.close();
    await segment?.close();
  });

  test('only the machines in sight are drawn, wherever the list is scrolled to and whatever is searched', async () => {
    const { page, close } = await opened(browsers, '/machines');
    await page.getByText('10,000 of 10,000').first().waitFor();
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(MACHINES + 1));
    expect(await rowsDrawn(page)).toBeLessThan(MAX_ROWS_DRAWN);
    for (const pages of [1, 2, 3]) {
      const last = pages * PAGE_ROWS - 1;
      const isSeen = async () => {
        // As far as there are rows by then; more come once the end of these is in sight.
        await scrollToRow(page, last);
        return await linkTo(page, BY_NAME[last]).isVisible();
      };
      await expect.poll(isSeen, { timeout: 15_000 }).toBe(true);
      expect(await rowsDrawn(page)).toBeLessThan(MAX_ROWS_DRAWN);
    }
    await page.getByRole('columnheader').getByRole('button', { name: 'Name' }).click();
    await linkTo(page, BY_NAME.at(-1)).waitFor();
    await page.getByLabel(/Name, MAC/).fill('hall=7');
    await page.getByText('250 of 10,000').first().waitFor();
    expect(await rowsDrawn(page)).toBeLessThan(MAX_ROWS_DRAWN);
    await close();
  });

  test('a whole screen of other machines is drawn a few rows a frame', async () => {
    const { page, close } = await opened(browsers, '/machines');
    await linkTo(page, BY_NAME[0]).waitFor();
    await countNewRows(page);
    await scrollToRow(page, 100);
    await linkTo(page, BY_NAME[100]).waitFor();
    // Those come first that stand first; below it there are a dozen more at least.
    await linkTo(page, BY_NAME[112]).waitFor();
    const newRows = await page.evaluate<readonly number[]>('newRows');
    expect(newRows.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(12);
    expect(Math.max(...newRows)).toBeLessThanOrEqual(MAX_NEW_ROWS);
    await close();
  });

  test('the next screen comes a few rows a frame while the last is still drawn', async () => {
    const { page, close } = await opened(browsers, '/machines');
    await linkTo(page, BY_NAME[0]).waitFor();
    await countNewRows(page);
    await page.getByRole('table').hover();
    for (let turn = 0; turn < TURNS.count; turn += 1) {
      await page.mouse.wheel(0, TURNS.pixels);
      await sleep(TURNS.everyMs);
    }
    await scrollToRow(page, PAGE_ROWS - 1);
    await linkTo(page, BY_NAME[PAGE_ROWS - 1]).waitFor();
    const newRows = await page.evaluate<readonly number[]>('newRows');
    expect(newRows.filter((count) => count > 0).length).toBeGreaterThan(TURNS.count);
    expect(Math.max(...newRows)).toBeLessThanOrEqual(MAX_NEW_ROWS);
    await close();
  });

  test('groups of every page of the list are in the table', async () => {
    const groups = Array.from({ length: GROUPS }, (_, at) => `  - { name: g${at}, selector: hall=${at} }\n`);
    const site = join(muster.folder, 'groups.yaml');
    writeFileSync(site, `groups:\n${groups.join('')}`);
    await muster.run('apply', '-f', site);
    const { page, close } = await opened(browsers, '/groups');
    const table = page.getByRole('table', { name: 'Groups' });
    await linkTo(page, 'g0').waitFor();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(GROUPS + 1));
    await scrollToEnd(page);
    await linkTo(page, 'g99').waitFor();
    await close();
  });

  test('many events are drawn together, few rows of them, and nothing is asked for again with each', async () => {
    const pages = {
      now: await opened(browsers, '/'),
      events: await opened(browsers, '/events'),
      machines: await opened(browsers, '/machines'),
    };
    for (const { page } of Object.values(pages)) await page.getByText('Live', { exact: true }).waitFor();
    await pages.machines.page.getByText('10,000 of 10,000').first().waitFor();
    await countDrawings(pages.events.page, 'section');
    const asked = countRequests(pages.machines.page);
    const load = {
      machines: BOOTING,
      startSeconds: STORM_SECONDS,
      limitSeconds: STORM_SECONDS + 10,
      seed: SEED,
      relay: RELAY,
      server: SERVER,
    };
    await relay.runScript('bench/dhcp/storm-load.ts', [JSON.stringify(load)], { timeoutMs: 60_000 });
    await expect
      .poll(() => muster.told('dhcp.acknowledged').length, { timeout: 15_000, interval: 500 })
      .toBeGreaterThanOrEqual(BOOTING);
    await pages.now.page.getByText(String(BOOTING), { exact: true }).first().waitFor();
    await expect
      .poll(() => countOfRows(pages.events.page), { timeout: 15_000 })
      .toBeGreaterThanOrEqual(2 * BOOTING);

    const { drawings, seconds } = await countedDrawings(pages.events.page);
    expect(drawings).toBeGreaterThan(0);
    // Batches come twenty times a second.
    expect(drawings).toBeLessThan(DRAWINGS_PER_SECOND * (seconds + 1));
    for (const { page } of Object.values(pages)) expect(await rowsDrawn(page)).toBeLessThan(MAX_ROWS_DRAWN);
    const lists = asked.filter((path) => path === '/api/v1/machines');
    expect(lists.length).toBeLessThanOrEqual(Math.ceil(seconds / LIST_STANDS_SECONDS));
    await pages.now.picture('now-storm');
    expect(await pages.now.axeFinds()).toEqual([]);
    for (const one of Object.values(pages)) await one.close();
  });
});

async function opened(browsers: BrowserInNamespace, path: string) {
  const browser = await browsers.open(ENGLISH);
  await browser.page.goto(path);
  return {
    page: browser.page,
    close: () => browser.close(),
    picture: (name: string) => browser.picture(name),
    axeFinds: () => browser.axeFinds(),
  };
}

/** As the page says it: `1,602 rows`. */
async function countOfRows(page: Page): Promise<number> {
  return Number((await page.getByText(/^[\d,]+ rows$/).innerText()).replaceAll(/\D/g, ''));
}

function linkTo(page: Page, name = ''): Locator {
  return page.getByRole('link', { name, exact: true });
}

/** Rows have one height. */
async function scrollToRow(page: Page, at: number): Promise<void> {
  await page.evaluate(`{
    const table = document.querySelector('[role="table"]');
    const row = table.querySelector('[role="row"]:has([role="cell"])');
    table.scrollTo(0, ${at} * row.offsetHeight);
  }`);
}

async function scrollToEnd(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('[role="table"]').scrollTo(0, 1e9)`);
}

async function rowsDrawn(page: Page): Promise<number> {
  return await page.getByRole('row').count();
}

/** The observer is called once after each drawing that changed something below. */
async function countDrawings(page: Page, selector: string): Promise<void> {
  await page.evaluate(`
    window.counted = { drawings: 0, beganMs: performance.now() };
    new MutationObserver(() => { window.counted.drawings += 1; })
      .observe(document.querySelector('${selector}'), { childList: true, subtree: true, characterData: true });
  `);
}

/** Those that are put into the table between one frame and the next. */
async function countNewRows(page: Page): Promise<void> {
  await page.evaluate(`
    window.newRows = [0];
    const frame = () => {
      newRows.push(0);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new MutationObserver((all) => { newRows[newRows.length - 1] += all.flatMap((one) => [...one.addedNodes]).length; })
      .observe(document.querySelector('[role="rowgroup"]:has([role="cell"])'), { childList: true });
  `);
}

async function countedDrawings(page: Page): Promise<{ readonly drawings: number; readonly seconds: number }> {
  return await page.evaluate(
    '({ drawings: counted.drawings, seconds: (performance.now() - counted.beganMs) / 1000 })',
  );
}

function countRequests(page: Page): readonly string[] {
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}

/** As the load program makes them. */
function macOf(number: number): string {
  return [0x52, 0x54, SEED, number >>> 16, (number >>> 8) & 0xff, number & 0xff]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}
