import { expect, test } from 'vitest';
import { listingPage } from './listing-page.ts';

test('a folder lists its entries, with links that lead there', async () => {
  const page = listingPage(
    ['images', 'debian'],
    [
      { name: 'dists', kind: 'folder' },
      { name: '.treeinfo', kind: 'file' },
      { name: 'libstdc++ 6.deb', kind: 'file' },
    ],
    false,
  );
  await expect(page).toMatchFileSnapshot('golden/listing.html');
});

test('a hostile name stays a name', () => {
  const page = listingPage(['images'], [{ name: `"><script>alert('x')</script>&`, kind: 'file' }], true);
  expect(page).not.toContain('<script>');
  expect(page).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)');
  expect(page).toContain('href="/images/%22%3E%3Cscript%3Ealert(&#39;x&#39;)%3C%2Fscript%3E%26"');
  expect(page).toContain('Only the first 1 entries');
});
