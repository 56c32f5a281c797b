import { expect } from 'vitest';
import type { BootPlan } from '../../boot/boot-plan.ts';
import type { Install } from '../install.ts';
import { isOver } from '../life.ts';
import type { Door, Event, Report, Step } from './walk-steps.ts';
import { DISK_MAY_BOOT_PERCENT, LEAST_POINTS } from '../../progress/decide-progress.ts';

/** Several machines and their installs, whatever stands behind them, as a walk through their lives needs them. */
export interface Fleet {
  /** Names of the machines. */
  readonly machines: readonly string[];
  arm(machine: string): Promise<void>;
  /** Of a machine, oldest first. */
  installs(machine: string): Promise<readonly Install[]>;
  /** What a machine would boot; asking it changes nothing. */
  plan(machine: string): Promise<BootPlan>;
  /** A boot loader of the machine asks at a door. @returns the token of the install whose installer it is told to boot. */
  boot(machine: string, door: Door, nic: number): Promise<string | undefined>;
  /** Somebody asks for the answer file of an install. @returns whether it was served. */
  serve(install: Install, nic: number): Promise<boolean>;
  /** The installer of an install says something. @returns whether it was taken. */
  report(install: Install, report: Report, percent: number, nic: number): Promise<boolean>;
  cancel(install: Install): Promise<void>;
  /** Another record turns out to be this machine, with a network card of its own and an install that is over. */
  merge(machine: string): Promise<void>;
  /** So much time goes by, and all installs are looked at. */
  wait(minutes: number): Promise<void>;
  /** The wall clock is set by so many hours. */
  setClock(hours: number): void;
  /** All but what is on disk is forgotten. */
  restart(): Promise<void>;
}

/** What installers were given, and what they said, as far as it was answered. */
interface Known {
  /** Installs of which the answer file is out. */
  readonly served: Set<string>;
  /** The most that an installer said on its way, and was told that it is taken. */
  readonly percents: Map<string, number>;
  /** Installs of which somebody said an end: what is said with it counts, be it less. */
  readonly ends: Set<string>;
}

/**
 * Takes the steps, one after the other, and looks after each that promise 1 holds.
 *
 * @param attempts tries of one arming at most.
 */
export async function takeWalk(fleet: Fleet, steps: readonly Step[], attempts: number): Promise<void> {
  const known: Known = { served: new Set(), percents: new Map(), ends: new Set() };
  for (const one of steps) {
    await takeStep(fleet, one, known);
    for (const name of fleet.machines) await expectPromise(fleet, name, known, attempts);
  }
}

async function takeStep(fleet: Fleet, one: Step, known: Known): Promise<void> {
  switch (one.do) {
    case 'at once':
      await Promise.all(one.lanes.map((lane) => takeLane(fleet, lane, known)));
      return;
    case 'set clock':
      return await expectNothingBySettingTheClock(fleet, one.hours);
    case 'restart':
      return await fleet.restart();
    case 'plan':
      return await expectNothingByAsking(fleet, nameOf(fleet, one));
    case 'boot': {
      const told = await bootOnce(fleet, one, known);
      const plan = await fleet.plan(nameOf(fleet, one));
      const all = await fleet.installs(nameOf(fleet, one));
      const decided = plan.boot === 'installer' ? all.find(({ id }) => id === plan.installId) : undefined;
      return expect(told, 'it is told what was decided').toBe(decided?.token);
    }
    case 'arm':
    case 'serve':
    case 'report':
    case 'cancel':
    case 'merge':
    case 'wait':
      return await takeEvent(fleet, one, known);
  }
}

async function takeLane(fleet: Fleet, lane: readonly Event[], known: Known): Promise<void> {
  for (const one of lane) await takeEvent(fleet, one, known);
}

async function takeEvent(fleet: Fleet, one: Event, known: Known): Promise<void> {
  switch (one.do) {
    case 'wait':
      return await fleet.wait(one.minutes);
    case 'set clock':
      return fleet.setClock(one.hours);
    case 'arm':
      return await fleet.arm(nameOf(fleet, one));
    case 'merge':
      return await fleet.merge(nameOf(fleet, one));
    case 'boot':
      await bootOnce(fleet, one, known);
      return;
    case 'cancel':
    case 'report':
    case 'serve': {
      const install = (await fleet.installs(nameOf(fleet, one))).at(-1 - one.which);
      if (install) await takeEventOf(fleet, install, one, known);
    }
  }
}

