import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabelIndex } from './label-index.ts';
import { chooseMachines, parseSelector } from './selector.ts';

const MACHINES = [
  { name: 'a', labels: { rack: 'a', role: 'db', old: '' } },
  { name: 'b', labels: { rack: 'b', role: 'web' } },
  { name: 'c', labels: { rack: 'a', role: 'web' } },
  { name: 'd', labels: {} },
];

const TERMS = [
  'rack=a',
  'rack=z',
  'old=',
  'role in (web,db)',
  'rack in (a,a)',
  'toString=x',
  'constructor in (x)',
  'rack!=a',
  'role notin (db)',
  'old',
  '!old',
];

test('whatever a selector wants, those are chosen that are chosen of all', () => {
  const selectors = fc.array(fc.subarray(TERMS).map((terms) => parseSelector(terms.join(','))));
  fc.assert(
    fc.property(selectors, (some) => {
      const index = new LabelIndex(MACHINES);
      for (const selector of some)
        expect(index.choose(selector)).toEqual(
          chooseMachines(selector, MACHINES).map(({ machine }) => machine),
        );
    }),
  );
});

test('only machines with a value that is wanted are looked at', () => {
  const looked: string[] = [];
  const machines = MACHINES.map(({ name, labels }) => ({
    name,
    get labels() {
      looked.push(name);
      return labels;
    },
  }));
  const selector = parseSelector('role=web,rack in (a,b)');
  const index = new LabelIndex(machines);
  index.choose(selector);
  looked.length = 0;
  expect(index.choose(selector).map(({ name }) => name)).toEqual(['b', 'c']);
  expect(new Set(looked)).toEqual(new Set(['b', 'c']));
});
