import { expect, test } from 'vitest';
import { conditionText, installsChange, limitText } from './policy-fields.ts';

const before = {
  attempts: 2,
  expireHours: 24,
  bootMinutes: 'never',
  quietMinutes: 30,
  totalMinutes: 240,
} as const;
const asBefore: Readonly<Record<string, string>> = {
  attempts: '2',
  expireHours: '24',
  bootMinutes: '',
  quietMinutes: '30',
  totalMinutes: '240',
};

test.each([
  ['nothing was changed', {}, {}],
  ['a number was changed', { attempts: '3' }, { attempts: 3 }],
  ['a field was emptied', { totalMinutes: '' }, { totalMinutes: 'never' }],
  ['an empty one was filled', { bootMinutes: '10' }, { bootMinutes: 10 }],
])('Where %s, only that is asked for', (_, fields, change) => {
  const filled: Readonly<Record<string, string>> = { ...asBefore, ...fields };
  expect(installsChange(before, (limit) => filled[limit] ?? '')).toEqual(change);
});

test('A limit that is never reached is an empty field', () => {
  expect(limitText('never')).toBe('');
  expect(limitText(5)).toBe('5');
});

test('A rule says in one line what a machine must be like', () => {
  expect(conditionText({ mac: '52:54', firmware: 'UEFI' })).toBe('mac 52:54, firmware UEFI');
  expect(conditionText({})).toBe('');
});
