import { describe, expect, test } from 'vitest';
import { decideDownload, objectionToUrl } from './decide-download.ts';

const URL_ = 'https://a.example/x.iso';

for (const [name, status, headers, here, expected] of [
  [
    'a file from its beginning, with what it is called',
    200,
    { 'content-length': '10', etag: '"v"' },
    0,
    { go: 'anew', bytes: 10, validator: '"v"' },
  ],
  [
    'the rest of a file',
    206,
    { 'content-range': 'bytes 4-9/10', etag: '"v"' },
    4,
    { go: 'on', bytes: 10, validator: '"v"' },
  ],
  [
    'a file that is another one by now begins anew',
    200,
    { 'content-length': '12' },
    4,
    { go: 'anew', bytes: 12, validator: undefined },
  ],
  ['another part is not taken', 206, { 'content-range': 'bytes 0-9/10' }, 4, { go: 'no', again: true }],
  ['a part without its place is not taken', 206, {}, 4, { go: 'no', again: true }],
  ['nothing behind the last byte', 416, { 'content-range': 'bytes */10' }, 10, { go: 'whole' }],
  ['a file that shrank begins anew', 416, { 'content-range': 'bytes */8' }, 10, { go: 'anew' }],
  ['a weak ETag does not count', 200, { etag: 'W/"v"', 'last-modified': 'Mon' }, 0, { validator: 'Mon' }],
  ['a redirection', 302, { location: '/y.iso' }, 0, { go: 'elsewhere', url: 'https://a.example/y.iso' }],
  ['a redirection to nowhere', 302, {}, 0, { go: 'no', again: false }],
  ['a redirection to a file', 302, { location: 'file:///etc/passwd' }, 0, { go: 'no', again: false }],
  ['a redirection out of https', 302, { location: 'http://a.example/x.iso' }, 0, { go: 'no', again: false }],
  ['a file that is not there', 404, {}, 0, { go: 'no', again: false }],
  ['a server that is busy', 503, {}, 0, { go: 'no', again: true }],
  ['a size that is no number is none', 200, { 'content-length': '-1' }, 0, { bytes: undefined }],
] as const) {
  test(name, () => {
    const fields: Readonly<Record<string, string>> = headers;
    expect(decideDownload({ status, header: (field) => fields[field] }, here, URL_)).toMatchObject(expected);
  });
}

describe('nothing is loaded from', () => {
  for (const url of ['ftp://a/x.iso', 'file:///x.iso', 'x.iso', 'http://u:p@a/x.iso', 'data:,x'])
    test(url, () => expect(objectionToUrl(url)).toBeTypeOf('string'));
});

test('http and https are loaded from', () => {
  expect([URL_, 'http://a/x.iso'].map(objectionToUrl)).toEqual([undefined, undefined]);
});
