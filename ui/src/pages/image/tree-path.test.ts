import { expect, test } from 'vitest';
import { below, folderOf, stepsTo, textIn } from './tree-path.ts';

test('a path leads over its folders', () => {
  expect(stepsTo('images/pxeboot')).toEqual([
    { name: 'images', path: 'images' },
    { name: 'pxeboot', path: 'images/pxeboot' },
  ]);
  expect(stepsTo('')).toEqual([]);
});

test('a name in a folder and the folder of a name are each other undone', () => {
  expect(below('', 'EFI')).toBe('EFI');
  expect(below('EFI', 'BOOT')).toBe('EFI/BOOT');
  expect(folderOf('EFI/BOOT')).toBe('EFI');
  expect(folderOf('EFI')).toBe('');
});

for (const [what, bytes, expected] of [
  ['UTF-8', [0x68, 0xc3, 0xa9], 'hé'],
  ['nothing', [], ''],
  ['a zero byte', [0x68, 0x00], undefined],
  ['no UTF-8', [0xff, 0xfe], undefined],
] as const)
  test(`${what} is ${expected === undefined ? 'no text' : 'text'}`, () => {
    expect(textIn(Uint8Array.from(bytes))).toBe(expected);
  });
