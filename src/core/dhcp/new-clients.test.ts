import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { NewClients } from './new-clients.ts';

const NOON = 1_790_000_000_000;
const LIMIT = { burst: 3, perSecond: 2 };

function letIn(clients: NewClients, count: number, nowMs: number, link = 'eth0 lab'): number {
  return Array.from({ length: count }, () => clients.letIn(link, LIMIT, nowMs)).filter(Boolean).length;
}

test('a crowd is let in at once, then so many a second', () => {
  const clients = new NewClients();
  expect(letIn(clients, 10, NOON)).toBe(3);
  expect(letIn(clients, 10, NOON + 500)).toBe(1);
  expect(letIn(clients, 10, NOON + 1500)).toBe(2);
});

test('after a quiet time the crowd may be as large again, and no larger', () => {
  const clients = new NewClients();
  letIn(clients, 3, NOON);
  expect(letIn(clients, 10, NOON + 3_600_000)).toBe(3);
});

test('each link has its own', () => {
  const clients = new NewClients();
  letIn(clients, 3, NOON);
  expect(letIn(clients, 10, NOON, 'eth0 hall')).toBe(3);
});

test('a clock that is set back lets nobody in', () => {
  const clients = new NewClients();
  letIn(clients, 3, NOON);
  expect(letIn(clients, 10, NOON - 3_600_000)).toBe(0);
  expect(letIn(clients, 10, NOON - 3_600_000 + 500)).toBe(1);
});

test('by default, a hall of 10,000 machines passes in one second, and minutes of flood do not fill a /16', () => {
  const clients = new NewClients();
  const passed = (count: number, nowMs: number): number =>
    Array.from({ length: count }, () => clients.letIn('eth0 hall', DEFAULT_POLICY.newClients, nowMs)).filter(
      Boolean,
    ).length;
  expect(passed(10_000, NOON)).toBe(10_000);
  let flooded = 0;
  for (let second = 1; second <= 400; second += 1) flooded += passed(500, NOON + second * 1000);
  expect(10_000 + flooded).toBeLessThan(65_534);
});
