import { describe, expect, test } from 'vitest';
import { kernelCommandLine, MAX_ENVIRONMENT_WORDS, MAX_PLAIN_WORDS } from './kernel-command-line.ts';

test("the installer's words come first, the profile's after them as they stand", () => {
  expect(kernelCommandLine(['ks=http://a/ks.cfg', 'ip=dhcp'], '  console=ttyS0  quiet --- x="a b" ')).toBe(
    'ks=http://a/ks.cfg ip=dhcp console=ttyS0 quiet --- x="a b"',
  );
  expect(kernelCommandLine([], '')).toBe('');
});

describe('what the kernel would take for something else is refused', () => {
  const many = (count: number, word: (number: number) => string): string =>
    Array.from({ length: count }, (_, number) => word(number)).join(' ');
  for (const [name, words, more, because] of [
    ['a space in a word', ['url=http://a b/'], '', /no white space/],
    ['a quote in a word', ['url="x'], '', /no quote/],
    ['an empty word', [''], '', /Cannot put ""/],
    ['a line break', ['a\nb'], '', /no white space/],
    ['a line break in the arguments', [], 'quiet\nappend x', /no line break/],
    ['NUL in the arguments', [], 'quiet\0', /no line break and no other control character/],
    [
      'more than the kernel keeps',
      [],
      `x=${'a'.repeat(2046)}`,
      /would have 2048 bytes, and the kernel keeps 2047/,
    ],
    ['more bytes than the kernel keeps', [], `x=${'é'.repeat(1023)}`, /would have 2048 bytes/],
    [
      'too many for the environment',
      [],
      many(MAX_ENVIRONMENT_WORDS + 1, (n) => `a${n}=1`),
      /28 words of the form/,
    ],
    ['too many plain words', [], many(MAX_PLAIN_WORDS + 1, (n) => `a${n}`), /and 31 others/],
  ] as const) {
    test(name, () => expect(() => kernelCommandLine(words, more)).toThrow(because));
  }

  test('but not the limits themselves, nor parameters of modules', () => {
    expect(kernelCommandLine([], `x=${'a'.repeat(2045)}`)).toHaveLength(2047);
    expect(
      kernelCommandLine(
        [],
        many(100, (n) => `module.p${n}=1`),
      ),
    ).not.toBe('');
    expect(
      kernelCommandLine(
        [],
        many(MAX_ENVIRONMENT_WORDS, (n) => `a${n}=1`),
      ),
    ).not.toBe('');
  });
});
