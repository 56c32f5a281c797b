import { expect, test } from 'vitest';
import { StoreError } from '../store-error.ts';
import { packFailure, unpackFailure } from './thread-failure.ts';

test('a StoreError comes out of the thread with its kind, its advice and what SQLite said', () => {
  const cause = new Error('database or disk is full');
  const thrown = new StoreError('disk full', 'The disk is full: /var (muster.db)', 'make room', { cause });
  const arrived = unpackFailure(structuredClone(packFailure(thrown)));
  expect(arrived).toBeInstanceOf(StoreError);
  expect(arrived).toMatchObject({ kind: 'disk full', advice: 'make room', message: thrown.message, cause });
});

test('any other error comes out with the codes of Node and SQLite', () => {
  const thrown = Object.assign(new Error('UNIQUE constraint failed'), {
    code: 'ERR_SQLITE_ERROR',
    errcode: 2067,
  });
  const arrived = unpackFailure(structuredClone(packFailure(thrown)));
  expect(arrived).toMatchObject({ message: thrown.message, code: 'ERR_SQLITE_ERROR', errcode: 2067 });
});

test('what is no error arrives as one', () => {
  expect(unpackFailure(structuredClone(packFailure('no')))).toMatchObject({ message: 'no' });
});
