import { describe, expect, test } from 'vitest';
import { issueAt, movedUp, ruleFrom, withRule } from './enrol-draft.ts';

const rule = (name: string) => ({ when: {}, name, labels: {}, variables: {} });
const RULES = [rule('a-{n}'), rule('b-{n}'), rule('c-{n}')];
const namesOf = (rules: readonly { readonly name: string }[]): string =>
  rules.map(({ name }) => name[0]).join('');

test('What is filled in makes a rule; an empty field says nothing', () => {
  const filled: Readonly<Record<string, string>> = {
    mac: '52:54:00',
    firmware: 'UEFI',
    name: 'node-{n:03}',
    profile: 'web',
    labels: 'rack=a1  gpu url=a=b',
    variables: 'motd=hello world\n\n dns=192.168.122.1 ',
  };
  expect(ruleFrom((field) => filled[field] ?? '', true)).toEqual({
    when: { mac: '52:54:00', firmware: 'UEFI' },
    name: 'node-{n:03}',
    profile: 'web',
    arm: true,
    labels: { rack: 'a1', gpu: '', url: 'a=b' },
    variables: { motd: 'hello world', dns: '192.168.122.1' },
  });
  expect(ruleFrom((field) => (field === 'name' ? 'x-{n}' : ''), false)).toEqual(rule('x-{n}'));
});

test('A rule goes to its place, or to the end', () => {
  expect(namesOf(withRule(RULES, rule('x-{n}'), 1))).toBe('axc');
  expect(namesOf(withRule(RULES, rule('x-{n}'), 3))).toBe('abcx');
});

test('A rule moves up, and the first stays', () => {
  expect(namesOf(movedUp(RULES, 2))).toBe('acb');
  expect(namesOf(movedUp(RULES, 0))).toBe('abc');
});

describe('What the server refuses stands at its field', () => {
  const issues = [
    { path: 'enrol.rules[1].when.mac', message: 'first digits are wanted' },
    { path: 'enrol.rules[1].name', message: 'is missing' },
    { path: 'enrol.rules[1].labels.a b', message: 'no space' },
    { path: 'enrol.rules[10].profile', message: 'of another rule' },
  ];
  for (const [field, index, message] of [
    ['mac', 1, 'first digits are wanted'],
    ['name', 1, 'is missing'],
    ['labels', 1, 'no space'],
    ['profile', 1, undefined],
    ['mac', 0, undefined],
    ['profile', 10, 'of another rule'],
  ] as const)
    test(`${field} of rule ${index}`, () => expect(issueAt(issues, index, field)).toBe(message));
});
