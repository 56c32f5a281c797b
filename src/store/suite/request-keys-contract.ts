import { expect } from 'vitest';
import type { KeptAnswer } from '../../core/requests/request-keys.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, NOON } from './samples.ts';

const ANSWER: KeptAnswer = {
  status: 201,
  headers: { location: AWKWARD },
  text: AWKWARD,
  length: AWKWARD.length,
};

const ALL = { sinceMs: 0, most: 100 };

export function requestKeysContract(storeTest: StoreTest): void {
  storeTest(
    'knows a key again that was begun, and its answer, after a restart too',
    async (stores, reopen) => {
      expect(await stores.requestKeys.begin('a', 'print', NOON, ALL)).toBeUndefined();
      expect(await stores.requestKeys.begin('a', 'other', NOON, ALL)).toEqual({
        fingerprint: 'print',
        answer: undefined,
      });
      expect(await stores.requestKeys.begin('b', 'print', NOON, ALL)).toBeUndefined();
      await stores.requestKeys.answered('a', ANSWER);
      const { requestKeys } = await reopen();
      expect(await requestKeys.begin('a', 'x', NOON, ALL)).toEqual({ fingerprint: 'print', answer: ANSWER });
      expect(await requestKeys.begin('b', 'x', NOON, ALL)).toEqual({
        fingerprint: 'print',
        answer: undefined,
      });
    },
  );

  storeTest('lets only one of many at once begin', async (stores) => {
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, at) => stores.requestKeys.begin('a', `print ${at}`, NOON, ALL)),
    );
    expect(begun.filter((known) => known === undefined)).toHaveLength(1);
    expect(new Set(begun.flatMap((known) => known?.fingerprint ?? [])).size).toBe(1);
  });

  storeTest('forgets a key that is told to be forgotten, and those that are old', async (stores) => {
    await stores.requestKeys.begin('a', '1', NOON, ALL);
    await stores.requestKeys.forget('a');
    expect(await stores.requestKeys.begin('a', '2', NOON + 10, ALL)).toBeUndefined();
    expect(await stores.requestKeys.begin('a', '3', NOON + 20, { ...ALL, sinceMs: NOON + 10 })).toMatchObject(
      { fingerprint: '2' },
    );
    expect(
      await stores.requestKeys.begin('a', '3', NOON + 20, { ...ALL, sinceMs: NOON + 11 }),
    ).toBeUndefined();
  });

  storeTest('keeps so many keys and no more: the oldest go, never the newest', async (stores) => {
    const keep = { sinceMs: 0, most: 3 };
    const begin = (key: string, nowMs: number) => stores.requestKeys.begin(key, key, nowMs, keep);
    for (let at = 0; at <= 3; at += 1) expect(await begin(`k${at}`, NOON + at)).toBeUndefined();
    expect(await begin('k1', NOON)).toMatchObject({ fingerprint: 'k1' });
    expect(await begin('k0', NOON - 1)).toBeUndefined();
    expect(await begin('k0', NOON - 1)).toMatchObject({ fingerprint: 'k0' });
    expect(await begin('k1', NOON)).toBeUndefined();
  });
}
