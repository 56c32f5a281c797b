import { expect } from 'vitest';
import type { StoreTest } from './open-stores.ts';
import { NOON } from './samples.ts';

export function steadyClockContract(storeTest: StoreTest): void {
  storeTest('keeps what the clocks said last, also after a restart', async (stores, reopen) => {
    expect(await stores.steadyReading.kept()).toBeUndefined();
    const reading = (steadyMs: number) => ({
      clocks: { bootId: 'a', uptimeMs: 1_234, wallMs: NOON },
      steadyMs,
    });
    await stores.steadyReading.keep(reading(1));
    await stores.steadyReading.keep(reading(NOON));
    expect(await stores.steadyReading.kept()).toEqual(reading(NOON));
    expect(await (await reopen()).steadyReading.kept()).toEqual(reading(NOON));
  });

  storeTest('has nothing to do with the clocks of leases', async (stores) => {
    const clock = { bootId: 'a', uptimeMs: 5, wallMs: 7 };
    await stores.leaseRecords.write({ shiftMs: 0, leases: [], clock });
    expect(await stores.steadyReading.kept()).toBeUndefined();
    await stores.steadyReading.keep({ clocks: { ...clock, bootId: 'b' }, steadyMs: 9 });
    expect(await stores.leaseRecords.clock()).toEqual(clock);
  });
}
