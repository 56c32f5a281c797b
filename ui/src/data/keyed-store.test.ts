import { expect, test } from 'vitest';
import { KeyedStore } from './keyed-store.ts';

function watched() {
  const store = new KeyedStore<{ readonly percent: number }>();
  const [one, two] = [{ percent: 1 }, { percent: 2 }];
  store.replace(
    new Map([
      ['one', one],
      ['two', two],
    ]),
  );
  const told: string[] = [];
  store.onKeys(() => told.push('keys'));
  const stopOne = store.onRow('one', () => told.push('one'));
  store.onRow('two', () => told.push('two'));
  return { store, told, one, two, stopOne };
}

test('only who shows a row that changed is told, and nobody who shows the list', () => {
  const { store, told, two } = watched();
  store.replace(
    new Map([
      ['one', { percent: 5 }],
      ['two', two],
    ]),
  );
  expect(told).toEqual(['one']);
  expect(store.get('one')).toEqual({ percent: 5 });
});

test('who shows the list is told when a row comes, goes or moves', () => {
  const { store, told, one, two } = watched();
  store.replace(
    new Map([
      ['one', one],
      ['two', two],
      ['three', { percent: 3 }],
    ]),
  );
  expect(told).toEqual(['keys']);
  store.replace(
    new Map([
      ['two', two],
      ['one', one],
    ]),
  );
  expect(told).toEqual(['keys', 'keys']);
  store.replace(new Map([['two', two]]));
  expect(told).toEqual(['keys', 'keys', 'one', 'keys']);
  expect(store.keys()).toEqual(['two']);
});

test('nothing is told where nothing changed, nor to who went away', () => {
  const { store, told, one, two, stopOne } = watched();
  const same = new Map([
    ['one', one],
    ['two', two],
  ]);
  const keys = store.keys();
  store.replace(same);
  expect(told).toEqual([]);
  expect(store.keys()).toBe(keys);
  stopOne();
  store.replace(
    new Map([
      ['one', { percent: 9 }],
      ['two', two],
    ]),
  );
  expect(told).toEqual([]);
});
