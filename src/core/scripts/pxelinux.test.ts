import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { anyText } from '../../lib/suite/any-text.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import { MAX_KERNEL_COMMAND_LINE } from './kernel-arguments.ts';
import { MAX_CONFIG_LINE, MAX_TFTP_PATH, PXELINUX } from './pxelinux.ts';
import { type Installer, MAX_MENU_ENTRIES, type MenuEntry } from './script-language.ts';

const PLACE = { address: parseIpv4('192.168.122.1'), httpPort: 8080, folder: '', menuModule: 'menu.c32' };
const inFolder = (folder: string) => ({ ...PLACE, folder });
const WITHOUT_MODULE = { ...PLACE, menuModule: undefined };

const centos: Installer = {
  kernel: 'images/centos-6.3/isolinux/vmlinuz',
  initrds: ['images/centos-6.3/isolinux/initrd.img'],
  arguments: 'ks=http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/ks.cfg ksdevice=bootif',
};
const debian: MenuEntry = {
  name: 'debian-12',
  title: 'Debian 12 (x86_64)',
  kernel: 'images/debian-12/linux',
  initrds: ['images/debian-12/initrd.gz', 'images/debian-12/firmware.cpio.gz'],
  arguments: '',
};
const menu = DEFAULT_POLICY.menu;

test('an armed machine gets its installer at once', async () => {
  const text = PXELINUX.installer(centos, PLACE, 'install i-0123456789ab of profile web is requested');
  await expect(text).toMatchFileSnapshot('golden/installer.cfg');
});

test('a machine without an armed install gets its own disk', async () => {
  await expect(PXELINUX.localDisk(PLACE, 'no install was ever armed for web01')).toMatchFileSnapshot(
    'golden/local-disk.cfg',
  );
});

test('people get a menu that falls to the local disk', async () => {
  const { text, leftOut } = PXELINUX.menu(
    menu,
    [debian, { ...centos, name: 'centos-6.3', title: 'CentOS 6.3' }],
    PLACE,
  );
  await expect(text).toMatchFileSnapshot('golden/menu.cfg');
  expect(leftOut).toEqual([]);
});

test('without the menu module people type a label', async () => {
  await expect(PXELINUX.menu(menu, [debian], WITHOUT_MODULE).text).toMatchFileSnapshot('golden/prompt.cfg');
});

test('a policy may make an image the default, and may wait for ever', async () => {
  const { text } = PXELINUX.menu({ ...menu, default: 'debian-12', timeoutSeconds: 0 }, [debian], PLACE);
  await expect(text).toMatchFileSnapshot('golden/menu-waits.cfg');
});

test('a default that is not in the menu is the local disk', () => {
  expect(PXELINUX.menu({ ...menu, default: 'gone' }, [debian], PLACE).text).toContain('ontimeout local\n');
});

test('a pxelinux that has read its configuration often is started anew', () => {
  const text = PXELINUX.wait({ because: 'x', again: 'pxelinux.cfg/default', anew: 'pxelinux.0' }, PLACE);
  expect(text).toContain('label wait\n  pxe pxelinux.0\n');
});

test('a machine whose turn comes later asks again, unless a person wants its own disk', async () => {
  const wait = {
    because: 'it waits for its turn in wave line, with 3 before it',
    again: 'pxelinux.cfg/01-52-54-00-12-34-56',
  };
  await expect(PXELINUX.wait(wait, PLACE)).toMatchFileSnapshot('golden/wait.cfg');
});

describe('a time-out in tenths of a second', () => {
  for (const [seconds, line] of [
    [10, 'timeout 100'],
    [0.5, 'timeout 5'],
    [0.01, 'timeout 1'],
    [999_999, 'timeout 35990'],
  ] as const) {
    test(`${seconds} s is "${line}"`, () => {
      expect(PXELINUX.menu({ ...menu, timeoutSeconds: seconds }, [], PLACE).text).toContain(`${line}\n`);
    });
  }
});

