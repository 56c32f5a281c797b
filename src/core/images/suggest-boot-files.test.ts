import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCodePoint } from '../../lib/suite/any-text.ts';
import { MEBIBYTE } from './suite/recognition-cases.ts';
import { treeOfTexts } from './suite/tree-of-texts.ts';
import { suggestBootFiles } from './suggest-boot-files.ts';

describe('what a menu starts is read', () => {
  for (const [name, files, expected] of [
    [
      'of GRUB, from the root, devices left out, the first entry that is whole',
      {
        'boot/grub/grub.cfg': `menuentry 'Gone' {
  linux /boot/not-there quiet
  initrd /boot/initrd
}
menuentry 'Void Linux' --id "linux" {
    set gfxpayload="keep"
    linux (\${voidlive})/boot/vmlinuz root=live:CDLABEL=VOID_LIVE ro init=/sbin/init
    initrd (\${voidlive})/boot/initrd
}
`,
        'boot/vmlinuz': '',
        'boot/initrd': '',
      },
      {
        kernel: 'boot/vmlinuz',
        initrds: ['boot/initrd'],
        arguments: 'root=live:CDLABEL=VOID_LIVE ro init=/sbin/init',
        menu: 'boot/grub/grub.cfg',
      },
    ],
    [
      'of GRUB for EFI, with more than one initrd',
      {
        'EFI/BOOT/grub.cfg': 'linuxefi /k a\ninitrdefi /ucode.img /rd.img\n',
        k: '',
        'ucode.img': '',
        'rd.img': '',
      },
      { kernel: 'k', initrds: ['ucode.img', 'rd.img'], arguments: 'a' },
    ],
    [
      'of isolinux, beside its menu, with the initrd among the words',
      {
        'isolinux/isolinux.cfg':
          'DEFAULT gentoo\r\nLABEL gentoo\r\n  KERNEL gentoo\r\n  APPEND root=/dev/ram0 init=/linuxrc initrd=gentoo.igz looptype=squashfs loop=/image.squashfs cdroot\r\n',
        'isolinux/gentoo': '',
        'isolinux/gentoo.igz': '',
      },
      {
        kernel: 'isolinux/gentoo',
        initrds: ['isolinux/gentoo.igz'],
        arguments: 'root=/dev/ram0 init=/linuxrc looptype=squashfs loop=/image.squashfs cdroot',
      },
    ],
    [
      'of systemd-boot',
      {
        'loader/entries/x.conf':
          'title X\nlinux /x/vmlinuz\ninitrd /x/a.img\ninitrd /x/b.img\noptions quiet\n',
        'x/vmlinuz': '',
        'x/a.img': '',
        'x/b.img': '',
      },
      { kernel: 'x/vmlinuz', initrds: ['x/a.img', 'x/b.img'], arguments: 'quiet' },
    ],
    [
      'and a kernel without an initrd',
      { 'isolinux/isolinux.cfg': 'kernel /memdisk\n', memdisk: '' },
      { kernel: 'memdisk', initrds: [] },
    ],
    [
      'but not a loader that is called from another',
      { 'isolinux/isolinux.cfg': 'kernel menu.c32\n' },
      undefined,
    ],
    [
      'but nothing that leaves the tree',
      { 'boot/grub/grub.cfg': 'linux /../../etc/passwd\nlinux /a b\ninitrd /../c\n', a: '', '../c': '' },
      undefined,
    ],
    ['and nothing where there is no menu', { vmlinuz: '' }, undefined],
  ] as const) {
    test(name, async () => {
      const suggestion = await suggestBootFiles(treeOfTexts(files));
      if (expected === undefined) expect(suggestion).toBeUndefined();
      else expect(suggestion).toMatchObject(expected);
    });
  }
});

test('a menu without end is read to its limit', async () => {
  const text = 'linux /k\ninitrd /i\n'.repeat(MEBIBYTE);
  const begun = performance.now();
  expect(await suggestBootFiles(treeOfTexts({ 'boot/grub/grub.cfg': text }))).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('whatever a menu says, what is suggested can be typed as it is', async () => {
  const line = fc
    .tuple(
      fc.constantFrom('linux', 'kernel', 'initrd', 'append', 'options', 'LINUXEFI', ''),
      fc.array(
        fc.oneof(
          fc.string({ unit: anyCodePoint, maxLength: 20 }),
          fc.constantFrom('/k', 'initrd=/i,/k', '/i'),
        ),
      ),
    )
    .map(([command, words]) => [command, ...words].join(' '));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const files = { 'boot/grub/grub.cfg': lines.join('\n'), k: '', i: '' };
      const suggestion = await suggestBootFiles(treeOfTexts(files));
      if (!suggestion) return;
      for (const path of [suggestion.kernel, ...suggestion.initrds]) expect(['k', 'i']).toContain(path);
      expect(suggestion.arguments).toMatch(/^[^\p{Cc}]{0,100}$/u);
    }),
  );
});
