/**
 * Debian's Chromium beside the whole program, in the server's network namespace: what a person sees who opens the page
 * on that computer. Screenshots go to `test-results/`, which git leaves alone.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

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

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  /**
   * @param within a process of the network namespace to be in; left out: where this program is.
   * @param processors those it may use, as taskset(1) takes them; left out: all.
   */
  static async launch(within?: { readonly pid: number }, processors?: string): Promise<BrowserInNamespace> {
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
    return new BrowserInNamespace(browser, folder);
  }

  async open(view: View): Promise<OpenedBrowser> {
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
      if (!url.startsWith(PAGE_URL) && !url.startsWith('data:') && !url.startsWith('blob:'))
        this.complaints.push(`asked ${url}`);
    });
  }

  /** What axe, a checker of accessibility, finds on the page as it is now. */
  async axeFinds(): Promise<readonly string[]> {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<AxeFound>('axe.run()');
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
  }

  /** @returns the path of a picture of what is seen. */
  async picture(name: string): Promise<string> {
    const { theme, language, size } = this.view;
    mkdirSync(RESULTS, { recursive: true });
    const path = join(RESULTS, `${name}-${theme}-${language}-${size}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Whether something can only be seen by scrolling sideways. */
  async isWiderThanScreen(): Promise<boolean> {
    return await this.page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
