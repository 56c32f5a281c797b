import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../../lib/addresses.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { askWhoScript, IPXE } from './ipxe.ts';
import { MAX_KERNEL_COMMAND_LINE } from './kernel-arguments.ts';
import type { Installer, MenuEntry } from './script-language.ts';

const PLACE = {
  address: parseIpv4('192.168.122.1'),
  httpPort: 8080,
  folder: '',
  mac: parseMac('52:54:00:12:34:56'),
};
const debian: MenuEntry = {
  name: 'debian-12',
  title: 'Debian 12',
  kernel: 'images/debian-12/linux',
  initrds: ['images/debian-12/initrd.gz', 'images/debian-12/firmware c++.gz'],
  arguments: '',
};
const centos: Installer = {
  kernel: 'images/centos-9/images/pxeboot/vmlinuz',
  initrds: ['images/centos-9/images/pxeboot/initrd.img'],
  arguments: 'inst.ks=http://192.168.122.1:8080/installs/0123/ks.cfg ds=nocloud;s=x "a b"',
};
const menu = DEFAULT_POLICY.menu;

test('an armed machine gets its installer, and tries a counted number of times', async () => {
  const text = IPXE.installer(centos, PLACE, 'install i-1 of profile web is requested');
  await expect(text).toMatchFileSnapshot('golden/installer.ipxe');
});

test('a machine without an armed install goes back to its firmware', async () => {
  await expect(IPXE.localDisk(PLACE, 'no install was ever armed for web01')).toMatchFileSnapshot(
    'golden/local-disk.ipxe',
  );
});

test('a machine that may be one that was not met yet is asked who it is', async () => {
  const text = askWhoScript(PLACE, 'web1 has no MAC address yet');
  await expect(text).toMatchFileSnapshot('golden/ask-who.ipxe');
});

test('UEFI beside another DHCP server goes on to its next option, since GRUB would ask that server', () => {
  const text = IPXE.localDisk({ ...PLACE, isProxied: true }, 'no install is armed');
  expect(text).not.toContain('grub');
  expect(text).toMatch(/\n:local\/uefi\nexit 1\n$/);
});

test('people get a menu that falls to the local disk', async () => {
  const { text, leftOut } = IPXE.menu(
    menu,
    [debian, { ...centos, name: 'centos-9', title: 'CentOS 9' }],
    PLACE,
  );
  await expect(text).toMatchFileSnapshot('golden/menu.ipxe');
  expect(leftOut).toEqual([]);
});

test('a title is no option of the menu command', () => {
  const titleOf = (title: string): string | undefined =>
    /^menu (.*) \|\| goto local$/m.exec(IPXE.menu({ ...menu, title }, [], PLACE).text)?.[1];
  expect(titleOf('--name x')).toBe('name x');
  expect(titleOf('- -- Hall 3')).toBe('Hall 3');
  expect(titleOf('---')).toBe('Muster');
});

test('a menu waits for ever where the policy says so', () => {
  expect(IPXE.menu({ ...menu, timeoutSeconds: 0 }, [], PLACE).text).toContain(
    '\nchoose --default local chosen',
  );
});

test('where signatures are required, every file is verified before anything starts', () => {
  const lines = IPXE.installer(centos, { ...PLACE, signatures: 'required' }, 'armed').split('\n');
  const at = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  const tree = 'http://192.168.122.1:8080/images/centos-9/images/pxeboot';
  expect(lines).toContain(`imgverify kernel ${tree}/vmlinuz.sig || goto installer/failed`);
  expect(lines).toContain(`imgverify initrd0 ${tree}/initrd.img.sig || goto installer/failed`);
  expect(lines[at('kernel ')]).toMatch(/^kernel --name kernel /);
  expect(at('imgtrust')).toBeLessThan(at('imgverify'));
  expect(at('imgverify initrd0')).toBeLessThan(at('boot '));
  expect(IPXE.installer(centos, PLACE, 'armed')).not.toMatch(/imgverify|imgtrust/);
});

test('a machine whose turn comes later asks again, unless a person wants its own disk', async () => {
  const wait = { because: 'it waits for its turn in wave line, with 3 before it', again: 'boot.ipxe' };
  await expect(IPXE.wait(wait, PLACE)).toMatchFileSnapshot('golden/wait.ipxe');
});

describe('what this language cannot say is refused', () => {
  for (const [what, change, expected] of [
    ['arguments with a setting of iPXE', { arguments: 'x=${net0/mac}' }, /a word of its own/],
    ['arguments with a comment', { arguments: 'x #y' }, /a word of its own/],
    ['arguments that end the command', { arguments: 'x && reboot' }, /a word of its own/],
    ['arguments that go on with the next line', { arguments: 'x=\\' }, /a word of its own/],
    ['arguments with a line break', { arguments: 'quiet\nreboot' }, /no line break/],
    ['arguments the kernel would cut', { arguments: 'x'.repeat(MAX_KERNEL_COMMAND_LINE) }, /keeps 2047/],
  ] as const) {
    test(what, () => {
      expect(() => IPXE.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(RangeError);
      expect(() => IPXE.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(expected);
    });
  }
});

test('no text from outside begins a command', () => {
  const commands =
    /^(?:#!ipxe|menu|item|choose|goto|echo|set|inc|imgfree|kernel|initrd|boot|iseq|imgtrust|imgverify|sanboot|sleep|reboot|exit|isset|:\S+)$/;
  const entry = fc.record({
    name: fc.string(),
    title: anyText,
    kernel: fc.string(),
    initrds: fc.array(fc.string(), { maxLength: 3 }),
    arguments: anyText,
  });
  const own = new Set(['${chosen}', '${platform}', '${tries}', '${buildarch}', '${ip}']);
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), anyText, (entries, title) => {
      const { text, leftOut } = IPXE.menu({ ...menu, title }, entries, PLACE);
      const lines = text.split('\n').slice(0, -1);
      expect(lines.filter((line) => line.startsWith('item '))).toHaveLength(
        1 + entries.length - leftOut.length,
      );
      expect(lines.filter((line) => !commands.test(line.split(' ')[0] ?? ''))).toEqual([]);
      expect(lines.filter((line) => line.endsWith('\\'))).toEqual([]);
      const settings = text.match(/\$\{[^}]*\}/g) ?? [];
      expect(settings.filter((setting) => !own.has(setting))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