async function takeEventOf(
  fleet: Fleet,
  install: Install,
  one: Event & { readonly do: 'cancel' | 'report' | 'serve' },
  known: Known,
): Promise<void> {
  if (one.do === 'cancel') await fleet.cancel(install);
  else if (one.do === 'report') await reportOnce(fleet, install, one, known);
  else if (await fleet.serve(install, one.nic)) known.served.add(install.id);
}

/** What is found out before it asks may have changed until it is told, so that only what cannot come back is looked at. */
async function bootOnce(
  fleet: Fleet,
  one: Event & { readonly do: 'boot' },
  known: Known,
): Promise<string | undefined> {
  const name = nameOf(fleet, one);
  const served = new Set(known.served);
  const before = new Map((await fleet.installs(name)).map((install) => [install.id, install.state]));
  const token = await fleet.boot(name, one.door, one.nic);
  if (token === undefined) return undefined;
  const told = (await fleet.installs(name)).find((install) => install.token === token);
  if (told === undefined) return expect.fail('it is told to install what was never armed for it');
  expect(
    ['requested', 'booting', undefined],
    'it was armed, and had not run, when it was asked for',
  ).toContain(before.get(told.id));
  expect(served.has(told.id), 'an installer that has its answer file is given to no boot again').toBe(false);
  return token;
}

async function reportOnce(
  fleet: Fleet,
  install: Install,
  { report, percent: said, nic: from }: Event & { readonly do: 'report' },
  { percents, ends }: Known,
): Promise<void> {
  const isWay = report === 'started' || report === 'progress';
  if (!isWay) ends.add(install.id);
  const isTaken = await fleet.report(install, report, said, from);
  if (isTaken && isWay) percents.set(install.id, Math.max(said, percents.get(install.id) ?? 0));
}

function nameOf({ machines }: Fleet, one: { readonly machine: number }): string {
  const name = machines[one.machine];
  if (name === undefined) throw new Error('The walk knows more machines than there are');
  return name;
}

async function expectNothingByAsking(fleet: Fleet, name: string): Promise<void> {
  const all = await fleet.installs(name);
  const plan = await fleet.plan(name);
  expect(await fleet.plan(name)).toEqual(plan);
  expect(await fleet.installs(name), 'asking changes nothing').toEqual(all);
}

async function expectNothingBySettingTheClock(fleet: Fleet, hours: number): Promise<void> {
  const everything = (): Promise<readonly (readonly Install[])[]> =>
    Promise.all(fleet.machines.map((name) => fleet.installs(name)));
  await fleet.wait(0);
  const before = await everything();
  fleet.setClock(hours);
  await fleet.wait(0);
  expect(await everything(), 'no install ends or goes on since somebody set the clock').toEqual(before);
}

async function expectPromise(
  fleet: Fleet,
  name: string,
  { served, percents, ends }: Known,
  attempts: number,
): Promise<void> {
  const all = await fleet.installs(name);
  const open = all.filter(({ state }) => !isOver(state));
  expect(open.length, 'a machine has one open install at most').toBeLessThanOrEqual(1);
  if (open[0]) expect(open[0].id, 'and that is its newest').toBe(all.at(-1)?.id);
  const plan = await fleet.plan(name);
  if (plan.boot === 'installer') {
    const planned = all.find(({ id }) => id === plan.installId);
    expect(['requested', 'booting'], 'it is armed, and has not run').toContain(planned?.state);
    expect(
      served.has(plan.installId),
      'an installer that has its answer file is given to no boot again',
    ).toBe(false);
  }
  for (const install of all) {
    const said = percents.get(install.id) ?? 0;
    if (!ends.has(install.id)) {
      const kept = install.percent ?? 0;
      expect(kept, 'what was said and taken is not lost').toBeGreaterThan(said - LEAST_POINTS);
      expect(kept >= DISK_MAY_BOOT_PERCENT, 'nor that the boot loader is written').toBe(
        said >= DISK_MAY_BOOT_PERCENT,
      );
    }
    const isWritten = said >= DISK_MAY_BOOT_PERCENT && install.cause === 'bootedAgain';
    const next = isWritten ? all.find(({ retryOf }) => retryOf === install.id) : undefined;
    expect(next, 'with its boot loader written no other try is armed').toBeUndefined();
    const tries = all.filter((other) => firstTry(all, other) === firstTry(all, install));
    expect(tries.length, 'no arming has more tries than are allowed').toBeLessThanOrEqual(attempts);
  }
}

function firstTry(all: readonly Install[], install: Install): Install {
  const before = all.find(({ id }) => id === install.retryOf);
  return before ? firstTry(all, before) : install;
}
