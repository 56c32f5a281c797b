import { expect } from 'vitest';
import type { Wave, WaveWithMembers } from '../../core/waves/wave.ts';
import { parseMac } from '../../lib/addresses.ts';
import type { Stores } from '../../core/stores.ts';
import { wave as sampleWave } from '../../core/waves/suite/wave-samples.ts';
import type { StoreTest } from './open-stores.ts';
import { event, HOUR, install, machine, NOON, profile, putInstallable } from './samples.ts';

const MACHINES = ['m-000000000001', 'm-000000000002', 'm-000000000003'] as const;

function wave(change: Partial<Wave> = {}): Wave {
  return sampleWave({ createdAtMs: NOON, changedAtMs: NOON, ...change }).wave;
}

/** Three machines that can be installed. */
async function putMachines(stores: Stores): Promise<void> {
  await putInstallable(stores);
  for (const [at, id] of MACHINES.entries())
    await stores.machines.put(machine({ id, name: `web-${at + 1}`, macs: [parseMac(`52540000000${at}`)] }));
}

async function putWave(stores: Stores, change: Partial<Wave> = {}): Promise<void> {
  await putMachines(stores);
  expect(await stores.waves.create(wave(change), MACHINES, event({ kind: 'wave.created' }))).toMatchObject({
    created: true,
  });
}

function namesOf(waves: readonly WaveWithMembers[]): readonly string[] {
  return waves.map((one) => one.wave.name);
}

const installOf = (at: number) => install({ id: `i-${at}`, machineId: MACHINES[at] ?? '' });

