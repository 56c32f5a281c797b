import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Where a page leads to, there is something. */

const REPOSITORY = join(import.meta.dirname, '..');
const PAGES = [
  ...readdirSync(REPOSITORY).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .toSorted(),
];

/** Links to files of this repository, without those in code. */
function linksOf(page: string): readonly string[] {
  const prose = page.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The places in a page that a link can name, as GitHub makes them from its headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What of its links leads nowhere. @param path of the page, from the root. */
function leadNowhere(path: string, page: string): readonly string[] {
  return linksOf(page).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(REPOSITORY, target))) return true;
    if (anchor === undefined || !target.endsWith('.md')) return false;
    const text = file === '' ? page : readFileSync(join(REPOSITORY, target), 'utf8');
    return !anchorsOf(text).includes(anchor);
  });
}

describe('every link of a page leads somewhere', () => {
  for (const path of PAGES) {
    test(path, () => {
      expect(leadNowhere(path, readFileSync(join(REPOSITORY, path), 'utf8'))).toEqual([]);
    });
  }
});

test('one to a file or a heading that is not there is found, and none in code', () => {
  const page =
    '# A `b` c\n[x](#a-b-c) [x](#none) [x](none.md) [x](waves.md#none) `[x](none)` [x](https://a.example)\n';
  expect(leadNowhere('docs/fleet.md', page)).toEqual(['#none', 'none.md', 'waves.md#none']);
});
