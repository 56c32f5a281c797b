import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../lib/suite/any-text.ts';
import { formatRequestPath, MAX_TARGET_LENGTH, parseRequestPath } from './request-path.ts';

describe('a request target names', () => {
  for (const [target, parts, isFolder] of [
    ['/', [], true],
    ['/images/a/b', ['images', 'a', 'b'], false],
    ['/images/a/', ['images', 'a'], true],
    ['//boot//grubx64.efi', ['boot', 'grubx64.efi'], false],
    ['/a/./b/../c', ['a', 'c'], false],
    ['/a/b/..', ['a'], true],
    ['/a/b/%2E%2e', ['a'], true],
    ['/a/.', ['a'], true],
    ['/a?x=/../y', ['a'], false],
    ['/a#x', ['a'], false],
    ['/libstdc++6_%2B.deb', ['libstdc++6_+.deb'], false],
    ['/a%20b', ['a b'], false],
    ['/a%25b', ['a%b'], false],
    ['/.treeinfo', ['.treeinfo'], false],
    ['/...', ['...'], false],
    ['/a\\b', ['a\\b'], false],
    ['/%C3%A9', ['é'], false],
    ['/\u00C3\u00A9', ['é'], false],
    ['http://192.168.122.1:8080/images/x', ['images', 'x'], false],
    ['HTTP://host', [], true],
    ['http://host?x', [], true],
  ] as const) {
    test(target, () => expect(parseRequestPath(target)).toEqual({ parts, isFolder }));
  }
});

describe('a request target is refused when', () => {
  for (const [what, target, expected] of [
    ['it leads out of the root', '/../etc/passwd', /out of the root/],
    ['it leads out of the root, encoded', '/a/%2e%2e/%2E./etc', /out of the root/],
    ['it hides a slash', '/a%2fb', /encoded "\/"/],
    ['it hides a NUL', '/a%00', /NUL/],
    ['its percent is broken', '/a%4', /hex digits/],
    ['its percent is no hex', '/a%zz', /hex digits/],
    ['it is not UTF-8', '/%ff', /not UTF-8/],
    ['it is overlong UTF-8', '/%c0%ae%c0%ae/etc', /not UTF-8/],
    ['it is "*"', '*', /no path/],
    ['it is a host and port', 'host:80', /no path/],
    ['it is empty', '', /no path/],
    ['it is too long', `/${'a'.repeat(MAX_TARGET_LENGTH)}`, /4096/],
    ['a part is too long', `/${'a'.repeat(256)}`, /255/],
  ] as const) {
    test(what, () => {
      expect(() => parseRequestPath(target)).toThrow(SyntaxError);
      expect(() => parseRequestPath(target)).toThrow(expected);
    });
  }
});

test('whatever is asked, it throws only SyntaxError and never leaves the root', () => {
  const piece = fc.oneof(
    anyText,
    fc.constantFrom('/', '..', '.', '%2e', '%2f', '%', '%00', '%c3%a9', '\\', '?', 'http://h', '\u00FF'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      let parsed;
      try {
        parsed = parseRequestPath(`/${pieces.join('')}`);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      for (const part of parsed.parts) {
        expect(['', '.', '..']).not.toContain(part);
        expect(part).not.toMatch(/[/\0]/);
      }
    }),
    { numRuns: 5000 },
  );
});

test('what a listing links to is what it lists', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => !/^\.\.?$|[/\0]/.test(text));
  fc.assert(
    fc.property(fc.array(name), fc.boolean(), (parts, isFolder) => {
      const path = { parts, isFolder: isFolder || parts.length === 0 };
      expect(parseRequestPath(formatRequestPath(path))).toEqual(path);
    }),
  );
});
