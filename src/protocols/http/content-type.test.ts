import { describe, expect, test } from 'vitest';
import { contentTypeOf } from './content-type.ts';

describe('the type of', () => {
  for (const [path, type] of [
    ['EFI/BOOT/BOOTX64.EFI', 'application/efi'],
    ['debian-12.iso', 'application/vnd.efi-iso'],
    ['images/install.img', 'application/vnd.efi-img'],
    ['ks.cfg', 'text/plain; charset=utf-8'],
    ['.treeinfo', 'text/plain; charset=utf-8'],
    ['pool/a/apt_2.6.1_amd64.deb', 'application/vnd.debian.binary-package'],
    ['Packages/bash-5.1.rpm', 'application/x-rpm'],
    ['initrd.gz', 'application/gzip'],
    ['vmlinuz', 'application/octet-stream'],
    ['a.efi/vmlinuz', 'application/octet-stream'],
    ['x.constructor', 'application/octet-stream'],
    ['ends-in-a-dot.', 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ] as const) {
    test(`"${path}" is ${type}`, () => expect(contentTypeOf(path)).toBe(type));
  }
});
