import fc from 'fast-check';
import { DISK_MAY_BOOT_PERCENT } from '../../progress/decide-progress.ts';

/** What may happen to a fleet, and walks of it. */

export const DOORS = ['TFTP', 'HTTP'] as const;
export type Door = (typeof DOORS)[number];
export const WALK_REPORTS = ['started', 'progress', 'finished', 'failed', 'booted'] as const;
export type Report = (typeof WALK_REPORTS)[number];

/** What may happen while something else does. */
export type Event =
  | { readonly do: 'arm' | 'merge'; readonly machine: number }
  | { readonly do: 'cancel'; readonly machine: number; readonly which: number }
  | { readonly do: 'serve'; readonly machine: number; readonly which: number; readonly nic: number }
  | { readonly do: 'boot'; readonly machine: number; readonly door: Door; readonly nic: number }
  | {
      readonly do: 'report';
      readonly machine: number;
      readonly which: number;
      readonly nic: number;
      readonly report: Report;
      readonly percent: number;
    }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'set clock'; readonly hours: number };

export type Step =
  | Event
  | { readonly do: 'plan'; readonly machine: number }
  /** Each lane one event after another, and the lanes at the same time. */
  | { readonly do: 'at once'; readonly lanes: readonly (readonly Event[])[] }
  | { readonly do: 'restart' };

const machine = fc.nat({ max: 1 });
const nic = fc.nat({ max: 1 });
/** Counted from the newest: what is old may ask, too. */
const which = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat({ max: 3 }) },
);
/** Often where the boot loader is written already. */
const percent = fc.oneof(fc.nat({ max: 100 }), fc.integer({ min: DISK_MAY_BOOT_PERCENT, max: 100 }));
const hours = fc.integer({ min: -9_000, max: 9_000 });
/** Boots and what comes of them more often than the rest, so that walks get far. */
const EVENTS: readonly fc.WeightedArbitrary<Event>[] = [
  { weight: 3, arbitrary: fc.record({ do: fc.constant('arm' as const), machine }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('boot' as const),
      machine,
      door: fc.constantFrom(...DOORS),
      nic,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('serve' as const), machine, which, nic }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      machine,
      which,
      nic,
      report: fc.constantFrom(...WALK_REPORTS, 'progress'),
      percent,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), machine, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), machine }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 20, 100, 1_500) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set clock' as const), hours }) },
];

/** Of one machine, since others hardly come into each other's way. */
const atOnce: fc.Arbitrary<Step> = fc
  .record({
    machine,
    lanes: fc.array(fc.array(fc.oneof(...EVENTS), { minLength: 1, maxLength: 3 }), {
      minLength: 2,
      maxLength: 3,
    }),
  })
  .map(({ machine: all, lanes }) => ({
    do: 'at once',
    lanes: lanes.map((lane) => lane.map((one) => ('machine' in one ? { ...one, machine: all } : one))),
  }));

const step: fc.Arbitrary<Step> = fc.oneof(
  ...EVENTS,
  { weight: 12, arbitrary: atOnce },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('plan' as const), machine }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** A machine whose installer is at work, and all that may be said and asked for at that moment: walks seldom get there. */
const atWork: fc.Arbitrary<readonly Step[]> = fc
  .record({
    machine,
    door: fc.constantFrom(...DOORS),
    reached: percent,
    said: percent,
    more: fc.array(fc.oneof(...EVENTS), { maxLength: 2 }),
  })
  .map(({ machine: one, door, reached, said, more }) => {
    const boot = { do: 'boot', machine: one, door, nic: 0 } as const;
    const newest = { machine: one, which: 0, nic: 0 } as const;
    const report = { do: 'report', ...newest, report: 'progress' } as const;
    return [
      { do: 'arm', machine: one },
      boot,
      { do: 'serve', ...newest },
      { ...report, percent: reached },
      { do: 'at once', lanes: [[{ ...report, percent: said }], [boot], more] },
    ];
  });

export const walk = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: step.map((one): readonly Step[] => [one]) },
      { weight: 2, arbitrary: atWork },
    ),
    { minLength: 5, maxLength: 60 },
  )
  .map((steps) => steps.flat());
