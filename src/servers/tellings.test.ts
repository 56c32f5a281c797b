import { expect, test } from 'vitest';
import { Tellings } from './tellings.ts';

test('all that is followed is over before it is settled, and what fails is told', async () => {
  const faults: unknown[] = [];
  const tellings = new Tellings((error) => faults.push(error));
  let finish = (): void => undefined;
  const lookedUp = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const fault = new Error('The store is closed');
  let settled = false;
  tellings.follow(lookedUp);
  tellings.follow(Promise.reject(fault));
  const settling = tellings.settled().then(() => (settled = true));
  await expect.poll(() => faults).toEqual([fault]);
  expect(settled).toBe(false);
  finish();
  await settling;
});
