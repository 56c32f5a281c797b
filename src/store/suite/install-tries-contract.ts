import { expect } from 'vitest';
import type { StoreTest } from './open-stores.ts';
import { event, impossibleEvent, install, machine, OTHER_MAC, putInstallable } from './samples.ts';

/** Installs that are armed together, and those that follow one another. */
export function installTriesContract(storeTest: StoreTest): void {
  createAllContract(storeTest);
  nextTryContract(storeTest);
}

function createAllContract(storeTest: StoreTest): void {
  const second = { id: 'm-2', name: 'web-2', macs: [OTHER_MAC] };
  const wanted = [
    { install: install({ id: 'i-1' }), event: event({ text: 'first' }) },
    { install: install({ id: 'i-2', machineId: 'm-2' }), event: event({ text: 'second' }) },
  ];

  storeTest('creates many installs at once, each with its event', async (stores, reopen) => {
    await putInstallable(stores);
    await stores.machines.put(machine(second));
    expect(await stores.installs.createAll(wanted)).toMatchObject({
      created: true,
      events: [
        { id: 1, text: 'first' },
        { id: 2, text: 'second' },
      ],
    });
    const after = await reopen();
    expect(await after.installs.listOpen()).toEqual(wanted.map(({ install: one }) => one));
  });

  storeTest('creates none where one machine has an open install, and shows all that do', async (stores) => {
    await putInstallable(stores);
    await stores.machines.put(machine(second));
    const open = install({ id: 'i-9', machineId: 'm-2', state: 'installing' });
    await stores.installs.create(open, event());
    expect(await stores.installs.createAll(wanted)).toEqual({ created: false, open: [open] });
    expect(await stores.installs.listOpen()).toEqual([open]);
    expect(await stores.events.list({}, 10)).toHaveLength(1);
  });

  storeTest('creates none where one event cannot be written, or one machine is gone', async (stores) => {
    await putInstallable(stores);
    await expect(stores.installs.createAll(wanted)).rejects.toMatchObject({ kind: 'gone' });
    await stores.machines.put(machine(second));
    const broken = [wanted[0]!, { ...wanted[1]!, event: impossibleEvent() }];
    await expect(stores.installs.createAll(broken)).rejects.toThrow();
    await expect(stores.installs.createAll([wanted[0]!, wanted[0]!])).rejects.toThrow();
    expect(await stores.installs.list({ limit: 10 })).toEqual([]);
    expect(await stores.events.list({}, 10)).toEqual([]);
  });

  storeTest('knows what came to its end last on a machine', async (stores) => {
    await putInstallable(stores);
    expect(await stores.installs.lastInstalled(machine().id)).toBeUndefined();
    for (const [id, state] of [
      ['i-1', 'installed'],
      ['i-2', 'installed'],
      ['i-3', 'failed'],
    ] as const)
      await stores.installs.create(install({ id, state }), event());
    expect(await stores.installs.lastInstalled(machine().id)).toEqual(
      install({ id: 'i-2', state: 'installed' }),
    );
    expect(await stores.installs.lastInstalled('m-9')).toBeUndefined();
  });
}

function nextTryContract(storeTest: StoreTest): void {
  const failed = {
    install: install({ state: 'failed', cause: 'bootedAgain' }),
    event: event({ text: 'failed' }),
  };
  const next = {
    install: install({ id: 'i-2', attempt: 2, retryOf: install().id }),
    event: event({ text: 'armed' }),
  };

  storeTest('fails an install and arms the next in one turn, with both events', async (stores, reopen) => {
    await putInstallable(stores);
    await stores.installs.create(install({ state: 'installing' }), event());
    expect(
      await stores.installs.advanceAndCreate(install({ state: 'installing' }), failed, next),
    ).toMatchObject([
      { id: 2, text: 'failed' },
      { id: 3, text: 'armed' },
    ]);
    const after = await reopen();
    expect(await after.installs.list({ limit: 10 })).toEqual([next.install, failed.install]);
  });

  storeTest('does neither from a stale state, or where one event cannot be written', async (stores) => {
    await putInstallable(stores);
    const before = install({ state: 'installing' });
    await stores.installs.create(before, event());
    expect(
      await stores.installs.advanceAndCreate(install({ state: 'booting' }), failed, next),
    ).toBeUndefined();
    const broken = { ...next, event: impossibleEvent() };
    await expect(
      stores.installs.advanceAndCreate(install({ state: 'installing' }), failed, broken),
    ).rejects.toThrow();
    expect(await stores.installs.list({ limit: 10 })).toEqual([before]);
    expect(await stores.events.list({}, 10)).toHaveLength(1);
  });

  storeTest('of many that fail an install and arm the next, one does', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install({ state: 'installing' }), event());
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        stores.installs.advanceAndCreate(install({ state: 'installing' }), failed, {
          ...next,
          install: { ...next.install, id: `i-1${at}`, token: `${at}` },
        }),
      ),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await stores.installs.list({ limit: 10 })).toHaveLength(2);
  });
}
