import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { LineBudget, MAX_SENDERS } from './line-budget.ts';
import { decodeMessage } from './message.ts';
import { StreamFrames } from './stream-frames.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('a message of syslog', () => {
  for (const [sender, line, expected] of [
    [
      "busybox' syslogd of the debian-installer, without a host name",
      "<30>Nov 27 06:01:02 main-menu[330]: INFO: Menu item 'netcfg' selected\n",
      {
        facility: 3,
        severity: 'info',
        program: 'main-menu',
        processId: '330',
        text: "INFO: Menu item 'netcfg' selected",
      },
    ],
    [
      'rsyslogd of anaconda, with a host name',
      '<142>Nov  7 06:01:02 localhost anaconda[1837]: anaconda: installation: Queue started',
      {
        facility: 17,
        severity: 'info',
        hostName: 'localhost',
        program: 'anaconda',
        processId: '1837',
        text: 'anaconda: installation: Queue started',
      },
    ],
    [
      'rsyslogd with the time of RFC 3339',
      '<6>2026-11-27T06:01:02.123456+01:00 web01 kernel: Linux version 6.1.0',
      { facility: 0, severity: 'info', hostName: 'web01', program: 'kernel', text: 'Linux version 6.1.0' },
    ],
    [
      "Python's SysLogHandler of anaconda in EL 5 and 6",
      '<14>INFO     moving (1) to step installpackages\0',
      { facility: 1, severity: 'info', text: 'INFO     moving (1) to step installpackages' },
    ],
    [
      "util-linux' logger, RFC 5424 with structured data",
      '<13>1 2026-11-27T06:01:02.123456+00:00 web01 tester 77 - [timeQuality tzKnown="1" note="a \\] b"] hello',
      {
        facility: 1,
        severity: 'notice',
        hostName: 'web01',
        program: 'tester',
        processId: '77',
        text: 'hello',
      },
    ],
    [
      'RFC 5424 with nothing but a text',
      '<165>1 - - - - - - \u{FEFF}grüße',
      { facility: 20, severity: 'notice', text: 'grüße' },
    ],
    [
      'rsyslogd, RFC 5424',
      '<142>1 2026-11-27T06:01:02.123456+00:00 localhost anaconda - - -  anaconda: installation: Queue started',
      {
        facility: 17,
        severity: 'info',
        hostName: 'localhost',
        program: 'anaconda',
        text: 'anaconda: installation: Queue started',
      },
    ],
    [
      'RFC 5424 without a text',
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [a@1 b="c"]',
      { facility: 20, severity: 'notice', hostName: 'mymachine.example.com', program: 'evntslog', text: '' },
    ],
    ['one without a priority', 'just words', { facility: 1, severity: 'notice', text: 'just words' }],
    ['one whose priority is none', '<999>words', { facility: 1, severity: 'notice', text: '<999>words' }],
    [
      'one whose element has no end',
      '<13>1 - - - - - [a b="c text',
      { facility: 1, severity: 'notice', text: '1 - - - - - [a b="c text' },
    ],
  ] as const) {
    test(`of ${sender}`, () => expect(decodeMessage(bytes(line))).toEqual(expected));
  }

  test.each(['', '\n', '\0\0'])('that is empty is refused', (line) => {
    expect(() => decodeMessage(bytes(line))).toThrow(DecodeError);
  });

  test('of any bytes is text, or refused as empty', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        try {
          expect(typeof decodeMessage(any).text).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });
});

describe('messages of a TCP stream', () => {
  /** What is handed on, each with a mark where it was cut. */
  function reader(): { readonly frames: StreamFrames; readonly told: string[] } {
    const told: string[] = [];
    const frames = new StreamFrames(32, ({ bytes: taken, isCut }) => {
      told.push(`${Buffer.from(taken).toString('utf8')}${isCut ? '…' : ''}`);
    });
    return { frames, told };
  }

  for (const [how, stream, expected] of [
    ['on lines', '<13>one\n<13>two\n', ['<13>one', '<13>two']],
    ['on lines that end with NUL', '<13>one\0\n<13>two\0', ['<13>one', '<13>two']],
    ['counted', '7 <13>one8 <13>two\n', ['<13>one', '<13>two\n']],
    ['counted and on lines, mixed', '7 <13>one<13>two\n7 <13>six', ['<13>one', '<13>two', '<13>six']],
    ['longer than is kept', `<13>${'x'.repeat(100)}\n<13>y\n`, [`<13>${'x'.repeat(28)}…`, '<13>y']],
    [
      'counted and longer than is kept',
      `40 <13>${'x'.repeat(36)}<13>y\n`,
      [`<13>${'x'.repeat(28)}…`, '<13>y'],
    ],
  ] as const) {
    test(`${how}, wherever the stream is cut`, () => {
      const whole = bytes(stream);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 8 }), (cuts) => {
          const { frames, told } = reader();
          const ends = [...cuts, whole.length].sort((one, other) => one - other);
          for (const [index, end] of ends.entries()) frames.push(whole.subarray(ends[index - 1] ?? 0, end));
          frames.end();
          expect(told).toEqual(expected);
        }),
      );
    });
  }

  test('what has no end yet is given when the stream ends', () => {
    const { frames, told } = reader();
    frames.push(bytes('<13>half'));
    expect(told).toEqual([]);
    frames.end();
    expect(told).toEqual(['<13>half']);
  });

  test.each(['12x <13>one', '123456789 <13>one'])('a length that is none (%s) ends the stream', (stream) => {
    const { frames, told } = reader();
    expect(() => frames.push(bytes(`<13>before\n${stream}`))).toThrow(RangeError);
    expect(told).toEqual(['<13>before']);
  });
});

describe('the lines of one sender', () => {
  test('a burst is taken, then so many a second, and another sender is not touched by it', () => {
    const budget = new LineBudget({ perSecond: 2, burst: 3 });
    expect([0, 0, 0, 0].map((at) => budget.take('a', at))).toEqual([true, true, true, false]);
    expect(budget.take('b', 0)).toBe(true);
    expect([500, 501, 1000].map((at) => budget.take('a', at))).toEqual([true, false, true]);
  });

  test('forged senders cost no more memory than is set aside', () => {
    const budget = new LineBudget({ perSecond: 1, burst: 1 });
    expect(budget.take('first', 0)).toBe(true);
    expect(budget.take('first', 0)).toBe(false);
    for (let sender = 0; sender < MAX_SENDERS; sender += 1) budget.take(String(sender), 0);
    // It was forgotten, and begins anew.
    expect(budget.take('first', 0)).toBe(true);
  });
});
