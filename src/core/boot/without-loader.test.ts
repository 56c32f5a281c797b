import { expect, test } from 'vitest';
import { FIRMWARE } from './firmware.ts';
import { WITHOUT_LOADER } from './without-loader.ts';

test('each firmware without a way has its reason, and no other', () => {
  const without = FIRMWARE.filter(({ chains }) => chains.length === 0).map(
    ({ architecture }) => architecture,
  );
  expect([...WITHOUT_LOADER.keys()]).toEqual(without);
});
