import { describe, expect, test } from 'vitest';
import {
  installAdvice,
  isModule,
  loaderHomeOf,
  loaderHomes,
  LOADERS,
  loaderNamed,
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
  expect(installAdvice(['debian'])).toBe('as root: apt-get install -y pxelinux syslinux-common');
  expect(installAdvice(['rhel'])).toContain('dnf install');
  expect(installAdvice(['plan9'])).toContain('tftp.root');
});

test('names are exact', () => {
  expect(loaderNamed('pxelinux.0')).toBe('pxelinux.0');
  expect(loaderNamed('PXELINUX.0')).toBeUndefined();
  expect(loaderNamed('constructor')).toBeUndefined();
  expect(LOADERS.filter((row) => isModule(row.name))).toHaveLength(12);
});
