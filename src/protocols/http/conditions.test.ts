import { describe, expect, test } from 'vitest';
import { checkConditions, makeEtag, rangeCounts } from './conditions.ts';

const modifiedMs = Date.UTC(2024, 1, 3, 4, 5, 6, 789);
const same = 'Sat, 03 Feb 2024 04:05:06 GMT';
const before = 'Sat, 03 Feb 2024 04:05:05 GMT';
const after = 'Sat, 03 Feb 2024 04:05:07 GMT';
const file = { etag: makeEtag(1000, modifiedMs), modifiedMs, lastModified: same };

test('a tag is quoted and changes with size and time', () => {
  expect(makeEtag(255, 4096)).toBe('"ff-1000"');
  expect(makeEtag(255, 4096.7)).toBe('"ff-1000"');
  expect(makeEtag(254, 4096)).not.toBe(makeEtag(255, 4096));
});

describe('conditions of a request', () => {
  for (const [what, conditions, expected] of [
    ['none', {}, 'proceed'],
    ['If-None-Match of the same', { ifNoneMatch: file.etag }, 'not modified'],
    ['If-None-Match of the same, made weak by a proxy', { ifNoneMatch: `W/${file.etag}` }, 'not modified'],
    ['If-None-Match with a list', { ifNoneMatch: `"x", ${file.etag}` }, 'not modified'],
    ['If-None-Match of all', { ifNoneMatch: '*' }, 'not modified'],
    ['If-None-Match of another', { ifNoneMatch: '"x"' }, 'proceed'],
    ['If-None-Match wins over the date', { ifNoneMatch: '"x"', ifModifiedSince: after }, 'proceed'],
    ['If-Modified-Since of the same second', { ifModifiedSince: same }, 'not modified'],
    ['If-Modified-Since later', { ifModifiedSince: after }, 'not modified'],
    ['If-Modified-Since before', { ifModifiedSince: before }, 'proceed'],
    ['If-Modified-Since of no date', { ifModifiedSince: 'yesterday' }, 'proceed'],
    ['If-Match of the same', { ifMatch: file.etag }, 'proceed'],
    ['If-Match of another', { ifMatch: '"x"' }, 'failed'],
    ['If-Match of a weak one', { ifMatch: `W/${file.etag}` }, 'failed'],
    ['If-Unmodified-Since of the same second', { ifUnmodifiedSince: same }, 'proceed'],
    ['If-Unmodified-Since before', { ifUnmodifiedSince: before }, 'failed'],
    ['If-Unmodified-Since of no date', { ifUnmodifiedSince: 'never' }, 'proceed'],
    ['If-Match wins over the date', { ifMatch: file.etag, ifUnmodifiedSince: before }, 'proceed'],
  ] as const) {
    test(`${what}: ${expected}`, () => expect(checkConditions(conditions, file)).toBe(expected));
  }
});

describe('If-Range', () => {
  for (const [header, expected] of [
    [undefined, true],
    [file.etag, true],
    ['"x"', false],
    [`W/${file.etag}`, false],
    [same, true],
    [before, false],
    [after, false],
    ['', false],
  ] as const) {
    test(`${header ?? 'absent'}: ${expected ? 'a part' : 'the whole'}`, () => {
      expect(rangeCounts(header, file)).toBe(expected);
    });
  }
});
