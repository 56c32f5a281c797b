import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

test('the cache is where XDG says, and a relative XDG_CACHE_HOME is not heard', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/home/a/.cache' })).toBe('/home/a/.cache/muster/lab');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/^\/.*\/muster\/lab$/);
});
