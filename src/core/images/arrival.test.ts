import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrivalName, chooseFileName, lastPartOf } from './arrival.ts';

describe('the file of a disc image on its way is called', () => {
  for (const [offered, image, expected] of [
    ['debian-13.1.0-amd64-netinst.iso', undefined, 'debian-13.1.0-amd64-netinst.iso'],
    ['Fedora Server (x86_64).ISO', undefined, 'Fedora Server (x86_64).ISO'],
    ['stick.img', 'mine', 'stick.img'],
    ['download', 'mine', 'mine.iso'],
    ['', 'mine', 'mine.iso'],
    ['../x.iso', 'mine', 'mine.iso'],
    [`${'x'.repeat(300)}.iso`, 'mine', 'mine.iso'],
  ] as const) {
    test(`${expected}, of "${offered.slice(0, 40)}"`, () => {
      expect(chooseFileName(offered, image)).toEqual({ named: true, fileName: expected });
    });
  }
});

for (const offered of ['', 'download', '../x.iso', '.x.iso', 'a/b.iso', 'x.iso.part', 'x\n.iso', 'x\0.iso'])
  test(`${JSON.stringify(offered)} is no name of a disc image`, () => {
    expect(chooseFileName(offered, undefined)).toMatchObject({ named: false });
  });

test('no name leads out of the folder', () => {
  fc.assert(
    fc.property(fc.string(), (offered) => {
      const named = chooseFileName(offered, undefined);
      return !named.named || !/[/\0]|^\./.test(named.fileName);
    }),
  );
});

for (const [url, expected] of [
  ['https://a/b/x.iso?mirror=1#part', 'x.iso'],
  ['https://a/Fedora%20Server.iso', 'Fedora Server.iso'],
  ['https://a/100%.iso', '100%.iso'],
  ['https://a/b/', ''],
  ['https://a/%2e%2e%2fx.iso', '../x.iso'],
] as const)
  test(`the last part of ${url} is "${expected}"`, () => expect(lastPartOf(url)).toBe(expected));

test('an arrival has a name that fits into a URL', () => {
  expect(arrivalName('Fedora Server (x86_64).ISO')).toBe('fedora-server-x86_64');
  fc.assert(fc.property(fc.string(), (text) => /^(?:[a-z0-9][a-z0-9._-]{0,63})?$/.test(arrivalName(text))));
});
