import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { BrowserInNamespace, CHROMIUM, ENGLISH } from '../../test/browser/opened-browser.ts';
import { type BenchRow, type Bound, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { StolenTime } from '../host-load.ts';
import { quantile, spreadOf } from '../statistics.ts';
import { CALM_TRIES, calmest } from '../turns.ts';
import { startFleet, STOLEN_SHARE, whileBooting } from './fleet-stage.ts';
import { type Frames, watchFrames } from './page-frames.ts';

const CASE = 'page';
const SECONDS = 8;
const QUICK_SECONDS = 5;
/** For each, until it is there. */
const OPENING_SECONDS = 3;
const DRAWN_WITHIN: Bound = { is: 'at most', number: 50 };

/** What is opened, how it is seen to be there, and what a person does on it. */
interface WatchedPage {
  readonly name: string;
  readonly path: string;
  readonly isThere: (page: Page) => Promise<void>;
  readonly meanwhile: (page: Page, untilMs: number) => Promise<void>;
}

const SCROLL_PIXELS = 900;
const SCROLL_EVERY_MS = 100;

const look = async (_page: Page, untilMs: number): Promise<void> => sleep(untilMs - performance.now());

async function scroll(page: Page, untilMs: number): Promise<void> {
  await page.getByRole('table').hover();
  while (performance.now() < untilMs) {
    await page.mouse.wheel(0, SCROLL_PIXELS);
    await sleep(SCROLL_EVERY_MS);
  }
}

async function search(page: Page, untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    await page.getByLabel(/Name, MAC/).fill('');
    await page.getByLabel(/Name, MAC/).pressSequentially('rack=r7 node-0', { delay: 60 });
  }
}

const hasRows = async (page: Page): Promise<void> => page.getByRole('row').nth(10).waitFor();
const hasAll = async (page: Page): Promise<void> => page.getByText('10,000 of 10,000').first().waitFor();

const PAGES: readonly WatchedPage[] = [
  { name: 'Now', path: '/', isThere: hasRows, meanwhile: look },
  { name: 'Machines, scrolled', path: '/machines', isThere: hasAll, meanwhile: scroll },
  { name: 'Machines, searched', path: '/machines', isThere: hasAll, meanwhile: search },
  { name: 'Events', path: '/events', isThere: hasRows, meanwhile: look },
];

/** A page with nothing on it: what the browser and this computer do by themselves. */
const NOTHING: WatchedPage = {
  name: 'nothing',
  path: 'about:blank',
  isThere: async () => {},
  meanwhile: look,
};

const ALL = [...PAGES, NOTHING];

/** Each page in a browser, while a hundred machines boot each second. */
export async function runPage(stage: BenchStage): Promise<readonly BenchRow[]> {
  if (!existsSync(CHROMIUM)) {
    stage.leaveOut(`the page: ${CHROMIUM} is not there (apt-get install chromium)`);
    return [];
  }
  const { muster } = await startFleet(stage, CASE, { MUSTER_API_LOGIN: 'off' });
  // It draws with several threads: beside the load on one processor, their turns were what was measured.
  const browsers = await BrowserInNamespace.launch(undefined, PROCESSORS.all);
  const found = new Map<string, Frames[]>();
  try {
    for (let run = 1; run <= stage.runs; run += 1) {
      const { pages } = await calmest(
        CALM_TRIES,
        () => watchAll(stage, browsers),
        (one) => sayRun(stage, run, one),
        STOLEN_SHARE,
      );
      for (const [name, frames] of pages) found.set(name, [...(found.get(name) ?? []), frames]);
    }
  } finally {
    await browsers.close();
    await muster.server.stop();
  }
  return PAGES.flatMap(({ name }) => rowsOf(name, found.get(name) ?? [], found.get(NOTHING.name) ?? []));
}

interface Watched {
  /** By the name of the page. */
  readonly pages: ReadonlyMap<string, Frames>;
  /** The share of all processors that the hypervisor took. */
  readonly elsewhere: number;
}

async function watchAll(stage: BenchStage, browsers: BrowserInNamespace): Promise<Watched> {
  const seconds = secondsOf(stage);
  const pages = new Map<string, Frames>();
  const stolen = new StolenTime();
  await whileBooting(stage, ALL.length * (seconds + OPENING_SECONDS), async () => {
    for (const watched of ALL) pages.set(watched.name, await watch(browsers, watched, seconds));
  });
  return { pages, elsewhere: stolen.share };
}

async function watch(
  browsers: BrowserInNamespace,
  { path, isThere, meanwhile }: WatchedPage,
  seconds: number,
): Promise<Frames> {
  const browser = await browsers.open(ENGLISH);
  try {
    await browser.page.goto(path);
    await isThere(browser.page);
    return await watchFrames(browser.page, (page) => meanwhile(page, performance.now() + seconds * 1000));
  } finally {
    await browser.close();
  }
}

function secondsOf({ quick }: BenchStage): number {
  return quick ? QUICK_SECONDS : SECONDS;
}

function sayRun(stage: BenchStage, run: number, { pages, elsewhere }: Watched): void {
  for (const [name, { frames, longTasks }] of pages) {
    const [p99, longest] = [quantile(frames, 0.99), quantile(frames, 1)];
    stage.say(
      `  ${CASE} run ${run}: ${name}: ${frames.length} frames, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, ${longTasks.length} tasks of more than 50 ms`,
    );
  }
  stage.say(`  ${CASE} run ${run}: ${(elsewhere * 100).toFixed(1)} % stolen`);
}

function rowsOf(name: string, ours: readonly Frames[], theirs: readonly Frames[]): readonly BenchRow[] {
  const alone = (metric: string, unit: string, of: (one: Frames) => number, bound?: Bound): BenchRow =>
    rowAlone({ case: CASE, metric, unit, ours: spreadOf(ours.map(of)), runs: ours.length }, bound);
  const p99 = ({ frames }: Frames): number => quantile(frames, 0.99);
  const longest = ({ frames }: Frames): number => quantile(frames, 1);
  const metric = `${name}: a frame, p99, beside a blank page`;
  const measured = { case: CASE, metric, unit: 'ms', ours: spreadOf(ours.map(p99)), runs: ours.length };
  return [
    rowAgainst(measured, 'blank page', spreadOf(theirs.map(p99))),
    alone(`${name}: a frame, p99`, 'ms', p99, DRAWN_WITHIN),
    alone(`${name}: the longest frame`, 'ms', longest, DRAWN_WITHIN),
    alone(`${name}: tasks of more than 50 ms`, '', ({ longTasks }) => longTasks.length),
  ];
}
