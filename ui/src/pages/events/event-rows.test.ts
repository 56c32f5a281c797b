import { expect, test } from 'vitest';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { fitting, merged, type Wanted, withBatch, withNewer } from './event-rows.ts';

const event: WireEvent = {
  id: 5,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'install.failed',
  text: 'web01 was not installed',
  because: 'The Disk is too small',
  machine: 'web01',
  machineId: 'm-1',
};
const all: Wanted = { q: '', kind: '', machine: '' };

test.each<[what: string, wanted: Partial<Wanted>, is: boolean]>([
  ['nothing is asked', {}, true],
  ['the sentence has it', { q: 'NOT installed' }, true],
  ['the reason has it', { q: 'disk' }, true],
  ['neither has it', { q: 'memory' }, false],
  ['its kind is one of some', { kind: 'power.failed, install.*' }, true],
  ['a dot is a dot', { kind: 'install?failed' }, false],
  ['its kind only begins so', { kind: 'install' }, false],
  ['the machine is meant by its name', { machine: 'web01' }, true],
  ['the machine is meant by its id', { machine: 'm-1' }, true],
  ['another machine is meant', { machine: 'web0' }, false],
])('Where %s, an event is shown or not', (_, wanted, is) => {
  expect(fitting({ ...all, ...wanted })(event)).toBe(is);
});

const of = (id: number): WireEvent => ({ ...event, id });

test('Events that came both ways are there once, newest first', () => {
  expect(merged([[of(7)], [of(5), of(6), of(7)], [of(3)]]).map(({ id }) => id)).toEqual([7, 6, 5, 3]);
});

test('What happens after an answer stands before it, and what it has already is there once', () => {
  const live = withBatch(withBatch([], [of(6), of(7)]), [of(8), of(9)]);
  expect(live.map(({ id }) => id)).toEqual([9, 8, 7, 6]);
  expect(withNewer(live, [of(7), of(5)]).map(({ id }) => id)).toEqual([9, 8, 7, 5]);
  expect(withNewer(live, []).map(({ id }) => id)).toEqual([9, 8, 7, 6]);
  expect(withNewer([], [of(7), of(5)]).map(({ id }) => id)).toEqual([7, 5]);
});

test('Of very many events the oldest are not kept', () => {
  const many = Array.from({ length: 12_000 }, (_, at) => of(at + 1));
  const live = withBatch([], many);
  expect([live.length, live[0]?.id]).toEqual([10_000, 12_000]);
  expect(withNewer(live, [of(7)])).toHaveLength(10_000);
});
