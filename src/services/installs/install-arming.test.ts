import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import type { ArmWish } from './arm-options.ts';
import { makeMachineWorld, type MachineWorld } from '../../servers/suite/machine-world.ts';

let world: MachineWorld;
let both: readonly Machine[];
beforeEach(async () => {
  world = await makeMachineWorld();
  both = await world.stores.machines.list();
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const all = (profile: string): readonly ArmWish[] => both.map((machine) => ({ machine, profile }));
const open = async (): Promise<readonly string[]> =>
  (await world.installs.listOpen()).map(({ machineId }) => both.find(({ id }) => id === machineId)!.name);

describe('many machines at once', () => {
  test('are all armed, each with its event and a token of its own', async () => {
    const armed = await world.installs.armMany(all('server'));
    expect(armed).toMatchObject({ armed: true, passedOver: [] });
    expect(await open()).toEqual(['web01', 'web02']);
    const texts = world.told.map(({ text }) => text.replace(/i-\w+/, 'ID'));
    expect(texts).toEqual([
      'Install ID of profile server is armed for web01',
      'Install ID of profile server is armed for web02',
    ]);
    expect(new Set((await world.installs.listOpen()).map(({ token }) => token)).size).toBe(2);
  });

  test('are armed all, or none where one cannot be, with each reason', async () => {
    await world.arm();
    expect(await world.installs.armMany(all('server'))).toEqual({
      armed: false,
      refused: [
        {
          machine: both[0],
          no: 'refused',
          because: expect.stringMatching(/^install i-\w+ of web01 is requested/),
        },
      ],
    });
    expect(await world.installs.armMany(all('none'))).toMatchObject({
      armed: false,
      refused: [{ machine: both[0] }, { machine: both[1] }],
    });
    expect(await open()).toEqual(['web01']);
  });

  test('are each armed with a profile of its own and its reason, and not where one has none', async () => {
    const [web01, web02] = both;
    const said: ArmWish = { machine: web01!, profile: 'server', because: 'web01 is in group a' };
    const because = 'web02 is in no group';
    const none: ArmWish = { machine: web02!, profile: undefined, because };
    const refused = [
      {
        machine: web02,
        no: 'refused',
        because: expect.stringMatching(/^web02 is in no group: say with which profile/),
      },
    ];
    expect(await world.installs.armMany([said, none])).toEqual({ armed: false, refused });
    expect(await open()).toEqual([]);
    await world.stores.profiles.put({ name: 'other', image: 'debian', arguments: '', variables: {} });
    const other: ArmWish = { machine: web02!, profile: 'other' };
    expect(await world.installs.armMany([said, other])).toMatchObject({
      installs: [{ profile: 'server' }, { profile: 'other' }],
    });
    expect(world.told.map((one) => one.because)).toEqual(['web01 is in group a', undefined]);
    await world.installs.cancel((await world.installs.listOpen())[0]!.id);
    expect(await world.installs.armMany([said, none], { refused: 'pass over' })).toMatchObject({
      installs: [{ profile: 'server' }],
      passedOver: refused,
    });
  });

  test('are armed without those that cannot be, where that is said', async () => {
    await world.arm();
    expect(await world.installs.armMany(all('server'), { refused: 'pass over' })).toMatchObject({
      armed: true,
      installs: [{ machineId: both[1]!.id }],
      passedOver: [{ machine: both[0], no: 'refused' }],
    });
  });

  test('are armed up to the limit; those that are passed over do not count', async () => {
    expect(await world.installs.armMany(all('server'), { limit: 1 })).toMatchObject({
      armed: true,
      installs: [{ machineId: both[0]!.id }],
    });
    expect(await world.installs.armMany(all('server'), { limit: 1 })).toMatchObject({ armed: false });
    expect(await world.installs.armMany(all('server'), { limit: 1, refused: 'pass over' })).toMatchObject({
      armed: true,
      installs: [{ machineId: both[1]!.id }],
    });
  });

  test('are armed once where two want them at once', async () => {
    const [one, other] = await Promise.all([
      world.installs.armMany(all('server')),
      world.installs.armMany(all('server')),
    ]);
    expect(one.armed).toBe(!other.armed);
    expect(await open()).toEqual(['web01', 'web02']);
  });
});

describe('a disk that is known to hold data', () => {
  test('is erased where that is confirmed, and not before', async () => {
    const first = await world.arm();
    await world.installs.happened(first.id, 'bootOffered');
    await world.installs.happened(first.id, 'finished');
    const refused = await world.installs.arm(world.web01, 'server');
    expect(refused).toMatchObject({
      armed: false,
      no: 'holds data',
      because: expect.stringContaining(`profile server was installed on it (install ${first.id}`),
    });
    const confirmed = await world.installs.arm(world.web01, 'server', { confirmErase: true });
    expect(confirmed.armed).toBe(true);
  });

  test('may be so by what the machine says', async () => {
    const disk = {
      name: 'sda',
      bytes: 10 ** 12,
      model: 'QEMU',
      holdsData: true,
      holds: 'an ext4 file system',
    };
    const facts = { disks: [disk, { name: 'sdb', bytes: 10 ** 12, holdsData: false }] };
    await world.stores.facts.put(world.web01.id, { source: 'discovery', facts, atMs: 0 });
    expect(await world.installs.arm(world.web01, 'server')).toMatchObject({
      no: 'holds data',
      because:
        'the disk of web01 holds data, and the install would erase it: disk sda (QEMU) holds an ext4 file system',
    });
    expect(await world.installs.armMany(all('server'))).toMatchObject({
      armed: false,
      refused: [{ machine: both[0], no: 'holds data' }],
    });
  });

  test('is not asked about where a confirmation would not help', async () => {
    const first = await world.arm();
    await world.installs.happened(first.id, 'bootOffered');
    await world.installs.happened(first.id, 'finished');
    expect(await world.installs.arm(world.web01, 'none')).toMatchObject({ armed: false, no: 'refused' });
  });

  test('needs no second confirmation for the next try of an install', async () => {
    const first = await world.arm();
    await world.installs.happened(first.id, 'bootOffered');
    await world.installs.happened(first.id, 'finished');
    await world.installs.arm(world.web01, 'server', { confirmErase: true });
    const [again] = await world.installs.listOpen();
    await world.installs.happened(again!.id, 'bootOffered');
    await world.installs.happened(again!.id, 'started');
    expect(await world.installs.happened(again!.id, 'bootedAgain')).toMatchObject({
      happened: true,
      next: { state: 'requested', attempt: 2 },
    });
  });
});

test('tries and expiry are those of the policy when it is armed', async () => {
  const installs = { ...DEFAULT_POLICY.installs, attempts: 3, expireHours: 2 };
  await world.stores.policy.put({ ...DEFAULT_POLICY, installs });
  const armed = await world.arm();
  expect(armed).toMatchObject({
    attempt: 1,
    attempts: 3,
    expiresSteadyMs: world.steadyClock.nowMs() + 2 * 3_600_000,
  });
});
