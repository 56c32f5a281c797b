import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isChecksumListName, parseChecksumList, sha256In } from './checksum-list.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('the sha256 of x.iso is found', () => {
  for (const [name, text] of [
    ['in the list of GNU', `${B}  other.iso\n${A}  x.iso\n`],
    ['with the star of files read as they are', `${A} *x.iso\n`],
    ['with a folder before the name', `${A}  ./iso-dvd/x.iso\n`],
    ['in the list of BSD', `# x.iso: 4700000000 bytes\nSHA256 (x.iso) = ${A}\n`],
    [
      'in a list that is signed',
      `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (x.iso) = ${A}\n-----BEGIN PGP SIGNATURE-----\n`,
    ],
    ['as digits alone', `${A}\n`],
    ['in large digits, with the line ends of Windows', `${A.toUpperCase()}  x.iso\r\n`],
  ] as const) {
    test(name, () => expect(sha256In(text, 'x.iso')).toBe(A));
  }
});

describe('no sha256 of x.iso is found', () => {
  for (const [name, text] of [
    ['in an empty list', ''],
    ['where another file is meant', `${A}  other.iso\n`],
    ['where two stand alone', `${A}\n${B}\n`],
    [
      'in sums of other kinds',
      `${'c'.repeat(32)}  x.iso\n${'d'.repeat(40)}  x.iso\nSHA512 (x.iso) = ${'e'.repeat(128)}\n`,
    ],
    ['in half a line', `${A.slice(1)}  x.iso\n`],
  ] as const) {
    test(name, () => expect(sha256In(text, 'x.iso')).toBeUndefined());
  }
});

test("Debian's list inside the disc is read", () => {
  expect(parseChecksumList(`${'c'.repeat(32)}  ./install.amd/vmlinuz\n`)).toEqual([
    { algorithm: 'md5', digits: 'c'.repeat(32), name: 'install.amd/vmlinuz' },
  ]);
});

test('names of lists are known as such', () => {
  const names = ['Fedora-Server-42-1.1-x86_64-CHECKSUM', 'x.iso.CHECKSUM', 'SHA256SUMS', 'x.iso'];
  expect(names.filter(isChecksumListName)).toEqual(names.slice(0, 3));
});

test('any text is a list, if an empty one', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseChecksumList(text))));
});
