import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Asking, decideStarts, HEARD_MS, type StartSurroundings } from './decide-starts.ts';
import type { WaveMember, WaveWithMembers } from './wave.ts';
import { member, wave } from './suite/wave-samples.ts';

const NOW = 1_790_000_000_000;

function around(change: Partial<StartSurroundings> = {}): StartSurroundings {
  return { asking: new Map(), bytesPerSecond: 0, nowMs: NOW, ...change };
}

/** Names of those that get their turn, in order. */
function starting(waves: readonly WaveWithMembers[], change: Partial<StartSurroundings> = {}): string[] {
  return decideStarts(waves, around(change)).map(({ machineId }) => machineId);
}

function asking(since: Readonly<Record<string, number>>, lastMs = NOW): ReadonlyMap<string, Asking> {
  return new Map(Object.entries(since).map(([id, sinceMs]) => [id, { sinceMs, lastMs }]));
}

const waiting = (...ids: readonly string[]): readonly WaveMember[] =>
  ids.map((machineId, position) => member({ machineId, position }));

test('a wave that switches machines on starts as many as its budget says, in its order', () => {
  const one = wave({ power: 'on', budget: { machines: 2 } }, waiting('a', 'b', 'c'));
  expect(starting([one])).toEqual(['a', 'b']);
});

test('what is under way counts towards the budget', () => {
  const members = [member({ machineId: 'z', state: 'started' }), ...waiting('a', 'b', 'c')];
  expect(starting([wave({ power: 'on', budget: { machines: 2 } }, members)])).toEqual(['a']);
});

test('where people switch machines on, one that is off gets no turn', () => {
  const one = wave({ budget: { machines: 8 } }, waiting('a', 'b', 'c'));
  expect(starting([one])).toEqual([]);
  expect(starting([one], { asking: asking({ b: NOW }) })).toEqual(['b']);
});

test('of those at the waiting menu, the one that has waited longest is first', () => {
  const one = wave({ budget: { machines: 2 } }, waiting('a', 'b', 'c'));
  expect(starting([one], { asking: asking({ a: NOW - 1, b: NOW - 3, c: NOW - 2 }) })).toEqual(['b', 'c']);
});

test('one that was not heard for a while is off again', () => {
  const one = wave({}, waiting('a'));
  expect(starting([one], { asking: asking({ a: 0 }, NOW - HEARD_MS) })).toEqual(['a']);
  expect(starting([one], { asking: asking({ a: 0 }, NOW - HEARD_MS - 1) })).toEqual([]);
});

test.each(['paused', 'cancelled', 'done'] as const)('a wave that is %s starts nothing', (state) => {
  expect(starting([wave({ state, power: 'on' }, waiting('a'))])).toEqual([]);
});

test('waves take turns: a large one does not keep a small one waiting', () => {
  const large = wave({ name: 'large', power: 'on', budget: { machines: 3 } }, waiting('a', 'b', 'c', 'd'));
  const small = wave({ name: 'small', power: 'on', budget: { machines: 3 } }, waiting('x', 'y'));
  expect(starting([large, small])).toEqual(['a', 'x', 'b', 'y', 'c']);
});

test('while machines are sent more than the budget says, none is started but the first', () => {
  const budget = { machines: 3, bytesPerSecond: 1_000 };
  const busy = { bytesPerSecond: 1_001 };
  expect(starting([wave({ power: 'on', budget }, waiting('a', 'b'))], busy)).toEqual(['a']);
  const underWay = [member({ machineId: 'z', state: 'started' }), ...waiting('a', 'b')];
  expect(starting([wave({ power: 'on', budget }, underWay)], busy)).toEqual([]);
  expect(starting([wave({ power: 'on', budget }, underWay)], { bytesPerSecond: 1_000 })).toEqual(['a', 'b']);
});

const anyMember = fc.record({
  state: fc.constantFrom('waiting', 'started', 'installed', 'failed', 'cancelled'),
  heard: fc.boolean(),
});
const anyWave = fc.record({
  machines: fc.integer({ min: 1, max: 5 }),
  bytesPerSecond: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  power: fc.constantFrom('on', 'none'),
  state: fc.constantFrom('running', 'paused'),
  members: fc.array(anyMember, { maxLength: 12 }),
});

test('whatever there is: no budget is exceeded, nobody starts who does not wait, and a turn is lost to nobody', () => {
  fc.assert(
    fc.property(fc.array(anyWave, { maxLength: 4 }), fc.integer({ min: 0, max: 200 }), (drafts, rate) => {
      const heard: Record<string, number> = {};
      const waves = drafts.map((draft, at) => {
        const members = draft.members.map(({ state, heard: isHeard }, position) => {
          const machineId = `${at}-${position}`;
          if (isHeard) heard[machineId] = NOW;
          return member({ machineId, position, state });
        });
        const { machines, bytesPerSecond, power, state } = draft;
        const budget = { machines, ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) };
        return wave({ name: `w${at}`, power, state, budget }, members);
      });
      const starts = decideStarts(waves, around({ asking: asking(heard), bytesPerSecond: rate }));
      expect(new Set(starts.map(({ machineId }) => machineId)).size).toBe(starts.length);
      for (const { wave: one, members } of waves) {
        const started = starts.filter(({ wave: name }) => name === one.name);
        const before = members.filter(({ state }) => state === 'started').length;
        expect(started.every(({ machineId }) => isWaiting(members, machineId))).toBe(true);
        if (started.length > 0) expect(before + started.length).toBeLessThanOrEqual(one.budget.machines);
        const able = members.filter(
          ({ machineId, state }) => state === 'waiting' && (one.power === 'on' || machineId in heard),
        );
        const isBusy = rate > (one.budget.bytesPerSecond ?? Infinity);
        const free = one.state === 'running' ? (isBusy ? 1 : one.budget.machines) - before : 0;
        expect(started).toHaveLength(Math.max(0, Math.min(able.length, free)));
      }
    }),
  );
});

function isWaiting(members: readonly WaveMember[], machineId: string): boolean {
  return members.some((one) => one.machineId === machineId && one.state === 'waiting');
}
