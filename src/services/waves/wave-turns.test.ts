import { afterEach, beforeEach, expect, test } from 'vitest';
import { isOver } from '../../core/install/life.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { WaveWithMembers } from '../../core/waves/wave.ts';
import { WaveLab } from '../suite/wave-lab.ts';
import type { WaveDraft } from './wave-service.ts';

let lab: WaveLab;
beforeEach(async () => {
  lab = await WaveLab.open();
});
afterEach(() => lab.close());

const DRAFT: WaveDraft = {
  name: 'line',
  profile: 'web',
  budget: { machines: 8 },
  jitterSeconds: 0,
  power: 'none',
};

async function startWave(machines: readonly Machine[], change: Partial<WaveDraft> = {}): Promise<void> {
  expect(await lab.waves.create({ ...DRAFT, ...change }, machines)).toMatchObject({ done: true });
  await lab.settle();
}

async function theWave(): Promise<WaveWithMembers> {
  const one = await lab.waves.byName('line');
  if (!one) throw new Error('There is no wave');
  return one;
}

async function statesOf(): Promise<readonly string[]> {
  return (await theWave()).members.map(({ state }) => state);
}

test('a wave of 40 machines with a budget of 8 never exceeds it, and installs them all', async () => {
  const machines = await lab.addMachines(40);
  await startWave(machines);
  const simulated = machines.map((machine, at) => lab.simulate(machine, { steps: 2 + (at % 5) }));
  let most = 0;
  for (let turn = 0; turn < 400 && (await theWave()).wave.state === 'running'; turn += 1) {
    // All of them go on at once, each at its own place.
    await Promise.all(simulated.map((one) => one.goOn()));
    await lab.settle();
    const open = (await lab.stores.installs.list({ limit: 1000 })).filter(({ state }) => !isOver(state));
    const started = (await statesOf()).filter((state) => state === 'started');
    expect(open.length).toBeLessThanOrEqual(8);
    expect(started.length).toBeLessThanOrEqual(8);
    most = Math.max(most, open.length);
    lab.pass(1_000);
  }
  expect(most).toBe(8);
  expect(await theWave()).toMatchObject({ wave: { state: 'done' } });
  expect(new Set(await statesOf())).toEqual(new Set(['installed']));
  // Nobody was told to install twice.
  expect(simulated.map(({ installers }) => installers)).toEqual(machines.map(() => 1));
  expect(await lab.stores.installs.list({ limit: 1000 })).toHaveLength(40);
});

test('a machine that boots while its wave waits stands at the waiting menu, and then gets its turn', async () => {
  const [first, second] = await lab.addMachines(2);
  await startWave([first!, second!], { budget: { machines: 1 } });
  const [one, other] = [lab.simulate(first!, { steps: 1 }), lab.simulate(second!, { steps: 1 })];
  await one.goOn();
  await lab.settle();
  await other.goOn();
  await lab.settle();
  expect(await lab.boot.planFor(second)).toEqual({
    boot: 'wait',
    wave: 'line',
    ahead: 0,
    because: 'it waits for its turn in wave line, with 0 before it',
  });
  while ((await statesOf())[0] !== 'installed') {
    await one.goOn();
    await lab.settle();
  }
  await other.goOn();
  await lab.settle();
  expect(await lab.boot.planFor(second)).toMatchObject({ boot: 'installer' });
});

test('a machine that fails gives its turn to the next, and is told with the reason', async () => {
  const machines = await lab.addMachines(2);
  await startWave(machines, { budget: { machines: 1 }, power: 'on' });
  const [{ installId = '' } = {}] = (await theWave()).members;
  await lab.installs.happened(installId, 'bootOffered');
  await lab.installs.happened(installId, 'failed', { message: 'no disk' });
  await lab.settle();
  expect((await theWave()).members).toMatchObject([
    { state: 'failed', because: 'no disk' },
    { state: 'started' },
  ]);
});

test('paused, what is under way goes on and nothing else begins; resumed, it goes on', async () => {
  const machines = await lab.addMachines(3);
  await startWave(machines, { budget: { machines: 1 }, power: 'on' });
  await lab.waves.pause('line', 'lunch');
  const [{ installId = '' } = {}] = (await theWave()).members;
  await lab.installs.cancel(installId);
  await lab.settle();
  expect(await statesOf()).toEqual(['cancelled', 'waiting', 'waiting']);
  expect(await lab.boot.planFor(machines[1])).toMatchObject({
    boot: 'wait',
    because: 'it waits for its turn in wave line, which is paused',
  });
  await lab.waves.resume('line');
  await lab.settle();
  expect(await statesOf()).toEqual(['cancelled', 'started', 'waiting']);
});

test('cancelled, machines that wait boot their own disk, and installs go on unless they are cancelled too', async () => {
  const machines = await lab.addMachines(3);
  await startWave(machines, { budget: { machines: 2 }, power: 'on' });
  await lab.waves.cancel('line', 'is cancelled', 'wrong profile');
  await lab.settle();
  expect(await lab.boot.planFor(machines[2])).toMatchObject({ boot: 'local disk' });
  const states = (await lab.stores.installs.list({ limit: 10 })).map(({ state }) => state);
  expect(states).toEqual(['cancelled', 'cancelled']);
});

