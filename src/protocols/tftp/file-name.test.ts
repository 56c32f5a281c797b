import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../lib/suite/any-text.ts';
import { MAX_NAME_BYTES, MAX_NAME_PART_BYTES, safeFileName } from './file-name.ts';

const ROOT = '/srv/tftp';

describe('safeFileName takes', () => {
  for (const [what, name, expected] of [
    ['a plain name', 'pxelinux.0', 'pxelinux.0'],
    ['a path', 'pxelinux.cfg/01-52-54-00-12-34-56', 'pxelinux.cfg/01-52-54-00-12-34-56'],
    ['a leading slash (GRUB)', '/grub/grub.cfg', 'grub/grub.cfg'],
    ['many slashes (shim)', '//boot///grubx64.efi', 'boot/grubx64.efi'],
    ['backslashes (Windows)', '\\Boot\\BCD', 'Boot/BCD'],
    ['both kinds', 'boot\\fonts/wgl4_boot.ttf', 'boot/fonts/wgl4_boot.ttf'],
    ['dots for the same folder', './a/./b', 'a/b'],
    ['names that begin or end with dots', '.hidden/...three/end.', '.hidden/...three/end.'],
    ['a slash behind it', 'images/', 'images'],
    ['spaces and letters of the world', 'Größe 1/файл', 'Größe 1/файл'],
    ['percent signs as they are', 'a%2e%2e/b', 'a%2e%2e/b'],
    ['NUL and 0xFF left behind the name', 'pxelinux.0\0\uFFFD\uFFFD', 'pxelinux.0'],
    ['the root repeated', '/srv/tftp/pxelinux.0', 'pxelinux.0'],
    ['the root repeated with other slashes', '\\srv//tftp/./a/b', 'a/b'],
    ['a name that only begins like the root', '/srv/tftpboot/x', 'srv/tftpboot/x'],
    ['the root without its slash as an own folder', 'srv/tftp/x', 'srv/tftp/x'],
    ['a part of the longest length', 'x'.repeat(MAX_NAME_PART_BYTES), 'x'.repeat(MAX_NAME_PART_BYTES)],
  ] as const) {
    test(what, () => expect(safeFileName(name, ROOT)).toEqual({ safe: true, path: expected }));
  }

  test('the whole path when there is no root', () => {
    expect(safeFileName('/srv/tftp/x')).toEqual({ safe: true, path: 'srv/tftp/x' });
  });
});

describe('safeFileName refuses', () => {
  for (const [what, name, because] of [
    ['nothing', '', 'the name is empty or names the root folder'],
    ['only slashes', '///', 'the name is empty or names the root folder'],
    ['only garbage', '\uFFFD\0', 'the name is empty or names the root folder'],
    ['the root', '/srv/tftp/', 'the name is empty or names the root folder'],
    ['a way out', '../etc/shadow', 'the name holds ".."'],
    ['a way out with backslashes', '..\\..\\etc\\shadow', 'the name holds ".."'],
    ['a way out behind the root', '/srv/tftp/../../etc/shadow', 'the name holds ".."'],
    ['a way that stays inside', 'a/../b', 'the name holds ".."'],
    ['a way out at the end', 'a/..', 'the name holds ".."'],
    ['a NUL inside', 'a\0b', 'the name holds a control character'],
    ['a line end', 'a\nb', 'the name holds a control character'],
    ['bytes that are no text', 'a\uFFFDb', 'the name is not UTF-8 text'],
    ['a part too long', `a/${'ä'.repeat(128)}`, 'a part of the name has more than 255 bytes'],
    ['a name too long', 'a/'.repeat(MAX_NAME_BYTES), 'the name has more than 508 bytes'],
  ] as const) {
    test(what, () => expect(safeFileName(name, ROOT)).toEqual({ safe: false, because }));
  }
});

test('safeFileName: whatever comes, the path stays below the root', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', 'a', 'srv', 'tftp', '\0', '\uFFFD', ' ', '...', 'é');
  const names = fc.oneof(
    anyText,
    fc.array(piece, { maxLength: 20 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(names, fc.option(fc.constant(ROOT), { nil: undefined }), (name, root) => {
      const result = safeFileName(name, root);
      return !result.safe || !/^\/|\\|\0|(^|\/)(\.{1,2})?(\/|$)/.test(result.path);
    }),
    { numRuns: 20_000 },
  );
});

test('safeFileName: a hostile name costs no time', () => {
  const started = performance.now();
  safeFileName(`${'\uFFFD'.repeat(60_000)}x`);
  expect(performance.now() - started).toBeLessThan(200);
});
