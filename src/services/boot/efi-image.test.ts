import { describe, expect, test } from 'vitest';
import { fileTreeReader } from '../../core/images/file-tree-reader.ts';
import { layOutFat16 } from '../../formats/fat16/volume.ts';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import type { Disc } from '../images/open-disc.ts';
import { efiImageOf, openInEfiImage, readerWithEfiImage } from './efi-image.ts';

/** Where the image begins on the disc. */
const OFFSET = 6 * 2048;
const FILES = new Map([
  ['EFI/BOOT/BOOTX64.EFI', 'shim'],
  ['EFI/BOOT/GRUBX64.EFI', 'GRUB with its blksize'],
]);

function discWith(files: ReadonlyMap<string, string>): {
  source: ReturnType<typeof sourceOfBytes>;
  efiImages: Disc['efiImages'];
} {
  const rows = [...files].map(([path, text]) => ({ path, size: text.length, text }));
  const { size, head, offsets } = layOutFat16(rows, 'EFI');
  const bytes = new Uint8Array(OFFSET + size);
  bytes.set(head, OFFSET);
  rows.forEach(({ text }, index) => bytes.set(Buffer.from(text), OFFSET + (offsets[index] ?? 0)));
  // Programs write a size that is too small for the field as 0 or 1.
  return { source: sourceOfBytes(bytes), efiImages: [{ offset: OFFSET, bytes: undefined }] };
}

const emptyTree = { isFile: async () => false, text: async () => undefined, size: async () => undefined };
const discReader = (files: readonly string[]) => ({
  ...emptyTree,
  isFile: async (path: string) => files.includes(path),
  text: async (path: string) => (files.includes(path) ? 'of the disc' : undefined),
  folders: async () => [],
  files: async () => [],
});

describe('the EFI image of a disc', () => {
  const open = efiImageOf(discWith(FILES));

  for (const [what, path, expected] of [
    ['has its files', '.efi-image/EFI/BOOT/BOOTX64.EFI', 'shim'],
    ['finds them in any case', '.efi-image/efi/boot/grubx64.efi', 'GRUB with its blksize'],
    ['has no others', '.efi-image/EFI/BOOT/mmx64.efi', undefined],
    ['gives no folder', '.efi-image/EFI/BOOT', undefined],
    ['is not what the rest of the disc is', 'EFI/BOOT/BOOTX64.EFI', undefined],
    ['is never left', '.efi-image/../../EFI/BOOT/BOOTX64.EFI', 'shim'],
  ] as const) {
    test(what, async () => {
      const found = await openInEfiImage(path, open);
      const text = found && Buffer.from(await found.source.read(0, found.source.size)).toString();
      expect(text).toBe(expected);
    });
  }

  test('is recognised by, and a file of the disc goes before it', async () => {
    const reader = readerWithEfiImage(discReader(['.efi-image/EFI/BOOT/BOOTX64.EFI']), open);
    expect(await reader.text('.efi-image/EFI/BOOT/BOOTX64.EFI', 100)).toBe('of the disc');
    expect(await reader.text('.efi-image/EFI/BOOT/grubx64.efi', 100)).toBe('GRUB with its blksize');
    expect(await reader.size('.efi-image/EFI/BOOT/grubx64.efi')).toBe(21);
    expect(await reader.isFile('EFI/BOOT/grubx64.efi')).toBe(false);
  });

  test('that holds no FAT is none', async () => {
    const source = sourceOfBytes(new Uint8Array(OFFSET * 2));
    const efiImages = [{ offset: OFFSET, bytes: undefined }];
    expect(await efiImageOf({ source, efiImages })()).toBeUndefined();
    expect(await efiImageOf({ source, efiImages: [] })()).toBeUndefined();
  });

  test('shows what firmware sees, with the names as they are there', async () => {
    const tree = await open();
    const reader = tree && fileTreeReader(tree);
    expect(await reader?.files('EFI/BOOT')).toEqual(['BOOTX64.EFI', 'GRUBX64.EFI']);
  });
});
