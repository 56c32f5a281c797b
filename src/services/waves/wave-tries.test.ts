import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { WaveLab } from '../suite/wave-lab.ts';
import type { WaveDraft } from './wave-service.ts';

/** Waves whose machines are cut off, or have data on their disks. */

let lab: WaveLab;
let machine: Machine;
let other: Machine;
beforeEach(async () => {
  lab = await WaveLab.open();
  const [first, second] = await lab.addMachines(2);
  if (!first || !second) throw new Error('There is no machine');
  [machine, other] = [first, second];
});
afterEach(() => lab.close());

const DRAFT: WaveDraft = {
  name: 'line',
  profile: 'web',
  budget: { machines: 1 },
  jitterSeconds: 0,
  power: 'on',
};

const member = async () =>
  (await lab.waves.byName('line'))?.members.find(({ machineId }) => machineId === machine.id);

async function cutOff(id: string): Promise<void> {
  for (const event of ['bootOffered', 'answerServed', 'started'] as const)
    await lab.installs.happened(id, event);
  expect(await lab.installs.bootsAnew(machine)).toBe(true);
  await lab.settle();
}

test('a machine whose power is cut keeps its turn for the next try, and its last failure is that of the wave', async () => {
  expect(await lab.waves.create(DRAFT, [machine])).toMatchObject({ done: true });
  await lab.settle();
  const first = (await member())?.installId ?? '';
  await cutOff(first);
  const second = await member();
  expect(second).toMatchObject({ state: 'started' });
  expect(await lab.installs.byId(second?.installId ?? '')).toMatchObject({
    retryOf: first,
    state: 'requested',
  });
  await cutOff(second?.installId ?? '');
  expect(await member()).toMatchObject({
    state: 'failed',
    because: expect.stringContaining('this was the last of its 2 tries'),
  });
});

test('the next try of a machine that never came to its installer is switched off and on; of one that booted anew it is not', async () => {
  expect(await lab.waves.create({ ...DRAFT, budget: { machines: 2 } }, [machine, other])).toMatchObject({
    done: true,
  });
  await lab.settle();
  await expect.poll(() => lab.switchedOn).toEqual([machine.name, other.name]);
  const installs = (await lab.waves.byName('line'))?.members.map(({ installId = '' }) => installId) ?? [];
  for (const id of installs) await lab.installs.happened(id, 'bootOffered');
  await cutOff(installs[0] ?? '');
  await lab.installs.happened(installs[1] ?? '', 'timedOut');
  await lab.settle();
  await expect.poll(() => lab.switchedOn).toEqual([machine.name, other.name, other.name]);
  expect((await lab.waves.byName('line'))?.members).toMatchObject([
    { state: 'started' },
    { state: 'started' },
  ]);
});

test('a wave over disks that hold data is confirmed once, when it is made', async () => {
  const armed = await lab.installs.arm(machine, 'web');
  const id = armed.armed ? armed.install.id : '';
  for (const event of ['bootOffered', 'finished'] as const) await lab.installs.happened(id, event);
  expect(await lab.waves.create(DRAFT, [machine])).toMatchObject({
    done: false,
    no: 'holds data',
    because: expect.stringContaining(`the disk of ${machine.name} holds data`),
  });
  expect(await lab.waves.create(DRAFT, [machine], 'confirmed')).toMatchObject({ done: true });
  await lab.settle();
  expect(await member()).toMatchObject({ state: 'started' });
});

for (const [title, erasing, confirmed] of [
  ['nothing was confirmed', 'asked', undefined],
  ['a person confirmed the loss of others', 'confirmed', ['running']],
] as const) {
  test(`a machine of which data is known by its turn, and was not when the wave was made, gets none where ${title}`, async () => {
    if (erasing === 'confirmed') for (const { id } of [machine, other]) lab.running.add(id);
    expect(await lab.waves.create(DRAFT, [other, machine], erasing)).toMatchObject({ done: true });
    await lab.settle();
    expect((await member())?.confirmed).toEqual(confirmed);
    const disks = [{ name: 'sda', bytes: 10 ** 10, holdsData: true }];
    await lab.stores.facts.put(machine.id, { source: 'installer', facts: { disks }, atMs: 1 });
    await endFirst();
    expect(await member()).toMatchObject({
      state: 'failed',
      because: expect.stringMatching(
        /holds data.*which was not known when the wave was made: muster install \S+ --erase installs it$/,
      ),
    });
  });
}

test('a machine that is on by its turn, and was not when the wave was made, is not cut; one at the waiting menu is', async () => {
  const [, , third] = await lab.addMachines(3);
  expect(await lab.waves.create(DRAFT, [other, machine, third!])).toMatchObject({ done: true });
  await lab.settle();
  for (const { id } of [machine, third!]) lab.running.add(id);
  lab.turns.stoodWaiting(third!.id);
  await endFirst();
  expect(await member()).toMatchObject({
    state: 'failed',
    because: `${machine.name} is on, which was not known when the wave was made: shut it down, and muster install ${machine.name} installs it`,
  });
  await expect.poll(() => lab.switchedOn).toEqual([other.name, third!.name]);
});

/** The first machine's install is over: the next one has its turn. */
async function endFirst(): Promise<void> {
  const [first] = (await lab.waves.byName(DRAFT.name))?.members ?? [];
  await lab.installs.cancel(first?.installId ?? '');
  await lab.settle();
}

test('machines that are on are switched off by a wave only where a person knows', async () => {
  lab.running.add(machine.id);
  const draft = { ...DRAFT, power: 'on' } as const;
  expect(await lab.waves.create(draft, [other, machine])).toEqual({
    done: false,
    no: 'holds data',
    because: `${machine.name} is on`,
  });
  // People switch these on themselves.
  expect(await lab.waves.create({ ...draft, name: 'by-hand', power: 'none' }, [other])).toMatchObject({
    done: true,
  });
  expect(await lab.waves.create(draft, [machine], 'confirmed')).toMatchObject({
    done: true,
    members: [{ confirmed: ['running'] }],
  });
});
