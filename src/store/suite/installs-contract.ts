import { expect } from 'vitest';
import { INSTALL_STATES, OPEN_STATES } from '../../core/install/life.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import {
  AWKWARD,
  NOON,
  OTHER_MAC,
  event,
  impossibleEvent,
  install,
  machine,
  putInstallable,
} from './samples.ts';

export function installsContract(storeTest: StoreTest): void {
  findContract(storeTest);
  listContract(storeTest);
  createContract(storeTest);
  advanceContract(storeTest);
}

function findContract(storeTest: StoreTest): void {
  storeTest('finds an install by its id and its token, with every field', async (stores, reopen) => {
    await putInstallable(stores);
    const full = install({
      state: 'installing',
      changedAtMs: NOON + 5,
      step: AWKWARD,
      percent: 33.25,
      because: AWKWARD,
      cause: 'bootedAgain',
      attempt: 2,
      attempts: 3,
      retryOf: 'i-000000000000',
      expiresSteadyMs: NOON + 1,
      bootedSteadyMs: NOON + 2,
      answeredSteadyMs: NOON + 3,
      reportedSteadyMs: NOON + 4,
      bootAddress: parseIpv4('192.168.122.100'),
    });
    await stores.installs.create(full, event());
    expect(await stores.installs.byToken(full.token)).toEqual(full);
    expect(await (await reopen()).installs.byId(full.id)).toEqual(full);
  });

  storeTest('finds nothing where there is nothing', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install(), event());
    expect(await stores.installs.byId('i-000000000009')).toBeUndefined();
    expect(await stores.installs.byToken('')).toBeUndefined();
    expect(await stores.installs.openOf('m-000000000009')).toBeUndefined();
  });

  for (const state of INSTALL_STATES) {
    const isOpen = OPEN_STATES.some((open) => open === state);
    storeTest(`an install that is ${state} is ${isOpen ? 'open' : 'over'}`, async (stores) => {
      await putInstallable(stores);
      await stores.installs.create(install({ state }), event());
      expect(await stores.installs.openOf(machine().id)).toEqual(isOpen ? install({ state }) : undefined);
    });
  }
}

function listContract(storeTest: StoreTest): void {
  storeTest('tells the newest install of each machine, of many at once', async (stores) => {
    await putInstallable(stores);
    const ids = Array.from({ length: 1200 }, (_, at) => `m-${at}`);
    const machines = ids.map((id, at) => machine({ id, name: `m${at}`, macs: [], serial: id }));
    await stores.machines.putAll(() => ({ put: machines, events: [] }));
    for (const [id, machineId] of [
      ['i-1', 'm-1'],
      ['i-2', 'm-1199'],
      ['i-3', 'm-1'],
      ['i-4', machine().id],
    ] as const)
      await stores.installs.create(install({ id, machineId, state: 'cancelled', token: id }), event());
    const newest = await stores.installs.newestOf(ids);
    expect(newest.map(({ id }) => id).toSorted()).toEqual(['i-2', 'i-3']);
    expect(newest.find(({ id }) => id === 'i-3')).toEqual(
      install({ id: 'i-3', machineId: 'm-1', state: 'cancelled', token: 'i-3' }),
    );
    expect(await stores.installs.newestOf([])).toEqual([]);
    const all = await stores.installs.newestOfAll();
    expect(all.map(({ id }) => id).toSorted()).toEqual(['i-2', 'i-3', 'i-4']);
    expect(all.find(({ id }) => id === 'i-3')).toEqual(newest.find(({ id }) => id === 'i-3'));
  });

  storeTest('lists the newest first, up to the limit, of one machine or of all', async (stores) => {
    await putInstallable(stores);
    await stores.machines.put(machine({ id: 'm-2', name: 'web-2', macs: [OTHER_MAC] }));
    for (const [id, machineId] of [
      ['i-1', machine().id],
      ['i-2', 'm-2'],
      ['i-3', machine().id],
      ['i-4', machine().id],
    ] as const) {
      await stores.installs.create(install({ id, machineId, state: 'cancelled' }), event());
    }
    const idsOf = async (filter: Parameters<typeof stores.installs.list>[0]) =>
      (await stores.installs.list(filter)).map(({ id }) => id);
    expect(await idsOf({ limit: 10 })).toEqual(['i-4', 'i-3', 'i-2', 'i-1']);
    expect(await idsOf({ limit: 2 })).toEqual(['i-4', 'i-3']);
    expect(await idsOf({ machineId: machine().id, limit: 2 })).toEqual(['i-4', 'i-3']);
    expect(await idsOf({ machineId: 'm-2', limit: 2 })).toEqual(['i-2']);
    expect(await idsOf({ machineId: 'm-9', limit: 2 })).toEqual([]);
    expect(await idsOf({ limit: 0 })).toEqual([]);
  });

  storeTest(
    'the newest is the one created last, also when the clock was set back',
    async (stores, reopen) => {
      await putInstallable(stores);
      const times = [NOON, NOON, NOON - 1, NOON + 1, NOON - 2];
      for (const [at, requestedAtMs] of times.entries()) {
        await stores.installs.create(install({ id: `i-${9 - at}`, state: 'failed', requestedAtMs }), event());
      }
      const listed = await (await reopen()).installs.list({ limit: 10 });
      expect(listed.map(({ id }) => id)).toEqual(['i-5', 'i-6', 'i-7', 'i-8', 'i-9']);
    },
  );

  storeTest('refuses a limit that is none', async (stores) => {
    await expect(stores.installs.list({ limit: -1 })).rejects.toThrow(RangeError);
  });
}

