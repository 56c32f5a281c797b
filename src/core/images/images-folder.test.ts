import { expect, test } from 'vitest';
import { mayBeImage } from './images-folder.ts';

for (const [name, kind, expected] of [
  ['debian.iso', 'file', true],
  ['DEBIAN.ISO', 'file', true],
  ['stick.img', 'file', true],
  ['centos', 'folder', true],
  ['debian.iso.part', 'file', false],
  ['debian.iso.crdownload', 'file', false],
  ['.debian.iso.A1b2', 'file', false],
  ['SHA256SUMS', 'file', false],
  ['lost+found', 'folder', false],
  ['pipe.iso', 'other', false],
] as const) {
  test(`${kind} "${name}" is ${expected ? 'taken' : 'left'}`, () =>
    expect(mayBeImage(name, kind)).toBe(expected));
}
