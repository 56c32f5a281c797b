/**
 * Debian's Chromium beside the whole program, in the server's network namespace: what a person sees who opens the page
 * on that computer. Screenshots go to `test-results/`, which git leaves alone.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
const RESULTS = fileURLToPath(new URL('../../test-results', import.meta.url));
const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const PAGE_URL = 'http://127.0.0.1:8067';
export const THEMES = ['light', 'dark'] as const;
export const LANGUAGES = ['en', 'zh'] as const;
export const SIZES = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
} as const;

/** Height of a picture of a long page. */
const LONG_PX = 2_400;
/** What asks again and again never stands still. */
const SETTLE_MS = 3_000;
/** The kernel looks for cables once a second, and later where it has much to do. */
const ADDRESSES_MS = 20_000;
const ADDRESSES_EVERY_MS = 100;
/** An answer may lead to the next question. */
const QUIET_LOOKS = 3;
/** Runs in the page: the next frames are drawn, the letters are there, and what moves has come to its place. */
const DRAWN = `(async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  await document.fonts.ready;
  const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map((one) => one.finished));
})()`;

/** Runs in the page. A cell is cut off on purpose, with three dots; a table and a heading are not. */
const CUT_OFF =
  `[document.documentElement, ...document.querySelectorAll('[role=table], h1, h2')]
  .filter((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).display !== 'inline' && one.clientWidth > 1)
  .map((one) => one.localName + ' ' + (one.getAttribute('aria-label') ?? one.textContent.slice(0, 40)))` +
  ';';

/** What is done with what is dragged, as the browser counts it. */
const COPY = 1;

/** How a browser is set. */
export interface View {
  readonly theme: (typeof THEMES)[number];
  readonly language: (typeof LANGUAGES)[number];
  readonly size: keyof typeof SIZES;
}

export const ENGLISH: View = { theme: 'light', language: 'en', size: 'wide' };

export class BrowserInNamespace {
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #within: { readonly pid: number } | undefined;

  private constructor(browser: Browser, folder: string, within: { readonly pid: number } | undefined) {
    this.#browser = browser;
    this.#folder = folder;
    this.#within = within;
  }

