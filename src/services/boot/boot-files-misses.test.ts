import { describe, expect, test } from 'vitest';
import { isExpectedMiss } from './boot-files-misses.ts';

describe('a missing file', () => {
  for (const [path, expected] of [
    ['pxelinux.cfg/01-52-54-00-12-34-56', true],
    ['boot/pxelinux.cfg/C0A8', true],
    ['revocations_sku.efi', true],
    ['EFI/shim_certificate_0.efi', true],
    ['grub/x86_64-efi/command.lst', true],
    ['grub/grub.cfg-01-52-54-00-12-34-56', true],
    ['boot.scr.uimg', true],
    ['0a1b2c3d/start4.elf', true],
    ['boot/isolinux/ldlinux.c32', true],
    ['ldlinux.c32', false],
    ['pxelinux.0', false],
    ['vmlinuz', false],
    ['images/debian-12/linux', false],
  ] as const) {
    test(`"${path}" ${expected ? 'means nothing' : 'is worth telling'}`, () =>
      expect(isExpectedMiss(path)).toBe(expected));
  }
});
