import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTION_LIMITS, MAX_TIMEOUT_SECONDS, negotiate, type OptionLimits } from './options.ts';

const file = { mode: 'octet', totalBytes: 100_000 } as const;

/** `blksize=1468 tsize=0` as options. */
function options(text: string): { name: string; value: string }[] {
  return text.split(' ').flatMap((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return name === '' ? [] : [{ name, value }];
  });
}

function answer(
  asked: string,
  limits: Partial<OptionLimits> = {},
  transfer: Parameters<typeof negotiate>[1] = file,
): string {
  const { answered } = negotiate(options(asked), transfer, { ...DEFAULT_OPTION_LIMITS, ...limits });
  return answered.map(({ name, value }) => `${name}=${value}`).join(' ');
}

describe('negotiate answers', () => {
  for (const [rule, asked, expected] of [
    ['nothing when nothing is asked', '', ''],
    ['in the order of the request', 'tsize=0 blksize=1408', 'tsize=100000 blksize=1408'],
    ['in the spelling of the request', 'BlkSize=1408 TSIZE=0', 'BlkSize=1408 TSIZE=100000'],
    ['no unknown option', 'blksize=1456 msftwindow=31416 multicast= utimeout=50000', 'blksize=1456'],
    ['the smallest block size', 'blksize=8', 'blksize=8'],
    ['no block size below it', 'blksize=7', ''],
    ['a block size that fits the MTU', 'blksize=1469', 'blksize=1468'],
    ['the same for the largest', 'blksize=65464', 'blksize=1468'],
    ['the same for one beyond the RFC', 'blksize=65465', 'blksize=1468'],
    ['no block size that is not a number', 'blksize=big', ''],
    ['no negative one', 'blksize=-512', ''],
    ['none with a sign, a blank or a fraction', 'blksize=+512 windowsize=1.5', ''],
    ['none of endless digits', `blksize=${'9'.repeat(300)}`, ''],
    ['a window as it was asked', 'windowsize=4', 'windowsize=4'],
    ['a window of one', 'windowsize=1', 'windowsize=1'],
    ['no window of none', 'windowsize=0', ''],
    ['at most our window', 'windowsize=65535', 'windowsize=64'],
    ['no window beyond the RFC', 'windowsize=65536', ''],
    ['the timeout as it was asked', 'timeout=5', 'timeout=5'],
    ['the longest timeout we keep', `timeout=${MAX_TIMEOUT_SECONDS}`, `timeout=${MAX_TIMEOUT_SECONDS}`],
    ['no longer one, since it may not be changed', `timeout=${MAX_TIMEOUT_SECONDS + 1}`, ''],
    ['no timeout of 0', 'timeout=0', ''],
    ['no timeout of 256', 'timeout=256', ''],
    ['the size, whatever the client guessed', 'tsize=12345', 'tsize=100000'],
    ['that block numbers go on with 0', 'rollover=1', 'rollover=0'],
    ['an option once, the first time', 'blksize=512 blksize=1024', 'blksize=512'],
  ] as const) {
    test(rule, () => expect(answer(asked)).toBe(expected));
  }

  test('no size in netascii', () => {
    expect(answer('tsize=0 blksize=512', {}, { mode: 'netascii', totalBytes: 5 })).toBe('blksize=512');
  });

  test('the size of an empty file', () => {
    expect(answer('tsize=0', {}, { mode: 'octet', totalBytes: 0 })).toBe('tsize=0');
  });

  for (const [rule, asked, limits, expected] of [
    ['blocks for a tunnel', 'blksize=1468', { mtu: 1400 }, 'blksize=1368'],
    ['blocks for jumbo frames', 'blksize=8192', { mtu: 9000 }, 'blksize=8192'],
    ['the largest block of the RFC at most', 'blksize=65535', { mtu: 100_000 }, 'blksize=65464'],
    ['a valid block even for an impossible MTU', 'blksize=512', { mtu: 10 }, 'blksize=8'],
    ['no larger block than set', 'blksize=1468', { maxBlockBytes: 1024 }, 'blksize=1024'],
    ['no window where it was switched off', 'windowsize=16', { maxWindowBlocks: 1 }, 'windowsize=1'],
    [
      'a window that fits its memory',
      'windowsize=64 blksize=65464',
      { mtu: 65_536 },
      'windowsize=2 blksize=65464',
    ],
    ['a window of one when even that does not fit', 'windowsize=64', { maxWindowBytes: 100 }, 'windowsize=1'],
  ] as const) {
    test(rule, () => expect(answer(asked, limits)).toBe(expected));
  }
});

test('negotiate: the shape is RFC 1350 without options', () => {
  expect(negotiate([], file)).toEqual({
    answered: [],
    ignored: [],
    shape: { blockBytes: 512, windowBlocks: 1, timeoutMs: undefined, sizeTold: false },
  });
});

test('negotiate: the shape is what was answered', () => {
  const { shape } = negotiate(options('windowsize=16 timeout=3 tsize=0 blksize=1428'), file);
  expect(shape).toEqual({ blockBytes: 1428, windowBlocks: 16, timeoutMs: 3000, sizeTold: true });
});

test('negotiate: every option that is not answered has its reason', () => {
  const { ignored } = negotiate(options('blksize=4 blksize=8 tsize=0 timeout=200 multicast='), {
    mode: 'netascii',
    totalBytes: 5,
  });
  expect(ignored.map(({ name, because }) => `${name}: ${because}`)).toEqual([
    'blksize: RFC 2348 wants a number from 8 to 4294967295',
    'blksize: it was asked twice',
    'tsize: the size in netascii is not the size of the file',
    'timeout: more than 60 seconds are not waited',
    'multicast: it is not known here',
  ]);
});

test('an option that the settings refuse is left out, whatever its spelling', () => {
  const limits = { ...DEFAULT_OPTION_LIMITS, refusedOptions: ['blksize'] };
  const asked = [
    { name: 'BLKSIZE', value: '1468' },
    { name: 'tsize', value: '0' },
  ];
  const { answered, ignored, shape } = negotiate(asked, { mode: 'octet', totalBytes: 7 }, limits);
  expect(answered).toEqual([{ name: 'tsize', value: '7' }]);
  expect(ignored).toMatchObject([{ name: 'BLKSIZE', because: 'it is refused by the settings' }]);
  expect(shape.blockBytes).toBe(512);
});