describe('what this language cannot say is refused', () => {
  for (const [what, change, expected] of [
    ['a kernel name with a space', { kernel: 'images/x/my kernel' }, /without space, comma/],
    ['an initrd name with a comma', { initrds: ['images/x/a,b'] }, /without space, comma/],
    ['a kernel name that names a server', { kernel: '10.0.0.1::vmlinuz' }, /colon/],
    ['a kernel name with a line break', { kernel: 'a\nlocalboot' }, /printable ASCII/],
    ['an empty kernel name', { kernel: '' }, /printable ASCII/],
    ['a name longer than pxelinux asks for', { kernel: 'k'.repeat(MAX_TFTP_PATH + 1) }, /127 at most/],
    ['arguments with a line break', { arguments: 'quiet\nlabel evil' }, /no line break/],
    ['arguments with a NUL', { arguments: 'quiet\0' }, /no line break/],
    ['a lone "-"', { arguments: ' - ' }, /lone "-"/],
    ['arguments the kernel would cut', { arguments: 'x'.repeat(MAX_KERNEL_COMMAND_LINE) }, /keeps 2047/],
  ] as const) {
    test(what, () => {
      expect(() => PXELINUX.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(RangeError);
      expect(() => PXELINUX.installer({ ...centos, ...change }, PLACE, 'armed')).toThrow(expected);
    });
  }
});

test('a name is too long with the folder that the loader puts before it', () => {
  const longest = { ...centos, kernel: 'k'.repeat(MAX_TFTP_PATH) };
  expect(PXELINUX.installer(longest, PLACE, '')).toContain(longest.kernel);
  expect(() => PXELINUX.installer(longest, inFolder('/'), '')).toThrow(/has 128 char/);
});

test('the longest command line that the kernel keeps goes through', () => {
  const fixed = `BOOT_IMAGE=k  initrd=i BOOTIF=01-52-54-00-12-34-56`.length;
  const short = { kernel: 'k', initrds: ['i'] };
  const most = 'x'.repeat(MAX_KERNEL_COMMAND_LINE - fixed);
  expect(PXELINUX.installer({ ...short, arguments: most }, PLACE, '')).toContain(most);
  expect(() => PXELINUX.installer({ ...short, arguments: `${most}x` }, PLACE, '')).toThrow(/2048 bytes/);
});

test('an image that cannot be said is left out of the menu, and the others stay', () => {
  const { text, leftOut } = PXELINUX.menu(menu, [{ ...debian, name: 'local' }, debian], PLACE);
  expect(leftOut).toEqual([{ name: 'local', because: expect.stringContaining('not "local"') }]);
  expect(text.match(/^label .*/gm)).toEqual(['label local', 'label debian-12']);
});

test('a menu has a limit', () => {
  const many = Array.from({ length: MAX_MENU_ENTRIES + 2 }, (_, index) => ({ ...debian, name: `d${index}` }));
  const { text, leftOut } = PXELINUX.menu(menu, many, PLACE);
  expect(text.match(/^label /gm)).toHaveLength(MAX_MENU_ENTRIES + 1);
  expect(leftOut).toHaveLength(2);
});

test('words for people are made to fit: accents, hot-key marks, line breaks', () => {
  const { text } = PXELINUX.menu({ ...menu, title: 'Büro\n^Süd →' }, [], PLACE);
  expect(text).toContain('menu title Buro Sud ?\n');
});

test('no text from outside adds a line that pxelinux would read', () => {
  const keywords = new Set(
    'ui say prompt default timeout ontimeout  menu label linux initrd append ipappend localboot'.split(' '),
  );
  const entry = fc.record({
    name: fc.string(),
    title: anyText,
    kernel: fc.string(),
    initrds: fc.array(fc.string(), { maxLength: 3 }),
    arguments: anyText,
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), anyText, (entries, words) => {
      const { text, leftOut } = PXELINUX.menu({ ...menu, title: words }, entries, PLACE);
      const lines = text.split('\n').slice(0, -1);
      expect(lines.filter((line) => line.startsWith('label '))).toHaveLength(
        1 + entries.length - leftOut.length,
      );
      const others = lines.filter((line) => !keywords.has(line.trim().split(' ')[0] ?? ''));
      const long = lines.filter((line) => Buffer.byteLength(line) > MAX_CONFIG_LINE);
      expect({ others, long }).toEqual({ others: [], long: [] });
    }),
    { numRuns: 500 },
  );
});
