import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { GRUB } from './grub.ts';
import { MAX_KERNEL_COMMAND_LINE } from './kernel-arguments.ts';
import type { Installer, MenuEntry } from './script-language.ts';

const PLACE = {
  address: parseIpv4('192.168.122.1'),
  httpPort: 8080,
  folder: 'grub/',
  mac: parseMac('52:54:00:12:34:56'),
};
const debian: MenuEntry = {
  name: 'debian-12',
  title: "Debian 12 (Bernd's)",
  kernel: 'images/debian-12/linux',
  initrds: ['images/debian-12/initrd.gz', 'images/debian-12/firmware.cpio.gz'],
  arguments: '',
};
const centos: Installer = {
  kernel: 'images/centos-9/images/pxeboot/vmlinuz',
  initrds: ['images/centos-9/images/pxeboot/initrd.img'],
  arguments: 'inst.ks=http://192.168.122.1:8080/installs/0123/ks.cfg ds=nocloud;s=$x {a} &b',
};
const menu = DEFAULT_POLICY.menu;

test('an armed machine gets its installer at once', async () => {
  const text = GRUB.installer(centos, PLACE, "install i-1 of profile web's is requested");
  await expect(text).toMatchFileSnapshot('golden/grub-installer.cfg');
});

test('a machine without an armed install gets the loader of its own disk', async () => {
  await expect(GRUB.localDisk(PLACE, 'no install was ever armed for web01')).toMatchFileSnapshot(
    'golden/grub-local-disk.cfg',
  );
});

test('people get a menu that falls to the local disk', async () => {
  const { text, leftOut } = GRUB.menu(
    menu,
    [debian, { ...centos, name: 'centos-9', title: 'CentOS 9' }],
    PLACE,
  );
  await expect(text).toMatchFileSnapshot('golden/grub-menu.cfg');
  expect(leftOut).toEqual([]);
});

test('a menu waits for ever, or falls to an image, as the policy says', () => {
  const { text } = GRUB.menu({ ...menu, timeoutSeconds: 0, default: 'debian-12' }, [debian], PLACE);
  expect(text).toContain("set timeout=-1\nset default='debian-12'\n");
  expect(GRUB.menu({ ...menu, timeoutSeconds: 0.2, default: 'gone' }, [], PLACE).text).toContain(
    "set timeout=1\nset default='local'\n",
  );
});

test('a machine whose turn comes later asks again, unless a person wants its own disk', async () => {
  const wait = { because: 'it waits for its turn in wave line, with 3 before it', again: 'grub/grub.cfg' };
  await expect(GRUB.wait(wait, PLACE)).toMatchFileSnapshot('golden/grub-wait.cfg');
});

describe('what this language cannot say is refused', () => {
  for (const [what, change, expected] of [
    ['a kernel name with a space', { kernel: 'images/x/my kernel' }, /without space/],
    ['an initrd name with a line break', { initrds: ['a\nreboot'] }, /printable ASCII/],
    ['arguments with a line break', { arguments: 'quiet\nreboot' }, /no line break/],
    ['arguments with a quote, which GRUB would mark', { arguments: 'x="a b"' }, /adds a backslash/],
    ['arguments with a backslash', { arguments: 'x=a\\b' }, /adds a backslash/],
    ['arguments the kernel would cut', { arguments: 'x'.repeat(MAX_KERNEL_COMMAND_LINE) }, /keeps 2047/],
  ] as const) {
    test(what, () => {
      expect(() => GRUB.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(RangeError);
      expect(() => GRUB.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(expected);
    });
  }
});

/** Takes the quoted words of a line out, as GRUB does; what is left is Muster's own. */
function withoutQuoted(text: string): string {
  return text.replaceAll(/(?:'[^']*'|\\')+/g, 'Q');
}

describe('GRUB on a disk in memory', () => {
  const disk = { ...PLACE, from: 'RAM disk' } as const;

  test('finds kernel and initrds beside itself', () => {
    const text = GRUB.installer(debian, disk, 'armed');
    expect(text).toContain("if linux '/kernel' ");
    expect(text).toContain("if initrd '/initrd0' '/initrd1'; then");
    expect(text).not.toContain('tftp');
  });

  test('looks for the installed system on partitions alone, since it would find itself', () => {
    const text = GRUB.localDisk(disk, 'armed');
    expect(text).toContain('if [ -f "($disk,$partition)$loader" ]; then');
    expect(text).not.toContain('search ');
  });

  test('asks for an address before it fetches what a person chose', () => {
    const { text } = GRUB.menu(menu, [debian], disk);
    expect(text.indexOf('if net_bootp; then')).toBeLessThan(text.indexOf("if linux '(tftp,192.168.122.1)/"));
    expect(GRUB.menu(menu, [debian], PLACE).text).not.toContain('net_bootp');
  });
});

test('no text from outside becomes a word of this language', () => {
  const own = withoutQuoted(GRUB.menu(menu, [debian], PLACE).text);
  const words = new Set(own.split(/\s+/));
  const entry = fc.record({
    name: fc.string(),
    title: anyText,
    kernel: fc.string(),
    initrds: fc.array(fc.string(), { maxLength: 3 }),
    arguments: anyText,
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), anyText, (entries, title) => {
      const { text, leftOut } = GRUB.menu({ ...menu, title }, entries, PLACE);
      const left = withoutQuoted(text);
      expect(left.split('menuentry ')).toHaveLength(2 + entries.length - leftOut.length);
      expect(left.split(/\s+/).filter((word) => !words.has(word))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
