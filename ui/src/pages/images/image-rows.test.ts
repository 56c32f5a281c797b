import { expect, test } from 'vitest';
import type { ItemOf } from '../../data/client.ts';
import { fitting, imageRows } from './image-rows.ts';

const image = (name: string, title: string, family: string): ItemOf<'listImages'> =>
  ({ name, title, family }) as never;

const ROWS = imageRows(
  [image('alma9', 'AlmaLinux 9.4', 'fedora'), image('noble', 'Ubuntu 24.04', 'ubuntu')],
  [
    { name: 'web', image: 'alma9' },
    { name: 'db', image: 'alma9' },
    { name: 'old', image: 'gone' },
  ],
);

test('an image is used by the profiles that name it', () => {
  expect(ROWS.map(({ profiles }) => profiles)).toEqual([['web', 'db'], []]);
});

for (const [search, expected] of [
  ['', ['alma9', 'noble']],
  [' UBUNTU ', ['noble']],
  ['linux 9.4', ['alma9']],
  ['alma ubuntu', []],
] as const)
  test(`a search for "${search}" finds ${expected.length}`, () => {
    expect(fitting(ROWS, search).map((row) => row.image.name)).toEqual(expected);
  });