export function wavesContract(storeTest: StoreTest): void {
  storeTest('keeps a wave and its machines in their order, whatever their names', async (stores) => {
    await putMachines(stores);
    const order = [MACHINES[2], MACHINES[0], MACHINES[1]];
    await stores.waves.create(wave({ because: 'x' }), order, event());
    const members = order.map((machineId, position) => ({ machineId, position, state: 'waiting' }));
    expect(await stores.waves.byName('line')).toEqual({ wave: wave({ because: 'x' }), members });
    expect(await stores.waves.active()).toEqual([{ wave: wave({ because: 'x' }), members }]);
    expect(await stores.events.list({}, 10)).toHaveLength(1);
  });

  storeTest('keeps what was confirmed of each machine, whatever becomes of it', async (stores) => {
    await putMachines(stores);
    const confirmed = new Map([[MACHINES[1], ['data', 'running'] as const]]);
    await stores.waves.create(wave(), MACHINES, event(), confirmed);
    const [, second] = (await stores.waves.byName('line'))?.members ?? [];
    expect(second).toMatchObject({ confirmed: ['data', 'running'] });
    await stores.waves.putMember('line', 'waiting', { ...second!, state: 'failed' });
    const members = (await stores.waves.byName('line'))?.members ?? [];
    expect(members.map((member) => member.confirmed)).toEqual([undefined, ['data', 'running'], undefined]);
  });

  storeTest('lists waves newest first, and those that are active oldest first', async (stores) => {
    await putMachines(stores);
    for (const [at, name] of ['b', 'a', 'c'].entries())
      await stores.waves.create(wave({ name, createdAtMs: NOON + at }), [MACHINES[at] ?? ''], event());
    await stores.waves.advance('a', 'running', { state: 'done', changedAtMs: NOON }, event());
    expect(namesOf((await stores.waves.page({ limit: 10 })).waves)).toEqual(['c', 'a', 'b']);
    expect(namesOf(await stores.waves.active())).toEqual(['b', 'c']);
  });

  storeTest('lists waves page by page, whatever is started and forgotten meanwhile', async (stores) => {
    await putMachines(stores);
    for (const [name, atMs] of [
      ['old', NOON],
      ['b', NOON + 1],
      ['a', NOON + 1],
      ['new', NOON + 2],
    ] as const) {
      await stores.waves.create(wave({ name, createdAtMs: atMs }), [MACHINES[0]], event());
      await stores.waves.advance(name, 'running', { state: 'cancelled', changedAtMs: atMs }, event());
    }
    const first = await stores.waves.page({ limit: 2 });
    expect(namesOf(first.waves)).toEqual(['new', 'a']);
    expect(first.waves[1]?.members).toMatchObject([{ machineId: MACHINES[0], state: 'cancelled' }]);
    await stores.waves.remove('a');
    await stores.waves.create(wave({ name: 'newest', createdAtMs: NOON + 3 }), [MACHINES[1]], event());
    const second = await stores.waves.page({ limit: 2, after: first.next! });
    expect([namesOf(second.waves), second.next]).toEqual([['b', 'old'], undefined]);
    const running = await stores.waves.page({ state: 'running', limit: 2 });
    expect([namesOf(running.waves), running.next]).toEqual([['newest'], undefined]);
  });

  for (const [title, change, machineIds, because] of [
    ['a second one of its name', { name: 'line' }, [], /there is a wave "line" already/],
    ['a profile that is not there', { name: 'b', profile: 'gone' }, [], /no profile "gone"/],
    ['a machine that is not there', { name: 'b' }, ['m-0'], /was forgotten meanwhile/],
    [
      'a machine that waits in another',
      { name: 'b' },
      [MACHINES[1]],
      /web-2 is in wave "line", which is not over/,
    ],
  ] as const) {
    storeTest(`refuses ${title}, and writes nothing`, async (stores) => {
      await putWave(stores);
      const refused = await stores.waves.create(wave(change), machineIds, event());
      expect(refused).toEqual({ created: false, because: expect.stringMatching(because) });
      expect((await stores.waves.page({ limit: 10 })).waves).toHaveLength(1);
      expect(await stores.events.list({}, 10)).toHaveLength(1);
    });
  }

  storeTest('gives as many turns as the budget says, however many ask at once', async (stores) => {
    await putWave(stores);
    const started = await Promise.all(
      MACHINES.map((_, at) => stores.waves.start('line', installOf(at), event())),
    );
    expect(started.filter((one) => one.started)).toHaveLength(2);
    expect(started.filter((one) => !one.started)).toEqual([
      { started: false, machine: 'waits', because: '2 machines of wave "line" are under way already' },
    ]);
    expect(await stores.installs.list({ limit: 10 })).toHaveLength(2);
  });

  storeTest('a turn is an install and a state that are written together', async (stores) => {
    await putWave(stores);
    await stores.waves.start('line', installOf(1), event());
    const [, second] = (await stores.waves.byName('line'))?.members ?? [];
    expect(second).toEqual({
      machineId: MACHINES[1],
      position: 1,
      state: 'started',
      installId: 'i-1',
      startedAtMs: NOON,
    });
    expect(await stores.installs.openOf(MACHINES[1])).toEqual(installOf(1));
    expect(await stores.installs.list({ machineId: MACHINES[1], limit: 1 })).toEqual([installOf(1)]);
    const again = await stores.waves.start('line', { ...installOf(1), id: 'i-9', token: 't' }, event());
    expect(again).toMatchObject({ started: false, machine: 'waits' });
  });

  storeTest('gives no turn while another install is open, and says which', async (stores) => {
    await putWave(stores);
    await stores.installs.create(installOf(0), event());
    const refused = await stores.waves.start('line', { ...installOf(0), id: 'i-9', token: 't' }, event());
    expect(refused).toEqual({
      started: false,
      machine: 'cannot',
      because: "its install i-0, which is not this wave's, is requested",
    });
    expect((await stores.waves.byName('line'))?.members[0]?.state).toBe('waiting');
  });

  storeTest('gives no turn in a wave that is paused', async (stores) => {
    await putWave(stores, { state: 'paused' });
    const refused = await stores.waves.start('line', installOf(0), event());
    expect(refused).toEqual({ started: false, machine: 'waits', because: 'wave "line" is paused' });
  });

  storeTest('changes a machine only from the state it is in', async (stores) => {
    await putWave(stores);
    const [first] = (await stores.waves.byName('line'))?.members ?? [];
    if (!first) throw new Error('The wave has no machines');
    const failed = { ...first, state: 'failed', endedAtMs: NOON + HOUR, because: 'why' } as const;
    expect(await stores.waves.putMember('line', 'started', failed)).toBe(false);
    expect(await stores.waves.putMember('line', 'waiting', failed)).toBe(true);
    expect((await stores.waves.byName('line'))?.members[0]).toEqual(failed);
  });

  storeTest('cancelled, its machines that wait are too, and what is under way goes on', async (stores) => {
    await putWave(stores);
    await stores.waves.start('line', installOf(0), event());
    const change = { state: 'cancelled', changedAtMs: NOON + HOUR, because: 'why' } as const;
    expect(await stores.waves.advance('line', 'paused', change, event())).toBeUndefined();
    expect(await stores.waves.advance('line', 'running', change, event())).toMatchObject({ id: 3 });
    const states = (await stores.waves.byName('line'))?.members.map(({ state }) => state);
    expect(states).toEqual(['started', 'cancelled', 'cancelled']);
  });

  storeTest('forgets a wave that is over, and keeps its installs', async (stores) => {
    await putWave(stores);
    await stores.waves.start('line', installOf(0), event());
    expect(await stores.waves.remove('line')).toEqual({
      removed: false,
      because: 'wave "line" is running: cancel it first',
    });
    await stores.waves.advance('line', 'running', { state: 'done', changedAtMs: NOON }, event());
    expect(await stores.waves.remove('line')).toEqual({ removed: true });
    expect(await stores.waves.remove('line')).toMatchObject({ removed: false });
    expect(await stores.installs.list({ limit: 10 })).toHaveLength(1);
  });

  storeTest('a machine that is forgotten leaves its wave', async (stores) => {
    await putWave(stores);
    expect(await stores.waves.active()).toHaveLength(1);
    await stores.machines.remove(MACHINES[1]);
    const [active] = await stores.waves.active();
    expect(active?.members.map(({ machineId }) => machineId)).toEqual([MACHINES[0], MACHINES[2]]);
  });

  storeTest('takes thousands of machines', async (stores) => {
    await putInstallable(stores);
    await stores.profiles.put(profile());
    const ids = Array.from({ length: 2_500 }, (_, at) => `m-${String(at).padStart(12, '0')}`);
    for (const [at, id] of ids.entries()) {
      const mac = parseMac(at.toString(16).padStart(12, '0'));
      await stores.machines.put(machine({ id, name: `n-${at}`, macs: [mac] }));
    }
    await stores.waves.create(wave(), ids, event());
    expect((await stores.waves.byName('line'))?.members).toHaveLength(ids.length);
  });
}
