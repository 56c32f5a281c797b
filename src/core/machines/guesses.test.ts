import { expect, test } from 'vitest';
import { GUESS_MEMORY_MS, Guesses, MAX_GUESSERS, MAX_GUESSES } from './guesses.ts';

const CARD = '52:54:00:00:00:01';

test('a card is believed in what it said before, and not in guess after guess', () => {
  const guesses = new Guesses();
  for (let guess = 0; guess < MAX_GUESSES; guess += 1)
    expect(guesses.mayClaim(CARD, `S${guess}`, 0)).toBe(true);
  expect(guesses.mayClaim(CARD, 'one more', 1)).toBe(false);
  expect(guesses.mayClaim(CARD, 'S0', 1)).toBe(true);
  expect(guesses.mayClaim('another', 'one more', 1)).toBe(true);
});

test('an hour later it may say something else', () => {
  const guesses = new Guesses();
  for (let guess = 0; guess <= MAX_GUESSES; guess += 1) guesses.mayClaim(CARD, `S${guess}`, 0);
  expect(guesses.mayClaim(CARD, 'one more', GUESS_MEMORY_MS - 1)).toBe(false);
  expect(guesses.mayClaim(CARD, 'one more', GUESS_MEMORY_MS)).toBe(true);
});

test('a clock that is set back keeps nobody out for longer', () => {
  const guesses = new Guesses();
  for (let guess = 0; guess <= MAX_GUESSES; guess += 1)
    guesses.mayClaim(CARD, `S${guess}`, 10 * GUESS_MEMORY_MS);
  expect(guesses.mayClaim(CARD, 'one more', 0)).toBe(true);
});

test('made-up cards take no more memory than there is for them', () => {
  const guesses = new Guesses();
  for (let guess = 0; guess <= MAX_GUESSES; guess += 1) guesses.mayClaim(CARD, `S${guess}`, 0);
  for (let card = 0; card < MAX_GUESSERS; card += 1) guesses.mayClaim(`card ${card}`, 'S', 1);
  // It was forgotten as the oldest.
  expect(guesses.mayClaim(CARD, 'one more', 2)).toBe(true);
});
