import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeInNamespace } from '../clients/namespace.ts';
import { CHROMIUM } from './opened-browser.ts';

export {
  BrowserInNamespace,
  ENGLISH,
  LANGUAGES,
  type OpenedBrowser,
  PAGE_URL,
  THEMES,
  type View,
} from './opened-browser.ts';

/** As `describeInNamespace`, and only where Chromium is installed. */
export function describeInBrowser(title: string, suite: () => void): void {
  if (existsSync(CHROMIUM)) describeInNamespace(title, suite);
  else if (process.env['CI'])
    test(title, () => expect.fail(`${CHROMIUM} is not there: apt-get install chromium`));
  else describe.skip(`${title} (skipped: ${CHROMIUM} is not there: apt-get install chromium)`, suite);
}