  /**
   * @param within a process of the network namespace to be in; left out: where this program is.
   * @param processors those it may use, as taskset(1) takes them; left out: all.
   */
  static async launch(within?: { readonly pid: number }, processors?: string): Promise<BrowserInNamespace> {
    if (within !== undefined) haveAddressesAtOnce(within.pid);
    const folder = mkdtempSync(join(tmpdir(), 'muster-browser-'));
    const program = join(folder, 'chromium');
    // It talks to us over pipes, which lead out of the namespace.
    const words = [
      ...(within === undefined ? [] : ['nsenter', '--target', within.pid, '--net', '--']),
      ...(processors === undefined ? [] : ['taskset', '-c', processors]),
      CHROMIUM,
    ];
    writeFileSync(program, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
    // The sandbox needs an ordinary user, and shared memory is small in containers.
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'];
    const browser = await chromium.launch({ executablePath: program, args });
    return new BrowserInNamespace(browser, folder, within);
  }

  async open(view: View): Promise<OpenedBrowser> {
    if (this.#within !== undefined) await addressesAreThere(this.#within.pid);
    const context = await this.#browser.newContext({
      viewport: SIZES[view.size],
      colorScheme: view.theme,
      locale: view.language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      baseURL: PAGE_URL,
      hasTouch: view.size === 'narrow',
    });
    return new OpenedBrowser(context, await context.newPage(), view);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Where an address of this computer comes or goes, Chromium gives up the connections that it just opens
 * (net::ERR_NETWORK_CHANGED). A port of the bridge would have its IPv6 address a second or two after it was plugged in,
 * when nobody has it (RFC 4862 §5.4), in the midst of what is looked at; so it has it as it comes.
 */
function haveAddressesAtOnce(pid: number): void {
  // The bridge is there already, and has a setting of its own: the higher one counts.
  const script = 'for each in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >$each; done';
  execFileSync('nsenter', ['--target', String(pid), '--net', '--', 'sh', '-c', script]);
}

/**
 * And on a busy computer the kernel notices a cable seconds after it was plugged in, and gives the address then; so
 * whoever opens a page waits until all that have a cable have theirs.
 */
async function addressesAreThere(pid: number): Promise<void> {
  const untilMs = performance.now() + ADDRESSES_MS;
  for (let waiting = linksWithoutAddress(pid); waiting.length > 0; waiting = linksWithoutAddress(pid)) {
    if (performance.now() > untilMs)
      throw new Error(`No IPv6 address of its own after ${ADDRESSES_MS} ms: ${waiting.join(', ')}`);
    await sleep(ADDRESSES_EVERY_MS);
  }
}

/** Those with a cable, other than the loopback. */
function linksWithoutAddress(pid: number): readonly string[] {
  const words = ['--target', String(pid), '--net', '--', 'ip', '-json', 'address'];
  const links = JSON.parse(execFileSync('nsenter', words, { encoding: 'utf8' })) as readonly LinkOfIp[];
  return links
    .filter(({ flags }) => flags.includes('LOWER_UP') && !flags.includes('LOOPBACK'))
    .filter(({ addr_info: all }) => !all.some(isOwn))
    .map(({ ifname }) => ifname);
}

/** While it is tentative, the kernel asks whether somebody else has it; what comes of that is a change, too. */
function isOwn({ family, scope, tentative = false }: AddressOfIp): boolean {
  return family === 'inet6' && scope === 'link' && !tentative;
}

/** What is read of `ip -json address`. */
interface LinkOfIp {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly addr_info: readonly AddressOfIp[];
}

interface AddressOfIp {
  readonly family: string;
  readonly scope: string;
  readonly tentative?: boolean;
}

/** What is read of axe's answer. */
interface AxeFound {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** A browser of its own, as of somebody who was never here; what goes wrong in it is kept. */
export class OpenedBrowser {
  readonly page: Page;
  readonly view: View;
  /** What the page complained of, and requests to others than the server. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  /** Requests whose answers are not here yet, without the stream of events, which has no end. */
  readonly #underWay = new Set<Request>();

  constructor(context: BrowserContext, page: Page, view: View) {
    this.#context = context;
    this.page = page;
    this.view = view;
    page.on('pageerror', (error) => this.complaints.push(`threw ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.complaints.push(`${message.type()}: ${message.text()} ${message.location().url}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (request.resourceType() !== 'eventsource') this.#underWay.add(request);
      if (!url.startsWith(PAGE_URL) && !url.startsWith('data:') && !url.startsWith('blob:'))
        this.complaints.push(`asked ${url}`);
    });
    page.on('requestfinished', (request) => this.#underWay.delete(request));
    page.on('requestfailed', (request) => this.#underWay.delete(request));
  }

  /** Goes to an address: within the page, as its links do, where it is open, else by loading it. */
  async goTo(path: string): Promise<void> {
    if (this.page.url().startsWith(PAGE_URL))
      await this.page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`);
    else await this.page.goto(path);
  }

  /** Waits until all that was asked for has come, and what moves stands still. */
  async settles(): Promise<void> {
    const untilMs = performance.now() + SETTLE_MS;
    let quietLooks = 0;
    while (quietLooks < QUIET_LOOKS && performance.now() < untilMs) {
      await this.page.evaluate(DRAWN);
      quietLooks = this.#underWay.size === 0 ? quietLooks + 1 : 0;
    }
  }

  /** What axe, a checker of accessibility, finds on the page as it is now. */
  async axeFinds(): Promise<readonly string[]> {
    if (!(await this.page.evaluate<boolean>('"axe" in window'))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<AxeFound>('axe.run()');
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
  }

  /**
   * A file of this computer is dragged over the page and let go there, as the browser itself takes it from a desktop.
   * @param whileHeld what is done before it is let go.
   */
  async drop(path: string, whileHeld?: () => Promise<unknown>): Promise<void> {
    const session = await this.#context.newCDPSession(this.page);
    const { width, height } = SIZES[this.view.size];
    const data = { items: [], files: [path], dragOperationsMask: COPY };
    const tell = (type: 'dragEnter' | 'dragOver' | 'drop') =>
      session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
    await tell('dragEnter');
    await tell('dragOver');
    await whileHeld?.();
    await tell('drop');
    await session.detach();
  }

  /** @returns the path of a picture of what is seen. */
  async picture(name: string): Promise<string> {
    const { theme, language, size } = this.view;
    mkdirSync(RESULTS, { recursive: true });
    const path = join(RESULTS, `${name}-${theme}-${language}-${size}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** The same of a page that is longer than the screen. */
  async wholePicture(name: string): Promise<string> {
    const { width, height } = SIZES[this.view.size];
    await this.page.setViewportSize({ width, height: LONG_PX });
    await this.settles();
    const path = await this.picture(name);
    await this.page.setViewportSize({ width, height });
    return path;
  }

  /** What can only be seen by scrolling sideways, or not at all: the page, a table, a heading that is cut off. */
  async cutOff(): Promise<readonly string[]> {
    return await this.page.evaluate<readonly string[]>(CUT_OFF);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
