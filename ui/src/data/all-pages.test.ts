import { expect, test } from 'vitest';
import { allPages } from './all-pages.ts';

test('each page is asked for where the one before ended, until one says no more', async () => {
  const asked: unknown[] = [];
  const pages = [{ items: ['a', 'b'], next: 'b' }, { items: [], next: 'd' }, { items: ['e'] }];
  const items = await allPages(async (place) => {
    asked.push(place);
    return pages[asked.length - 1] ?? { items: ['never asked for'] };
  });
  expect(items).toEqual(['a', 'b', 'e']);
  expect(asked).toEqual([{}, { after: 'b' }, { after: 'd' }]);
});

test('a page that is refused is a refusal of all', async () => {
  await expect(
    allPages(async ({ after }) => {
      if (after === undefined) return { items: [1], next: 'x' };
      throw new Error('not now');
    }),
  ).rejects.toThrow('not now');
});
