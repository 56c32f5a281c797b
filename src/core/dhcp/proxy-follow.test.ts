import { beforeEach, expect, test } from 'vitest';
import { macFromBytes, parseMac } from '../../lib/addresses.ts';
import {
  COMES_WITHIN_MS,
  IN_VAIN_MS,
  MAX_FOLLOWED,
  ONE_BOOT_MS,
  ONE_QUESTION_MS,
  ProxyFollow,
} from './proxy-follow.ts';

const MAC = parseMac('52:54:00:00:00:01');
let follow: ProxyFollow;

beforeEach(() => {
  follow = new ProxyFollow();
});

test('a client that comes is no matter', () => {
  follow.offered(MAC, 0);
  follow.requested(MAC, 4_000);
  follow.came(MAC);
  expect(follow.takeUnfollowed(4_000 + 10 * COMES_WITHIN_MS)).toEqual([]);
});

test('a client that takes neither offer is told of once, after its fourth question', () => {
  for (const atMs of [0, 4_000, 12_000]) follow.offered(MAC, atMs);
  expect(follow.takeUnfollowed(27_000)).toEqual([]);
  follow.offered(MAC, 28_000);
  expect(follow.takeUnfollowed(28_000)).toEqual([{ mac: MAC, how: 'takes no offer', hasTurned: false }]);
  expect(follow.takeUnfollowed(28_001)).toEqual([]);
});

test('a client that takes the other offer and asks no more is told of once', () => {
  follow.offered(MAC, 0);
  follow.requested(MAC, 4_000);
  expect(follow.takeUnfollowed(4_000 + COMES_WITHIN_MS)).toEqual([]);
  expect(follow.takeUnfollowed(4_001 + COMES_WITHIN_MS)).toEqual([
    { mac: MAC, how: 'never came', hasTurned: false },
  ]);
  expect(follow.takeUnfollowed(5_000 + COMES_WITHIN_MS)).toEqual([]);
});

test('questions of different boots are not counted together', () => {
  for (let boot = 0; boot < 10; boot += 1) follow.offered(MAC, boot * (ONE_BOOT_MS + 1));
  expect(follow.takeUnfollowed(10 * (ONE_BOOT_MS + 1))).toEqual([]);
});

test('a request of a client that was not offered anything means nothing', () => {
  follow.requested(MAC, 0);
  expect(follow.takeUnfollowed(10 * COMES_WITHIN_MS)).toEqual([]);
});

test('a flood takes the place of the oldest', () => {
  follow.offered(MAC, 0);
  follow.requested(MAC, 0);
  for (let count = 0; count < MAX_FOLLOWED; count += 1)
    follow.offered(macFromBytes(Uint8Array.of(2, 0, 0, 0, count >> 8, count & 0xff)), 0);
  expect(follow.takeUnfollowed(COMES_WITHIN_MS + 1)).toEqual([]);
});

test('a client that goes on asking wants the other style once, and is told of when that is in vain too', () => {
  follow.offered(MAC, 0);
  expect(follow.wantsOther(MAC, 4_000)).toBe(false);
  follow.offered(MAC, 4_000);
  expect(follow.wantsOther(MAC, IN_VAIN_MS - 1)).toBe(false);
  expect(follow.wantsOther(MAC, 12_000)).toBe(true);
  follow.turned(MAC);
  follow.offered(MAC, 12_000);
  expect(follow.wantsOther(MAC, 28_000)).toBe(false);
  expect(follow.takeUnfollowed(27_000)).toEqual([]);
  follow.offered(MAC, 28_000);
  expect(follow.takeUnfollowed(28_000)).toEqual([{ mac: MAC, how: 'takes no offer', hasTurned: true }]);
});

test('another server that thinks for seconds is none that a client refuses', () => {
  for (const atMs of [0, 1_000, 3_000, 7_000]) {
    expect(follow.wantsOther(MAC, atMs)).toBe(false);
    follow.offered(MAC, atMs);
  }
  expect(follow.takeUnfollowed(IN_VAIN_MS - 1)).toEqual([]);
});

test('one question that comes through two relays is one', () => {
  for (const atMs of [0, 4_000]) {
    follow.offered(MAC, atMs);
    follow.offered(MAC, atMs + ONE_QUESTION_MS);
  }
  expect(follow.takeUnfollowed(IN_VAIN_MS)).toEqual([]);
});
