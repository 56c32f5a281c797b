import fc from 'fast-check';
import { expect } from 'vitest';
import type { BootPlan } from '../../boot/boot-plan.ts';
import type { Install } from '../install.ts';
import { isOver } from '../life.ts';

/** Several machines and their installs, whatever stands behind them, as a walk through their lives needs them. */
export interface Fleet {
  /** Names of the machines. */
  readonly machines: readonly string[];
  arm(machine: string): Promise<void>;
  /** Of a machine, oldest first. */
  installs(machine: string): Promise<readonly Install[]>;
  /** What a machine would boot; asking it changes nothing. */
  plan(machine: string): Promise<BootPlan>;
  /** A boot loader of the machine asks at a door, and is told what it boots. */
  boot(machine: string, door: Door): Promise<void>;
  /** Somebody asks for the answer file of an install. @returns whether it was served. */
  serve(install: Install): Promise<boolean>;
  /** The installer of an install says something. */
  report(install: Install, report: Report, percent: number): Promise<void>;
  cancel(install: Install): Promise<void>;
  /** So much time goes by, and all installs are looked at. */
  wait(minutes: number): Promise<void>;
  /** The wall clock is set by so many hours. */
  setClock(hours: number): void;
  restart(): Promise<void>;
}

export const DOORS = ['TFTP', 'HTTP'] as const;
export type Door = (typeof DOORS)[number];
export const WALK_REPORTS = ['started', 'progress', 'finished', 'failed', 'booted'] as const;
export type Report = (typeof WALK_REPORTS)[number];

type Step =
  | { readonly do: 'arm' | 'plan' | 'serve' | 'cancel'; readonly machine: number; readonly which: number }
  | { readonly do: 'boot'; readonly machine: number; readonly door: Door }
  | {
      readonly do: 'report';
      readonly machine: number;
      readonly which: number;
      readonly report: Report;
      readonly percent: number;
    }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'set clock'; readonly hours: number }
  | { readonly do: 'restart' };

const machine = fc.nat({ max: 1 });
/** Counted from the newest: what is old may ask, too. */
const which = fc.nat({ max: 3 });
/** Boots and what comes of them more often than the rest, so that walks get far. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('arm' as const), machine, which }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('boot' as const), machine, door: fc.constantFrom(...DOORS) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('serve' as const), machine, which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      machine,
      which,
      report: fc.constantFrom(...WALK_REPORTS),
      percent: fc.nat({ max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('plan' as const, 'cancel' as const), machine, which }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 20, 100, 1_500) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set clock' as const),
      hours: fc.integer({ min: -9_000, max: 9_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

export const walk = fc.array(step, { minLength: 5, maxLength: 60 });

/**
 * Takes the steps, one after the other, and looks after each that promise 1 holds.
 *
 * @param attempts tries of one arming at most.
 */
export async function takeWalk(fleet: Fleet, steps: readonly Step[], attempts: number): Promise<void> {
  const served = new Set<string>();
  for (const one of steps) {
    await takeStep(fleet, one, served);
    for (const name of fleet.machines) await expectPromise(fleet, name, served, attempts);
  }
}

async function takeStep(fleet: Fleet, one: Step, served: Set<string>): Promise<void> {
  if (one.do === 'wait') return await fleet.wait(one.minutes);
  if (one.do === 'set clock') return await expectNothingBySettingTheClock(fleet, one.hours);
  if (one.do === 'restart') return await fleet.restart();
  const name = fleet.machines[one.machine];
  if (name === undefined) throw new Error('The walk knows more machines than there are');
  if (one.do === 'arm') return await fleet.arm(name);
  if (one.do === 'boot') return await fleet.boot(name, one.door);
  const all = await fleet.installs(name);
  if (one.do === 'plan') {
    const plan = await fleet.plan(name);
    expect(await fleet.plan(name)).toEqual(plan);
    return expect(await fleet.installs(name), 'asking changes nothing').toEqual(all);
  }
  const install = all.at(-1 - one.which);
  if (!install) return undefined;
  if (one.do === 'cancel') return await fleet.cancel(install);
  if (one.do === 'report') return await fleet.report(install, one.report, one.percent);
  if (await fleet.serve(install)) served.add(install.id);
  return undefined;
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
  served: ReadonlySet<string>,
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
    const tries = all.filter((other) => firstTry(all, other) === firstTry(all, install));
    expect(tries.length, 'no arming has more tries than are allowed').toBeLessThanOrEqual(attempts);
  }
}

function firstTry(all: readonly Install[], install: Install): Install {
  const before = all.find(({ id }) => id === install.retryOf);
  return before ? firstTry(all, before) : install;
}
