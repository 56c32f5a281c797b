import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headEnd, mayBecomeHead, readHead } from './request-head.ts';

const GET = 'GET /images/a HTTP/1.1\r\n';
const head = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n');

describe('the head of a request', () => {
  for (const [what, text, expected] of [
    [
      'without headers',
      head('GET / HTTP/1.0'),
      { method: 'GET', target: '/', keepsOpen: false, hasMore: false },
    ],
    [
      'of HTTP/1.1 keeps the connection open',
      head('HEAD /a HTTP/1.1', 'Host: x'),
      { method: 'HEAD', keepsOpen: true },
    ],
    [
      'of HTTP/1.0 does where it says so',
      head('GET /a HTTP/1.0', 'Connection: Keep-Alive'),
      { keepsOpen: true },
    ],
    ['may close it', head('GET /a HTTP/1.1', 'connection:close'), { keepsOpen: false }],
    [
      'may close it among other words',
      head('GET /a HTTP/1.1', 'Connection: TE , Close'),
      { keepsOpen: false },
    ],
    [
      'with what chooses the bytes of a file',
      head('GET /a HTTP/1.1', 'Range:bytes=0-1', 'IF-RANGE: "x"  ', 'If-None-Match:  "y"'),
      { headers: { range: 'bytes=0-1', 'if-range': '"x"', 'if-none-match': '"y"' } },
    ],
    [
      'with the same twice: the first',
      head('GET /a HTTP/1.1', 'Range: a', 'Range: b'),
      { headers: { range: 'a' } },
    ],
    ['with a body', head('POST /a HTTP/1.1', 'Content-Length: 5'), { method: 'POST', hasMore: true }],
    ['with an empty body', head('GET /a HTTP/1.1', 'Content-Length: 0'), { hasMore: false }],
    ['with chunks', head('GET /a HTTP/1.1', 'Transfer-Encoding: chunked'), { hasMore: true }],
    ['with a query', head('GET /a?b=c%20 HTTP/1.1'), { target: '/a?b=c%20' }],
    ['with two slashes at the beginning', head('GET //grubx64.efi HTTP/1.1'), { target: '//grubx64.efi' }],
  ] as const) {
    test(what, () => expect(readHead(text)).toMatchObject(expected));
  }
});

describe('is for the strict parser', () => {
  for (const [what, text] of [
    ['another version', head('GET /a HTTP/2.0')],
    ['no version', head('GET /a')],
    ['a whole URL', head('GET http://x/a HTTP/1.1')],
    ['a space in the path', head('GET /a b HTTP/1.1')],
    ['letters beyond ASCII', head('GET /\u00e9 HTTP/1.1')],
    ['a small method', head('get /a HTTP/1.1')],
    ['a space before the colon', head('GET /a HTTP/1.1', 'Range : bytes=0-1')],
    ['a line that goes on', head('GET /a HTTP/1.1', 'X: a', ' b')],
    ['a line without a colon', head('GET /a HTTP/1.1', 'Range')],
    ['an empty name', head('GET /a HTTP/1.1', ': x')],
    ['LF alone', 'GET /a HTTP/1.1\nHost: x\n\r\n\r\n'],
    ['nothing', head('')],
  ] as const) {
    test(what, () => expect(readHead(text)).toBeUndefined());
  }
});

test('a head ends with its empty line', () => {
  expect(headEnd(`${GET}Host: x\r\n\r\nGET`)).toBe(GET.length + 11);
  expect(headEnd(`${GET}Host: x\r\n`)).toBe(-1);
  expect(headEnd('')).toBe(-1);
});

test.each([
  ['', true],
  ['G', true],
  ['GET /ima', true],
  ['HEAD', true],
  ['GET / HTTP/1.1\r\nX', true],
  ['GET / HTTP/1.1\r', true],
  ['GET x', false],
  ['POST /', false],
  ['\u0016\u0003\u0001', false],
  ['GET / HTTP/1.1\n', false],
  ['\r\n', false],
])('%j may become a head: %s', (text, expected) => {
  expect(mayBecomeHead(text)).toBe(expected);
});

test('no bytes make it fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      readHead(`${text}\r\n\r\n`);
      readHead(`${GET}${text}\r\n\r\n`);
    }),
    { numRuns: 3000 },
  );
});