test('whose turn it is is switched on; one that cannot be is left out with the reason', async () => {
  const machines = await lab.addMachines(3);
  lab.deadPower.add(machines[0]!.id);
  await startWave(machines, { budget: { machines: 2 }, power: 'on', jitterSeconds: 0 });
  await expect.poll(() => lab.switchedOn).toEqual([machines[1]!.name, machines[2]!.name]);
  await lab.settle();
  expect((await theWave()).members).toMatchObject([
    { state: 'cancelled', because: 'it could not be switched on: its BMC does not answer' },
    { state: 'started' },
    { state: 'started' },
  ]);
});

test('machines that had their turn when Muster stopped are switched on when it starts', async () => {
  const machines = await lab.addMachines(1);
  await startWave(machines, { power: 'on', jitterSeconds: 3_600 });
  expect(lab.switchedOn).toEqual([]);
  lab.random = 0;
  await lab.restart();
  await expect.poll(() => lab.switchedOn).toEqual([machines[0]!.name]);
});

test('a machine that was switched on before Muster stopped is not cut when it starts', async () => {
  const machines = await lab.addMachines(2);
  lab.deadPower.add(machines[1]!.id);
  await startWave(machines, { power: 'on', jitterSeconds: 0 });
  await expect.poll(() => lab.switchedOn).toEqual([machines[0]!.name]);
  await lab.settle();
  await lab.restart();
  await lab.settle();
  expect(await statesOf()).toEqual(['started', 'cancelled']);
  expect(lab.powerAsked).toBe(2);
});

test('a cancelled wave tells how what was under way ended, and its machines can be in another one', async () => {
  const machines = await lab.addMachines(2);
  await startWave(machines, { budget: { machines: 1 }, power: 'on' });
  await lab.waves.cancel('line', 'is cancelled', 'wrong profile');
  await lab.settle();
  expect(await statesOf()).toEqual(['cancelled', 'cancelled']);
  expect((await theWave()).wave).toMatchObject({ state: 'cancelled', because: 'wrong profile' });
  await startWave(machines, { name: 'next' });
});

test('a machine whose install was cancelled before it was switched on is left as it is', async () => {
  const machines = await lab.addMachines(2);
  // Half a second, in which the install is cancelled, however busy this computer is.
  lab.random = 0.5;
  await startWave(machines, { budget: { machines: 2 }, power: 'on', jitterSeconds: 1 });
  const [{ installId = '' } = {}] = (await theWave()).members;
  await lab.installs.cancel(installId);
  expect(lab.switchedOn).toEqual([]);
  await expect.poll(() => lab.switchedOn, { timeout: 5_000 }).toEqual([machines[1]!.name]);
});

test('a power action that is broken off because Muster stops cancels no install', async () => {
  const [machine] = await lab.addMachines(1);
  let breakOff = (): void => undefined;
  lab.powerTakes = new Promise((resolve) => {
    breakOff = resolve;
  });
  lab.deadPower.add(machine!.id);
  await startWave([machine!], { power: 'on' });
  await expect.poll(() => lab.powerAsked).toBe(1);
  await lab.turns.close();
  breakOff();
  await lab.settle();
  expect(await statesOf()).toEqual(['started']);
});

test('while machines are sent more than the budget says, no further one is started', async () => {
  const machines = await lab.addMachines(2);
  lab.bytesPerSecond = 2_000;
  await startWave(machines, { budget: { machines: 2, bytesPerSecond: 1_000 }, power: 'on' });
  expect(await statesOf()).toEqual(['started', 'waiting']);
  lab.bytesPerSecond = 0;
  lab.turns.look();
  await lab.settle();
  expect(await statesOf()).toEqual(['started', 'started']);
});

test('an install that somebody arms by hand for a machine that waits takes it out of the wave, with the reason', async () => {
  const machines = await lab.addMachines(2);
  await startWave(machines, { budget: { machines: 1 }, power: 'on' });
  await lab.installs.arm(machines[1]!, 'web');
  const [{ installId = '' } = {}] = (await theWave()).members;
  await lab.installs.cancel(installId);
  await lab.settle();
  expect((await theWave()).members[1]).toMatchObject({
    state: 'failed',
    because: expect.stringMatching(/^its install i-\w+, which is not this wave's, is requested$/),
  });
});

for (const [title, prepare, change, because] of [
  [
    'a profile that is not there',
    async () => undefined,
    { profile: 'gone' },
    /^n-0: there is no profile "gone"/,
  ],
  [
    'a machine whose install is open',
    async (machine: Machine) => void (await lab.installs.arm(machine, 'web')),
    {},
    /^n-0: its install i-\w+ is requested: cancel it first/,
  ],
  [
    'a machine that cannot be switched on',
    async (machine: Machine) => void lab.powerless.add(machine.id),
    { power: 'on' },
    /^n-0: nothing is known of its BMC$/,
  ],
] as const) {
  test(`a wave is refused for ${title}, and nothing is made`, async () => {
    const [machine] = await lab.addMachines(1);
    await prepare(machine!);
    const refused = await lab.waves.create({ ...DRAFT, ...change }, [machine!]);
    expect(refused).toMatchObject({ done: false, because: expect.stringMatching(because) });
    expect(await lab.waves.page({ limit: 10 })).toEqual({ waves: [], next: undefined });
  });
}
