import { expect, test } from 'vitest';
import { prepareAnswer } from './render-answer.ts';
import { sampleImage, sampleMachine, URLS } from './suite/answer-samples.ts';
import { TEMPLATE_NAMES } from './template-names.ts';
import { ANSWER_VARIABLES, RESERVED_NAMES } from './variables.ts';

const prepared = prepareAnswer({
  kind: 'kickstart',
  machine: sampleMachine(),
  profile: { name: 'web', variables: {} },
  image: sampleImage('Rocky Linux 9.4', '9.4', 'kickstart'),
  urls: URLS,
  mirrorNames: ['NAME'],
});
const values = prepared.prepared ? prepared.job.values : {};

/** `machine.name` and the rest of what a template can write, with what it gets. */
function* leaves(value: unknown, path = ''): Generator<readonly [string, unknown]> {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMapping) yield [path, value];
  else
    for (const [key, part] of Object.entries(value))
      yield* leaves(part, path === '' ? key : `${path}.${key}`);
}

const GIVES: Readonly<Record<string, string>> = { string: 'text', number: 'number', boolean: 'switch' };
const variables = new Set(ANSWER_VARIABLES.map(({ name }) => name));

test('the table has all that a template knows besides the variables, and what each is', () => {
  const known = [...leaves(values)]
    .filter(([path]) => !variables.has(path))
    .map(([name, value]) => ({ name, gives: Array.isArray(value) ? 'list' : GIVES[typeof value] }));
  const told = TEMPLATE_NAMES.map(({ name, gives }) => ({ name, gives }));
  const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
    one.name.localeCompare(other.name);
  expect(told.toSorted(byName)).toEqual(known.toSorted(byName));
});

test('no variable may be called as one of them', () => {
  const roots = TEMPLATE_NAMES.map(({ name }) => name.split('.')[0]);
  expect(new Set([...roots, 'loop', 'self'])).toEqual(new Set(RESERVED_NAMES));
});
