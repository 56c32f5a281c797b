import { describe, expect, test } from 'vitest';
import { makeEtag } from './conditions.ts';
import { chooseFileResponse } from './file-response.ts';

const file = { etag: makeEtag(1000, 5000), modifiedMs: 5000, lastModified: 'Thu, 01 Jan 1970 00:00:05 GMT' };
const get = { method: 'GET' };

describe('a file of 1000 bytes', () => {
  for (const [what, request, expected] of [
    ['whole', get, { status: 200, contentLength: 1000, part: { first: 0, length: 1000 } }],
    ['its head', { method: 'HEAD' }, { status: 200, contentLength: 1000 }],
    [
      'its head, whatever range is asked',
      { method: 'HEAD', range: 'bytes=0-1' },
      { status: 200, contentLength: 1000 },
    ],
    [
      'a part',
      { ...get, range: 'bytes=10-19' },
      { status: 206, contentLength: 10, contentRange: 'bytes 10-19/1000', part: { first: 10, length: 10 } },
    ],
    [
      'a part behind its end',
      { ...get, range: 'bytes=1000-' },
      { status: 416, contentLength: 0, contentRange: 'bytes */1000' },
    ],
    [
      'several parts',
      { ...get, range: 'bytes=0-1,5-6' },
      { status: 200, contentLength: 1000, part: { first: 0, length: 1000 } },
    ],
    [
      'a part of another state of the file',
      { ...get, range: 'bytes=0-1', ifRange: '"x"' },
      { status: 200, contentLength: 1000, part: { first: 0, length: 1000 } },
    ],
    [
      'a part, resumed by firmware',
      { ...get, range: 'bytes=998-', ifMatch: file.etag },
      { status: 206, contentLength: 2, contentRange: 'bytes 998-999/1000', part: { first: 998, length: 2 } },
    ],
    [
      'a part, resumed after the file changed',
      { ...get, range: 'bytes=998-', ifMatch: '"x"' },
      { status: 412, contentLength: 0 },
    ],
    ['nothing new', { ...get, ifNoneMatch: file.etag, range: 'bytes=0-1' }, { status: 304 }],
  ] as const) {
    test(what, () => expect(chooseFileResponse(request, 1000, file)).toEqual(expected));
  }
});
