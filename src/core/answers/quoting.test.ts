import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFilter, type FilterName } from './filters.ts';

const NUL = '\0';

describe('each language gets its own quotes', () => {
  const cases: readonly (readonly [FilterName, string, string])[] = [
    ['ks', 'sda', 'sda'],
    ['ks', 'http://192.168.122.1:8080/images/x', 'http://192.168.122.1:8080/images/x'],
    ['ks', '$6$salt$hash/.', '$6$salt$hash/.'],
    ['ks', '', '""'],
    ['ks', 'a b', '"a b"'],
    ['ks', 'say "hi" \\ $(reboot)', String.raw`"say \"hi\" \\ $(reboot)"`],
    ['ks', '#comment', '"#comment"'],
    ['ks', '%end', '"%end"'],
    ['ks', 'Zürich', '"Zürich"'],
    ['sh', 'a', "'a'"],
    ['sh', '', "''"],
    ['sh', "it's $(reboot) `x`", String.raw`'it'\''s $(reboot) ${'`x`'}'`],
    ['sh', String.raw`printf "a\nb"`, String.raw`'printf "a\''nb"'`],
    ['preseed', 'a  b # $x', 'a  b # $x'],
    ['package', '@^minimal-environment', '@^minimal-environment'],
    ['package', 'libstdc++6:amd64', 'libstdc++6:amd64'],
    ['package', '-firewalld', '-firewalld'],
    ['package', 'vim/bookworm-backports', 'vim/bookworm-backports'],
    ['form', "a b&c=d'é", 'a+b%26c%3Dd%27%C3%A9'],
  ];
  for (const [name, text, expected] of cases) {
    test(`| ${name}: ${JSON.stringify(text)}`, () => {
      expect(applyFilter(name, text)).toEqual({ quoted: true, text: expected });
    });
  }
});

describe('what a language cannot hold is refused with the reason', () => {
  const cases: readonly (readonly [FilterName, string, RegExp])[] = [
    ['ks', 'a\n%post', /line break or NUL, and a kickstart command cannot/],
    ['ks', 'a\rb', /line break/],
    ['ks', 'a\u2028b', /line break/],
    ['ks', `a${NUL}b`, /NUL/],
    ['sh', "x'\nrm -rf /", /line break or NUL, and a shell command/],
    ['preseed', 'a\nd-i preseed/late_command string reboot', /line break or NUL, and a preseed line/],
    ['preseed', 'a\u0085b', /line break/],
    ['preseed', 'ends with \\', /backslash at its end/],
    ['preseed', 'ends with \\  ', /backslash at its end/],
    ['preseed', String.raw`a\nb`, /before an n/],
    ['package', 'vim; reboot', /no name of a package/],
    ['package', '%end', /no name of a package/],
    ['package', '$(reboot)', /no name of a package/],
    ['package', '', /no name of a package/],
    ['form', '\uD800', /not well-formed/],
  ];
  for (const [name, text, because] of cases) {
    test(`| ${name}: ${JSON.stringify(text)}`, () => {
      expect(applyFilter(name, text)).toEqual({ quoted: false, because: expect.stringMatching(because) });
    });
  }
});

const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...`'"\\$\`(){}[]<>|&;#%*?~!=n \t`.split('')),
    fc.string({ unit: 'grapheme', maxLength: 1 }),
  ),
  maxLength: 40,
});

test("| ks comes out of Python's shlex as it went in", () => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const quoted = applyFilter('ks', text);
      if (quoted.quoted)
        expect(splitLikeShlex(`url --x=${quoted.text} # ${text}`)).toEqual(['url', `--x=${text}`]);
    }),
    { numRuns: 5000 },
  );
});

test('| sh comes out of a real shell as it went in', () => {
  const texts = fc.sample(HOSTILE, 2000).filter((text) => applyFilter('sh', text).quoted);
  const script = texts.map((text) => {
    const quoted = applyFilter('sh', text);
    return `printf '%s\\000' ${quoted.quoted ? quoted.text : ''}`;
  });
  const { stdout } = spawnSync('sh', { input: script.join('\n'), encoding: 'utf8' });
  expect(stdout.split(NUL).slice(0, -1)).toEqual(texts);
});

test('nothing that | sh or | preseed gives holds what debconf takes for a line break', () => {
  fc.assert(
    fc.property(HOSTILE, (text) =>
      (['sh', 'preseed'] as const).every((name) => {
        const quoted = applyFilter(name, text);
        return !quoted.quoted || !/\\n|\n|\\\s*$/.test(quoted.text);
      }),
    ),
    { numRuns: 5000 },
  );
});

/** shlex.split(line, comments=True) of Python 3, POSIX mode. */
function splitLikeShlex(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    const next = line[at + 1] ?? '';
    if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && (next === '"' || next === '\\')) {
        word = `${word ?? ''}${next}`;
        at += 1;
      } else word = `${word ?? ''}${letter}`;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === '\\') {
      word = `${word ?? ''}${next}`;
      at += 1;
    } else if (/[ \t\r\n]/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === '#') {
      break;
    } else word = `${word ?? ''}${letter}`;
  }
  if (word !== undefined) words.push(word);
  return words;
}
