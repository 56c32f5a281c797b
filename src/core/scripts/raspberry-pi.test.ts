import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { MAX_PI_LINE, piCommandLine, piConfig } from './raspberry-pi.ts';
import type { Installer } from './script-language.ts';

const debian: Installer = {
  kernel: 'images/debian-arm64/install/linux',
  initrds: ['images/debian-arm64/install/initrd.gz'],
  arguments: 'auto=true url=http://192.168.122.1:8080/installs/0123/preseed.cfg --- console=serial0,115200',
};
const BECAUSE = 'install i-1 of profile pi is requested';

test('config.txt is the user’s own, with the kernel of the installer behind it', () => {
  expect(piConfig('# my board\ndtoverlay=disable-bt\n[pi5]\nkernel=other.img', debian, BECAUSE)).toBe(
    [
      '# my board',
      'dtoverlay=disable-bt',
      '[pi5]',
      'kernel=other.img',
      '# Muster: install i-1 of profile pi is requested',
      '[all]',
      'arm_64bit=1',
      'kernel=images/debian-arm64/install/linux',
      'auto_initramfs=0',
      'initramfs images/debian-arm64/install/initrd.gz followkernel',
      'cmdline=cmdline.txt',
      '',
    ].join('\n'),
  );
});

test('several initrds stand in one line, and none in none', () => {
  expect(piConfig('', { ...debian, initrds: ['a', 'b'] }, BECAUSE)).toContain(
    '\ninitramfs a,b followkernel\n',
  );
  expect(piConfig('', { ...debian, initrds: [] }, BECAUSE)).not.toContain('\ninitramfs ');
});

test('cmdline.txt is one line, with the network card', () => {
  expect(piCommandLine(debian, parseMac('e4:5f:01:09:02:f7'))).toBe(
    `${debian.arguments} BOOTIF=01-e4-5f-01-09-02-f7\n`,
  );
  expect(piCommandLine({ ...debian, arguments: ' quiet ' }, undefined)).toBe('quiet\n');
});

describe('what it cannot say is refused', () => {
  for (const [what, change, expected] of [
    ['a space in a name', { kernel: 'images/x/my kernel' }, /without space and comma: rename the file/],
    ['a comma in a name', { initrds: ['a,b'] }, /without space and comma/],
    ['a line that is too long', { kernel: `images/${'x'.repeat(100)}` }, /reads 98 characters of a line/],
  ] as const) {
    test(what, () => expect(() => piConfig('', { ...debian, ...change }, BECAUSE)).toThrow(expected));
  }

  test('a line break in the arguments', () => {
    expect(() => piCommandLine({ ...debian, arguments: 'a\nb' }, undefined)).toThrow(/line break/);
  });
});

test('no text makes a line that is too long, or a second one', () => {
  fc.assert(
    fc.property(anyText, anyText, (kernel, because) => {
      let lines: readonly string[] = [];
      try {
        lines = piConfig('', { ...debian, kernel }, because).split('\n');
      } catch (error) {
        return error instanceof RangeError;
      }
      return lines.length === 8 && lines.every((line) => line.length <= MAX_PI_LINE);
    }),
    { numRuns: 20_000 },
  );
});
