import { describe, expect, test } from 'vitest';
import {
  addresses,
  macs,
  network,
  pairs,
  ranges,
  reservations,
  bytes,
  seconds,
  uuidOrEmpty,
  wholeNumber,
} from './option-values.ts';

describe('what is typed after an option', () => {
  for (const [title, read, expected] of [
    [
      'addresses with commas, spaces and repeats',
      () => addresses('10.0.0.2', addresses('10.0.0.1, 10.0.0.3', undefined)),
      ['10.0.0.1', '10.0.0.3', '10.0.0.2'],
    ],
    ['nothing, which empties a list', () => addresses('', undefined), []],
    [
      'MAC addresses in any form',
      () => macs('52-54-00-AB-CD-EF,5254.0012.3456', undefined),
      ['52:54:00:ab:cd:ef', '52:54:00:12:34:56'],
    ],
    ['a range', () => ranges('10.0.0.1-10.0.0.9', undefined), [{ first: '10.0.0.1', last: '10.0.0.9' }]],
    [
      'a range with spaces',
      () => ranges('10.0.0.1 - 10.0.0.9', undefined),
      [{ first: '10.0.0.1', last: '10.0.0.9' }],
    ],
    [
      'a reservation',
      () => reservations('525400123456=10.0.0.9', undefined),
      [{ mac: '52:54:00:12:34:56', address: '10.0.0.9' }],
    ],
    [
      'a reservation with a host name',
      () => reservations('525400123456=10.0.0.9=web1', undefined),
      [{ mac: '52:54:00:12:34:56', address: '10.0.0.9', hostname: 'web1' }],
    ],
    ['a pair whose value holds commas and equals signs', () => pairs('a=b=c,d', undefined), [['a', 'b=c,d']]],
    ['a pair without a value', () => pairs('a=', undefined), [['a', '']]],
    ['a network', () => network('10.0.0.0/8'), '10.0.0.0/8'],
    ['no UUID', () => uuidOrEmpty(''), ''],
    ['bytes', () => bytes('512'), 512],
    ['units, whatever their case', () => bytes('50gb'), 50e9],
    ['seconds', () => seconds('90'), 90],
    ['minutes', () => seconds('90m'), 5400],
    ['hours', () => seconds('6h'), 21_600],
    ['days', () => seconds('2d'), 172_800],
    ['a number', () => wholeNumber('100'), 100],
    ['a size in steps of 1000', () => bytes('50G'), 50e9],
    ['a size of 1024', () => bytes('800MiB'), 800 * 2 ** 20],
  ] as const) {
    test(title, () => {
      expect(read()).toEqual(expected);
    });
  }

  for (const [title, read, expected] of [
    ['no address', () => addresses('10.0.0.1,10.0.0.256', undefined), '"10.0.0.256" is not an IPv4 address'],
    [
      'half a range',
      () => ranges('10.0.0.1', undefined),
      '"10.0.0.1" is not a range: its two ends are wanted',
    ],
    ['a range with three ends', () => ranges('10.0.0.1-10.0.0.2-10.0.0.3', undefined), 'is not a range'],
    [
      'half a reservation',
      () => reservations('525400123456', undefined),
      'MAC=ADDRESS or MAC=ADDRESS=HOSTNAME is wanted',
    ],
    ['a pair without a name', () => pairs('=x', undefined), 'NAME=VALUE is wanted'],
    ['host bits', () => network('10.0.0.1/8'), 'has host bits: the network of that size is 10.0.0.0/8'],
    ['a time in weeks', () => seconds('1w'), 'a length of time is wanted, such as 21600 or 6h'],
    ['a size without a number', () => bytes('G'), 'a size is wanted, such as 50G or 800M'],
    ['a negative number', () => wholeNumber('-1'), 'a whole number is wanted'],
  ] as const) {
    test(`${title} is refused`, () => {
      expect(read).toThrow(expected);
    });
  }
});
