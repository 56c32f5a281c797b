import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../../../src/contract/events.ts';
import { EventQueue, MAX_WAITING } from './event-queue.ts';

const event = (id: number): WireEvent => ({ id, at: '2026-11-23T13:00:00.000Z', kind: 'test', text: '' });

function queueWith(...ids: readonly number[]): EventQueue {
  const queue = new EventQueue();
  for (const id of ids) queue.take(event(id));
  return queue;
}

test('What came waits in its order, and is passed on once', () => {
  const queue = queueWith(4, 5);
  expect(queue.flush()).toEqual({ batch: [event(4), event(5)], missed: undefined });
  expect(queue.flush()).toEqual({ batch: [], missed: undefined });
  expect(queue.lastId).toBe(5);
});

describe('Events that were missed', () => {
  test('because they are kept no more are told once, before those that came behind them', () => {
    const queue = queueWith(4);
    queue.miss({ after: 4, goesOnAfter: 90 });
    queue.take(event(91));
    expect(queue.flush()).toEqual({ batch: [event(4), event(91)], missed: { timeline: 'same' } });
    expect(queue.flush().missed).toBeUndefined();
    expect(queue.lastId).toBe(91);
  });

  test('because the database is another one take those along that wait, and numbers begin anew', () => {
    const queue = queueWith(90);
    queue.miss({ after: 90, goesOnAfter: 2 });
    expect(queue.lastId).toBe(2);
    queue.take(event(3));
    expect(queue.flush()).toEqual({ batch: [event(3)], missed: { timeline: 'another' } });
    expect(queue.lastId).toBe(3);
  });

  test('of another database are not made less by what is missed afterwards', () => {
    const queue = queueWith(90);
    queue.miss({ after: 90, goesOnAfter: 2 });
    queue.miss({ after: 2, goesOnAfter: 7 });
    expect(queue.flush().missed).toEqual({ timeline: 'another' });
  });

  test('because nobody took them for long are told, and as many as wait are not', () => {
    const queue = queueWith(...Array.from({ length: MAX_WAITING }, (_, at) => at));
    expect(queue.flush().missed).toBeUndefined();
    for (let id = 0; id <= MAX_WAITING; id += 1) queue.take(event(id));
    expect(queue.flush()).toEqual({ batch: [], missed: { timeline: 'same' } });
    expect(queue.lastId).toBe(MAX_WAITING);
  });

  test('because nobody knows where the stream was left', () => {
    const queue = new EventQueue();
    queue.loseTrack();
    expect(queue.flush().missed).toEqual({ timeline: 'same' });
  });
});

test('What is known already is where the stream begins, until something comes', () => {
  const queue = new EventQueue();
  queue.beginAfter(7);
  expect(queue.lastId).toBe(7);
  queue.take(event(9));
  queue.beginAfter(7);
  expect(queue.lastId).toBe(9);
});
