import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageNameOf, nameWord, objectionToName } from './image-name.ts';

describe('an image that nobody named is called', () => {
  for (const [title, fileName, taken, expected] of [
    ['CentOS 6.3', 'CentOS-6.3', [], 'centos-6.3'],
    ['Débian « 12 »', 'x', [], 'debian-12'],
    ['银河麒麟', 'Kylin-Server-V10', [], 'kylin-server-v10'],
    ['统信 20', 'UOS-20', [], 'uos-20'],
    ['银河麒麟', '麒麟 2024', [], '2024'],
    ['银河麒麟', '麒麟', [], 'image-1'],
    ['银河麒麟', '麒麟', ['image-1', 'image-3'], 'image-2'],
    ['2024', '2024', [], '2024'],
  ] as const) {
    test(`${expected}, for the title ${title} of ${fileName}`, () => {
      expect(imageNameOf(title, fileName, new Set(taken))).toBe(expected);
    });
  }

  test('something that a name may be, whatever its title and its file are', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 90 });
    fc.assert(
      fc.property(word, word, (title, fileName) => {
        expect(objectionToName(imageNameOf(title, fileName, new Set()))).toBeUndefined();
        expect(nameWord(title)).toMatch(/^(?:[a-z0-9][a-z0-9._-]{0,63})?$/);
      }),
    );
  });
});
