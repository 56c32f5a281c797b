import { beforeEach, describe, expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4, parseMac } from '../../lib/addresses.ts';
import { type FetchedProgram, GOES_ON_WITHIN_MS, MAX_PROGRAMS, ProgramFollow } from './program-follow.ts';

const MAC = parseMac('52:54:00:12:34:56');
const ADDRESS = parseIpv4('192.168.122.100');
const SNPONLY: FetchedProgram = { address: ADDRESS, mac: MAC, file: 'snponly.efi' };
const LATER = 1000 + GOES_ON_WITHIN_MS;

let follow: ProgramFollow<FetchedProgram>;

beforeEach(() => {
  follow = new ProgramFollow();
  follow.fetched(SNPONLY, 1000);
});

describe('a program was not started where its machine', () => {
  test('starts over with DHCP, told once', () => {
    expect(follow.startsOver(MAC)).toBe(SNPONLY);
    expect(follow.startsOver(MAC)).toBeUndefined();
    expect(follow.takeSilent(LATER)).toEqual([]);
  });

  test('is silent for too long, told once', () => {
    expect(follow.takeSilent(LATER - 1)).toEqual([]);
    expect(follow.takeSilent(LATER)).toEqual([SNPONLY]);
    expect(follow.takeSilent(LATER)).toEqual([]);
    expect(follow.startsOver(MAC)).toBeUndefined();
  });

  test('asks for the same file again, and for nothing else', () => {
    follow.asked(ADDRESS, 'snponly.efi');
    expect(follow.takeSilent(LATER)).toEqual([SNPONLY]);
  });
});

describe('a program was started where its machine', () => {
  test('asks for another file', () => {
    follow.asked(ADDRESS, 'autoexec.ipxe');
    expect(follow.startsOver(MAC)).toBeUndefined();
    expect(follow.takeSilent(LATER)).toEqual([]);
  });

  test('asks DHCP as another program', () => {
    follow.runs(MAC);
    expect(follow.startsOver(MAC)).toBeUndefined();
    expect(follow.takeSilent(LATER)).toEqual([]);
  });
});

test('machines are not taken for each other', () => {
  const other = { address: parseIpv4('192.168.122.101'), mac: parseMac('52:54:00:12:34:57'), file: 'x.efi' };
  follow.fetched(other, 2000);
  follow.asked(other.address, 'y');
  expect(follow.startsOver(other.mac)).toBeUndefined();
  expect(follow.startsOver(MAC)).toBe(SNPONLY);
});

test('an address that another machine has by now belongs to that one', () => {
  const newcomer = { ...SNPONLY, mac: parseMac('52:54:00:12:34:57') };
  follow.fetched(newcomer, 2000);
  expect(follow.startsOver(MAC)).toBeUndefined();
  expect(follow.startsOver(newcomer.mac)).toBe(newcomer);
});

test('so many are remembered at most', () => {
  const first = 0x0a00_0000;
  for (let number = 0; number < MAX_PROGRAMS; number += 1)
    follow.fetched({ address: ipv4FromNumber(first + number), file: 'x.efi' }, 1000);
  expect(follow.takeSilent(LATER)).toHaveLength(MAX_PROGRAMS);
  expect(follow.startsOver(MAC)).toBeUndefined();
});
