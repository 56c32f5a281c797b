import { describe, expect, test } from 'vitest';
import {
  installAdvice,
  loaderHomeOf,
  loaderHomes,
  LOADERS,
  loaderAskedAs,
  loaderNamed,
  loadersOf,
  nameBesideShim,
  programsBefore,
  setOf,
  setsFor,
  systemsOf,
} from './loaders.ts';

describe('the system by its os-release', () => {
  for (const [what, text, systems, family] of [
    ['Debian', 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', ['debian'], 'Debian'],
    ['Mint', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', ['linuxmint', 'ubuntu', 'debian'], 'Debian'],
    ['Rocky', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', ['rocky', 'rhel', 'centos', 'fedora'], 'Fedora'],
    ['Leap', "ID='opensuse-leap'\nID_LIKE='suse opensuse'\n", ['opensuse-leap', 'suse', 'opensuse'], 'SUSE'],
    ['Arch', 'ID=arch', ['arch'], 'Arch'],
    ['something else', 'ID=plan9\n', ['plan9'], undefined],
    ['nothing', '', [], undefined],
  ] as const) {
    test(what, () => {
      expect(systemsOf(text)).toEqual(systems);
      expect(loaderHomeOf(systemsOf(text))?.family).toBe(family);
    });
  }
});

test("a system's own home is looked at first, and the others after it", () => {
  expect(loaderHomes(['arch']).map((home) => home.family)).toEqual(['Arch', 'Debian', 'Fedora', 'SUSE']);
  expect(loaderHomes([])).toHaveLength(4);
});

test('the advice is a command where the system is known, and a sentence elsewhere', () => {
  expect(installAdvice(['debian'], 'pxelinux')).toBe('muster loaders install');
  expect(installAdvice(['debian'], 'grub x64')).toBe('muster loaders install');
  expect(installAdvice(['debian'], 'grub aa64')).toBe('muster loaders install --cpu aa64');
  expect(installAdvice(['rhel'], 'ipxe x86')).toBe('as root: dnf install -y ipxe-bootimgs-x86');
  expect(installAdvice(['plan9'], 'pxelinux')).toMatch(/put pxelinux.0 and ldlinux.c32 of one .* tftp.root/);
  expect(installAdvice(['arch'], 'grub x64')).toMatch(/put shimx64.efi and grubx64.efi of one build/);
});

test('names are exact', () => {
  expect(loaderNamed('pxelinux.0')).toBe('pxelinux.0');
  expect(loaderNamed('PXELINUX.0')).toBeUndefined();
  expect(loaderNamed('constructor')).toBeUndefined();
});

test('a shim of SUSE asks by names that say no processor', () => {
  expect(loaderAskedAs('grub.efi', undefined)).toBe('grubx64.efi');
  expect(loaderAskedAs('grub.efi', 'aa64')).toBe('grubaa64.efi');
  expect(loaderAskedAs('MokManager.efi', 'x64')).toBe('mmx64.efi');
  expect(loaderAskedAs('grub.efi', 'riscv64')).toBeUndefined();
  expect(loaderAskedAs('shimx64.efi', 'aa64')).toBe('shimx64.efi');
  expect(loaderAskedAs('toString', undefined)).toBeUndefined();
  expect(nameBesideShim('grubx64.efi', '/usr/share/efi/x86_64/grub.efi')).toBe('grub.efi');
  expect(nameBesideShim('grubx64.efi', '/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed')).toBe(
    'grubx64.efi',
  );
});

test('parts go with the program of their build', () => {
  expect(LOADERS.filter((row) => programsBefore(row.name).includes('pxelinux.0'))).toHaveLength(12);
  expect(programsBefore('grubx64.efi')).toEqual(['shimx64.efi']);
  expect(programsBefore('grubia32.efi')).toEqual(['shimia32.efi']);
  expect(programsBefore('mmaa64.efi')).toEqual(['shimaa64.efi']);
  expect(programsBefore('shimx64.efi')).toEqual([]);
  expect(programsBefore('snponly.efi')).toEqual([]);
});

test('every processor has its sets', () => {
  expect(setsFor('x64')).toEqual(['pxelinux', 'grub x64', 'ipxe x86']);
  expect(setsFor('ia32')).toEqual(['grub ia32']);
});

test('every loader belongs to one set, and every set has what it needs', () => {
  expect(setOf('menu.c32')).toBe('pxelinux');
  expect(loadersOf('grub x64').map(({ name }) => name)).toEqual(['shimx64.efi', 'grubx64.efi', 'mmx64.efi']);
});
