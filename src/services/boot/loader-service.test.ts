import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInsideFolder } from '../images/folder-tree.ts';
import { LoaderService } from './loader-service.ts';

let root = '';
const put = (path: string, content = path): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const service = (): LoaderService =>
  new LoaderService({
    openInsideFolder,
    systemRoot: root,
    unpackedFolder: join(root, 'data/loaders'),
  });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-loaders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('LoaderService', () => {
  test('finds what is there, and says how to get the rest', async () => {
    put('etc/os-release', 'ID=debian\n');
    put('usr/lib/PXELINUX/pxelinux.0', '12345');
    put('usr/lib/syslinux/modules/bios/ldlinux.c32');
    put('usr/lib/syslinux/memdisk');
    const findings = new Map((await service().find()).map((finding) => [finding.name, finding]));
    expect(findings.get('pxelinux.0')).toMatchObject({
      found: true,
      path: join(root, 'usr/lib/PXELINUX/pxelinux.0'),
      bytes: 5,
    });
    expect(findings.get('memdisk')).toMatchObject({ found: true });
    expect(findings.get('menu.c32')).toMatchObject({
      found: false,
      advice: 'muster loaders install',
    });
  });

  test('takes all from one home, the first that has what is needed', async () => {
    put('etc/os-release', 'ID=debian\n');
    put('usr/lib/PXELINUX/pxelinux.0');
    for (const name of ['pxelinux.0', 'ldlinux.c32', 'menu.c32']) put(`usr/share/syslinux/${name}`);
    const opened = await service().open('pxelinux.0');
    expect(opened).toMatchObject({ found: true, path: join(root, 'usr/share/syslinux/pxelinux.0') });
    if (opened.found) await opened.source.close();
    expect(await service().has('menu.c32')).toBe(true);
    expect(await service().has('memdisk')).toBe(false);
  });

  test("finds what was unpacked, after the system's own, and never a set from both", async () => {
    put('etc/os-release', 'ID=debian\n');
    const unpacked = 'data/loaders/usr/lib';
    put(`${unpacked}/shim/shimx64.efi.signed`, 'unpacked shim');
    put(`${unpacked}/grub/x86_64-efi-signed/grubnetx64.efi.signed`, 'unpacked GRUB');
    put('usr/lib/shim/shimx64.efi.signed', 'own shim');
    const text = async (name: 'shimx64.efi' | 'grubx64.efi'): Promise<string> => {
      const opened = await service().open(name);
      if (!opened.found) return opened.because;
      const bytes = await opened.source.read(0, 100);
      await opened.source.close();
      return new TextDecoder().decode(bytes);
    };
    expect([await text('shimx64.efi'), await text('grubx64.efi')]).toEqual([
      'unpacked shim',
      'unpacked GRUB',
    ]);
    put('usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed', 'own GRUB');
    expect([await text('shimx64.efi'), await text('grubx64.efi')]).toEqual(['own shim', 'own GRUB']);
    expect([...(await service().available())]).toEqual(['shimx64.efi', 'grubx64.efi']);
  });

  test('follows the link that a package puts beside its loaders', async () => {
    put('boot/ipxe.efi', 'iPXE');
    mkdirSync(join(root, 'usr/lib/ipxe'), { recursive: true });
    symlinkSync(join(root, 'boot/ipxe.efi'), join(root, 'usr/lib/ipxe/ipxe.efi'));
    const opened = await service().open('ipxe.efi');
    expect(opened).toMatchObject({ found: true, path: join(root, 'boot/ipxe.efi') });
    if (opened.found) await opened.source.close();
  });

  test('gives the bytes', async () => {
    put('usr/lib/syslinux/bios/pxelinux.0', 'abc');
    put('usr/lib/syslinux/bios/ldlinux.c32');
    const opened = await service().open('pxelinux.0');
    expect(opened.found && new TextDecoder().decode(await opened.source.read(0, 10))).toBe('abc');
    if (opened.found) await opened.source.close();
  });

  test('on a system it knows nothing of, says so in words', async () => {
    expect(await service().open('pxelinux.0')).toMatchObject({
      found: false,
      because: expect.stringContaining('put pxelinux.0 and ldlinux.c32 of one build into the folder'),
    });
    expect((await service().find()).every((finding) => !finding.found)).toBe(true);
  });
});
