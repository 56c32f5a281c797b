import { expect, test } from 'vitest';
import { firstFree, MAX_PORT_TRIES, portsOf } from './port-range.ts';

const RANGE = { first: 5000, last: 5003 };
const TAKEN = Object.assign(new Error('taken'), { code: 'EADDRINUSE' });

test('all ports of a range are tried, beginning with any', () => {
  expect(portsOf(RANGE, () => 0)).toEqual([5000, 5001, 5002, 5003]);
  expect(portsOf(RANGE, (below) => below - 1)).toEqual([5003, 5000, 5001, 5002]);
  expect(portsOf({ first: 5000, last: 5000 }, () => 0)).toEqual([5000]);
  expect(portsOf({ first: 1024, last: 65_535 }, () => 0)).toHaveLength(MAX_PORT_TRIES);
});

test('the first that is free is taken', async () => {
  const open = (port: number): Promise<number> =>
    port === 5002 ? Promise.resolve(port) : Promise.reject(TAKEN);
  expect(await firstFree([5000, 5001, 5002, 5003], open)).toBe(5002);
});

for (const [what, error, tries] of [
  ['all are taken', TAKEN, 3],
  ['the system says something else', Object.assign(new Error('no'), { code: 'EACCES' }), 1],
] as const) {
  test(`the error of the system comes through when ${what}`, async () => {
    let tried = 0;
    const open = (): Promise<number> => {
      tried += 1;
      return Promise.reject(error);
    };
    await expect(firstFree([1, 2, 3], open)).rejects.toBe(error);
    expect(tried).toBe(tries);
  });
}
