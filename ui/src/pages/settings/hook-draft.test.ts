import { expect, test } from 'vitest';
import { hookFrom, targetOf } from './hook-draft.ts';

const FILLED: Readonly<Record<string, string>> = {
  name: 'chat',
  events: 'install.*, power.failed\n',
  machines: 'rack=a1',
  url: 'https://chat.example/',
  argv: 'tell\n--to\nthe night shift\n',
  secret: 'sixteen-characters',
};
const read = (field: string): string => FILLED[field] ?? '';

test('A hook of a server has a URL, and one of a program its arguments, a line each', () => {
  const shared = {
    name: 'chat',
    events: ['install.*', 'power.failed'],
    machines: 'rack=a1',
    secret: 'sixteen-characters',
  };
  expect(hookFrom('url', read)).toEqual({ ...shared, url: 'https://chat.example/' });
  expect(hookFrom('argv', read)).toEqual({ ...shared, argv: ['tell', '--to', 'the night shift'] });
});

test('What is left empty is not said', () => {
  const few = (field: string): string => (field === 'events' || field === 'name' ? 'x' : '');
  expect(hookFrom('url', few)).toEqual({ name: 'x', events: ['x'], url: '' });
});

test('Who is told stands in what is there', () => {
  expect([targetOf({}), targetOf({ argv: ['tell'] })]).toEqual(['url', 'argv']);
});
