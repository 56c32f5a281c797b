import { describe, expect, test } from 'vitest';
import {
  FIRST_WAIT_MS,
  FORGOTTEN_AFTER_MS,
  KnownPlaces,
  LoginGuard,
  MAX_REMEMBERED,
  MAX_WAIT_MS,
} from './login-guard.ts';

const FREE = 5;

function failing(times: number, whom = 'anna', guard = new LoginGuard(FREE), atMs = 0): LoginGuard {
  for (let time = 0; time < times; time++) guard.failed(whom, atMs);
  return guard;
}

describe('who guesses passwords', () => {
  for (const [failures, waitMs] of [
    [0, 0],
    [FREE, 0],
    [FREE + 1, FIRST_WAIT_MS],
    [FREE + 2, 2 * FIRST_WAIT_MS],
    [FREE + 3, 4 * FIRST_WAIT_MS],
    [FREE + 100, MAX_WAIT_MS],
  ] as const) {
    test(`waits ${waitMs} ms after ${failures} failures`, () => {
      const guard = failing(failures);
      expect(guard.waitMs('anna', 0)).toBe(waitMs);
      expect(guard.waitMs('anna', waitMs)).toBe(0);
      expect(guard.waitMs('bo', 0)).toBe(0);
    });
  }

  test('is forgiven after a right log-in, or a quiet hour', () => {
    const guard = failing(FREE + 1, 'bo', failing(FREE + 1));
    guard.succeeded('anna');
    expect(guard.waitMs('anna', 0)).toBe(0);
    expect(guard.waitMs('bo', 0)).toBe(FIRST_WAIT_MS);
    failing(1, 'bo', guard, FORGOTTEN_AFTER_MS);
    expect(guard.waitMs('bo', FORGOTTEN_AFTER_MS)).toBe(0);
  });

  test('is not who was counted before it was known that the password is right', () => {
    const guard = new LoginGuard(FREE);
    for (let time = 0; time < FREE * 2; time++) {
      guard.failed('anna', 0);
      guard.takenBack('anna');
    }
    expect(guard.waitMs('anna', 0)).toBe(0);
    failing(FREE + 1, 'anna', guard).takenBack('anna');
    expect(guard.waitMs('anna', 0)).toBe(0);
  });

  test('is remembered among many others, of whom the one longest ago is forgotten', () => {
    const guard = failing(FREE + 1, 'bo', failing(FREE + 1));
    for (let number = 0; number < MAX_REMEMBERED - 2; number++) guard.failed(`u${number}`, 0);
    guard.failed('bo', 0);
    expect(guard.waitMs('anna', 0)).toBe(FIRST_WAIT_MS);
    guard.failed('one more', 0);
    expect(guard.waitMs('anna', 0)).toBe(0);
    expect(guard.waitMs('bo', 0)).toBe(2 * FIRST_WAIT_MS);
  });
});

describe('who logged in somewhere before', () => {
  test('is counted apart from those elsewhere who guess, and from others who are there', () => {
    const places = new KnownPlaces();
    expect(places.countedAs('anna', 'here')).toBe('anna');
    places.loggedIn('anna', 'here');
    const counted = [
      places.countedAs('anna', 'here'),
      places.countedAs('anna', 'there'),
      places.countedAs('bo', 'here'),
    ];
    expect(new Set(counted).size).toBe(3);
    expect(counted[1]).toBe('anna');
  });

  test('is forgotten there after many others', () => {
    const places = new KnownPlaces();
    for (const name of ['anna', 'bo', 'anna']) places.loggedIn(name, 'here');
    for (let at = 0; at < MAX_REMEMBERED - 1; at++) places.loggedIn('cora', `place ${at}`);
    expect(places.countedAs('bo', 'here')).toBe('bo');
    expect(places.countedAs('anna', 'here')).not.toBe('anna');
  });
});
