import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOfBytes, sourceOfText } from '../../lib/byte-source.ts';
import { encodeNetascii, NetasciiDecoder, netasciiSource } from './netascii.ts';

for (const [what, text, expected] of [
  ['plain text stays', 'abc', 'abc'],
  ['nothing stays nothing', '', ''],
  ['a line end becomes CR LF', 'a\nb\n', 'a\r\nb\r\n'],
  ['a carriage return becomes CR NUL', 'a\rb', 'a\r\0b'],
  ['both of a DOS line end are kept apart', 'a\r\nb', 'a\r\0\r\nb'],
  ['a NUL stays', 'a\0b', 'a\0b'],
] as const) {
  test(`encodeNetascii: ${what}`, () => {
    expect(Buffer.from(encodeNetascii(Buffer.from(text))).toString()).toBe(expected);
  });
}

test('encodeNetascii can be undone', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0x0d, 0x0a, 0x00, 0x41, 0xff)), (bytes) => {
      const encoded = Buffer.from(encodeNetascii(Uint8Array.from(bytes))).toString('latin1');
      const decoded = encoded.replaceAll(/\r([\n\0])/g, (_, second: string) =>
        second === '\n' ? '\n' : '\r',
      );
      expect([...Buffer.from(decoded, 'latin1')]).toEqual(bytes);
    }),
  );
});

test('netasciiSource reads the source once and closes it', async () => {
  let closed = 0;
  const source = { ...sourceOfText('one\ntwo\n'), close: () => Promise.resolve(void (closed += 1)) };
  const text = await netasciiSource(source);
  expect(Buffer.from(await text.read(0, text.size)).toString()).toBe('one\r\ntwo\r\n');
  expect(closed).toBe(1);
});

test('netasciiSource closes a source that cannot be read', async () => {
  let closed = 0;
  const source = {
    ...sourceOfBytes(new Uint8Array(3)),
    read: () => Promise.reject(new Error('the disk is gone')),
    close: () => Promise.resolve(void (closed += 1)),
  };
  await expect(netasciiSource(source)).rejects.toThrow('the disk is gone');
  expect(closed).toBe(1);
});

describe('NetasciiDecoder', () => {
  const decode = (...blocks: string[]): string => {
    const decoder = new NetasciiDecoder();
    const parts = blocks.map((block, index) =>
      decoder.decode(Buffer.from(block), index === blocks.length - 1 ? 'last' : 'more'),
    );
    return Buffer.concat(parts).toString();
  };

  for (const [what, blocks, text] of [
    ['a line end', ['a\r\nb'], 'a\nb'],
    ['a carriage return', ['a\r\0b'], 'a\rb'],
    ['a line end divided between two blocks', ['a\r', '\nb'], 'a\nb'],
    ['a carriage return divided between two blocks', ['a\r', '\0', 'b'], 'a\rb'],
    ['a line end that was sent as it is', ['a\nb'], 'a\nb'],
    ['a carriage return that was sent as it is', ['a\rb', '\r'], 'a\rb\r'],
    ['two carriage returns and a line end', ['\r\r\n'], '\r\n'],
    ['nothing', [''], ''],
  ] as const) {
    test(`gives back ${what}`, () => expect(decode(...blocks)).toBe(text));
  }

  test('undoes what encodeNetascii does, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\r', '\n', '\0'), { maxLength: 40 }),
        fc.nat(80),
        (letters, cut) => {
          const wire = Buffer.from(encodeNetascii(Buffer.from(letters.join('')))).toString();
          expect(decode(wire.slice(0, cut), wire.slice(cut))).toBe(letters.join(''));
        },
      ),
    );
  });
});
