import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Install } from '../../core/install/install.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { makeMachineWorld, type MachineWorld } from '../../servers/suite/machine-world.ts';
import { InstallWatch } from './install-watch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: MachineWorld;
let watch: InstallWatch;
let keptAtMs: number[] = [];
const failures: unknown[] = [];

beforeEach(async () => {
  world = await makeMachineWorld();
  keptAtMs = [];
  watch = newWatch();
  await watch.start();
});
afterEach(async () => {
  await watch.close();
  await world.events.settled();
  await world.close();
  expect(failures).toEqual([]);
});

function newWatch(): InstallWatch {
  const keep = async (): Promise<void> => void keptAtMs.push(world.steadyClock.nowMs());
  return new InstallWatch({
    installs: world.installs,
    policy: world.stores.policy,
    steadyClock: { ...world.steadyClock, keep },
    failed: (error) => failures.push(error),
  });
}

async function later(ms: number): Promise<void> {
  world.pass(ms);
  await watch.look();
}

const now = async ({ id }: Install): Promise<Install | undefined> => await world.installs.byId(id);

test('an install that no machine boots expires, and the machine boots its own disk', async () => {
  const install = await world.arm();
  await later(24 * HOUR - 1);
  expect((await now(install))?.state).toBe('requested');
  await later(1);
  expect(await now(install)).toMatchObject({ state: 'expired', cause: 'expired' });
  expect(world.told.at(-1)).toMatchObject({
    kind: 'install.expired',
    text: 'The install expired; the machine boots its own disk',
    because: expect.stringContaining('look at its boot order'),
  });
});

test('it expires when it was armed to, or never', async () => {
  const short = await world.installs.arm(world.web01, 'server', { expires: HOUR });
  await later(HOUR);
  expect(short.armed && (await now(short.install))?.state).toBe('expired');
  const forever = await world.installs.arm(world.web01, 'server', { expires: 'never' });
  await later(10_000 * HOUR);
  expect(forever.armed && (await now(forever.install))?.state).toBe('requested');
});

test('a machine that never comes to its installer is given a second try, and no third', async () => {
  const first = await world.arm();
  await world.installs.happened(first.id, 'bootOffered');
  await later(30 * MINUTE);
  await world.installs.happened(first.id, 'bootOffered');
  await later(30 * MINUTE);
  expect(await now(first)).toMatchObject({ state: 'failed', cause: 'timedOut' });
  const [second] = await world.installs.listOpen();
  expect(second).toMatchObject({ state: 'requested', attempt: 2, retryOf: first.id });
  await world.installs.happened(second!.id, 'bootOffered');
  await later(HOUR);
  expect(await now(second!)).toMatchObject({
    state: 'failed',
    because: expect.stringMatching(/nobody read its answer file: .*; this was the last of its 2 tries$/),
  });
  expect(await world.installs.listOpen()).toEqual([]);
});

test('a silent installer fails without another try; every report begins its time anew, whether it is news or not', async () => {
  const install = await world.arm();
  await world.installs.happened(install.id, 'bootOffered');
  await world.installs.happened(install.id, 'answerServed');
  for (let hour = 0; hour < 3; hour += 1) {
    await later(80 * MINUTE);
    await world.installs.report(install.token, 'progressed', { step: 'packages', percent: 30 + hour });
  }
  expect((await now(install))?.state).toBe('installing');
  await later(90 * MINUTE);
  expect(await now(install)).toMatchObject({
    state: 'failed',
    cause: 'timedOut',
    because: expect.stringMatching(
      /^nothing was heard .* at 30 % \(packages\).*; the installer may still be at work/,
    ),
  });
  expect(await world.installs.listOpen()).toEqual([]);
});

test('no install ends because somebody set the clock, and none because Muster did not run', async () => {
  const install = await world.arm();
  world.setClock(10_000 * HOUR);
  await later(0);
  world.setClock(-20_000 * HOUR);
  await later(0);
  expect((await now(install))?.state).toBe('requested');
  await world.installs.happened(install.id, 'bootOffered');
  await world.installs.happened(install.id, 'answerServed');
  await watch.close();
  world.pass(100 * HOUR);
  watch = newWatch();
  await watch.start();
  expect((await now(install))?.state).toBe('installing');
  await later(89 * MINUTE);
  expect((await now(install))?.state).toBe('installing');
  await later(MINUTE);
  expect((await now(install))?.state).toBe('failed');
});

test('what expired while Muster did not run has expired before any machine can ask', async () => {
  const install = await world.arm();
  await watch.close();
  world.pass(25 * HOUR);
  watch = newWatch();
  await watch.start();
  expect((await now(install))?.state).toBe('expired');
});

test('the limits are those of the policy as it is now', async () => {
  const install = await world.arm();
  await world.installs.happened(install.id, 'bootOffered');
  const installs = { ...DEFAULT_POLICY.installs, bootMinutes: 1 };
  await world.stores.policy.put({ ...DEFAULT_POLICY, installs });
  await later(MINUTE);
  expect((await now(install))?.state).toBe('failed');
});

test('the clock is kept once a minute, and at the end', async () => {
  for (let look = 0; look < 6; look += 1) await later(30_000);
  expect(keptAtMs).toHaveLength(3);
  await watch.close();
  expect(keptAtMs).toHaveLength(4);
});

test('a look that fails is told, and the next one goes well', async () => {
  const install = await world.arm();
  const told: unknown[] = [];
  let isBroken = true;
  const broken = new InstallWatch({
    installs: world.installs,
    policy: {
      get: async () => {
        if (isBroken) throw new Error('the disk is full');
        return await world.stores.policy.get();
      },
    },
    steadyClock: { ...world.steadyClock, keep: async () => undefined },
    failed: (error) => told.push(error),
  });
  world.pass(25 * HOUR);
  await broken.look();
  expect(told).toEqual([new Error('the disk is full')]);
  isBroken = false;
  await broken.look();
  expect((await now(install))?.state).toBe('expired');
});