function createContract(storeTest: StoreTest): void {
  storeTest('creates an install with its event, and gives the event with its id', async (stores) => {
    await putInstallable(stores);
    const told = event({ installId: 'i-000000000001', data: { profile: 'web' } });
    const written = { ...told, id: 1 };
    expect(await stores.installs.create(install(), told)).toEqual({ created: true, event: written });
    expect(await stores.events.list({}, 10)).toEqual([written]);
    expect(await stores.installs.openOf(machine().id)).toEqual(install());
  });

  for (const state of OPEN_STATES) {
    storeTest(`refuses a second install while one is ${state}, and shows that one`, async (stores) => {
      await putInstallable(stores);
      const open = install({ state });
      await stores.installs.create(open, event());
      const refused = await stores.installs.create(install({ id: 'i-2' }), event());
      expect(refused).toEqual({ created: false, open });
      expect(await stores.installs.list({ limit: 10 })).toEqual([open]);
      expect(await stores.events.list({}, 10)).toHaveLength(1);
    });
  }

  storeTest('arms a machine again when its last install is over', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install({ state: 'installed' }), event());
    const again = install({ id: 'i-2' });
    expect(await stores.installs.create(again, event())).toMatchObject({ created: true });
    expect(await stores.installs.openOf(machine().id)).toEqual(again);
  });

  storeTest('takes no tool that is done for what is installed', async (stores) => {
    await putInstallable(stores);
    const web = install({ state: 'installed' });
    await stores.installs.create(web, event());
    const tool = { id: 'i-000000000002', token: 'e'.repeat(32), profile: 'memtest@debian-12' };
    await stores.installs.create(install({ ...tool, state: 'installed' }), event());
    expect(await stores.installs.lastInstalled(web.machineId)).toEqual(web);
  });

  storeTest('creates one of a tool, which is no profile, where its image is', async (stores) => {
    await putInstallable(stores);
    const tool = install({ profile: 'wipe@debian-12:disk/by-id/ata-X' });
    expect(await stores.installs.create(tool, event())).toMatchObject({ created: true });
    expect(await stores.installs.openOf(tool.machineId)).toEqual(tool);
  });

  storeTest('creates nothing when its event cannot be written', async (stores) => {
    await putInstallable(stores);
    await expect(stores.installs.create(install(), impossibleEvent())).rejects.toThrow();
    expect(await stores.installs.list({ limit: 10 })).toEqual([]);
    expect(await stores.events.list({}, 10)).toEqual([]);
  });

  for (const [what, change, text] of [
    ['machine', { machineId: 'm-9' }, 'machine m-9 is not there'],
    ['profile', { profile: 'db' }, 'profile "db" is not there'],
    ['image for a tool', { profile: 'memtest@memtest-7' }, 'image "memtest-7" is not there'],
  ] as const) {
    storeTest(`an install whose ${what} was removed is an error that says so`, async (stores) => {
      await putInstallable(stores);
      await expect(stores.installs.create(install(change), event())).rejects.toMatchObject({
        kind: 'gone',
        message: expect.stringContaining(text),
      });
      expect(await stores.events.list({}, 10)).toEqual([]);
    });
  }
}

function advanceContract(storeTest: StoreTest): void {
  storeTest('puts the changed install in place of the old, with its event', async (stores, reopen) => {
    await putInstallable(stores);
    const before = install({ step: 'old', percent: 5 });
    await stores.installs.create(before, event());
    const changed = install({ state: 'failed', changedAtMs: NOON + 7, because: 'the disk is full' });
    const told = event({ kind: 'install.failed', text: 'Failed', installId: changed.id });
    expect(await stores.installs.advance(before, changed, told)).toEqual({ ...told, id: 2 });
    const after = await reopen();
    expect(await after.installs.byId(changed.id)).toEqual(changed);
    expect(await after.events.list({}, 10)).toMatchObject([{ id: 1 }, { ...told, id: 2 }]);
  });

  storeTest('keeps the state where only what it says changes', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install({ state: 'installing' }), event());
    const changed = install({ state: 'installing', percent: 100, step: 'packages' });
    expect(await stores.installs.advance(install({ state: 'installing' }), changed, event())).toBeDefined();
    expect(await stores.installs.openOf(machine().id)).toEqual(changed);
  });

  storeTest('changes nothing from a stale state, and writes no event', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install({ state: 'cancelled' }), event());
    const stale = install({ state: 'booting' });
    expect(await stores.installs.advance(install(), stale, event())).toBeUndefined();
    expect(await stores.installs.byId(stale.id)).toEqual(install({ state: 'cancelled' }));
    expect(await stores.events.list({}, 10)).toHaveLength(1);
  });

  storeTest('changes no install but the one with that id', async (stores) => {
    await putInstallable(stores);
    const over = install({ id: 'i-1', state: 'cancelled' });
    await stores.installs.create(over, event());
    await stores.installs.create(install({ id: 'i-2' }), event());
    await stores.installs.advance(install(), install({ id: 'i-2', state: 'booting' }), event());
    expect(await stores.installs.byId('i-1')).toEqual(over);
    expect(await stores.installs.advance(install(), install({ id: 'i-9' }), event())).toBeUndefined();
  });

  storeTest('leaves the old state when the event cannot be written', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install(), event());
    const attempt = stores.installs.advance(install(), install({ state: 'booting' }), impossibleEvent());
    await expect(attempt).rejects.toThrow();
    expect(await stores.installs.openOf(machine().id)).toEqual(install());
  });

  storeTest('never opens a second install of a machine by advancing one that was over', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install({ id: 'i-1', state: 'failed' }), event());
    await stores.installs.create(install({ id: 'i-2' }), event());
    const attempt = stores.installs.advance(install({ state: 'failed' }), install({ id: 'i-1' }), event());
    await expect(attempt).rejects.toThrow();
    expect(await stores.installs.openOf(machine().id)).toEqual(install({ id: 'i-2' }));
  });
}
