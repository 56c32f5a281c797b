import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from './byte-source.ts';
import { joinSources } from './joined-source.ts';

test('any part of the whole is that of its pieces, with zeros between', async () => {
  const piece = fc.record({ gap: fc.nat(20), bytes: fc.uint8Array({ maxLength: 30 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 6 }),
      fc.nat(20),
      fc.nat(200),
      fc.nat(200),
      async (pieces, rest, offset, length) => {
        let end = 0;
        const placed = pieces.map(({ gap, bytes }) => {
          const at = end + gap;
          end = at + bytes.length;
          return { offset: at, bytes };
        });
        const whole = new Uint8Array(end + rest);
        for (const { offset: at, bytes } of placed) whole.set(bytes, at);
        const joined = joinSources(
          whole.length,
          placed.map(({ offset: at, bytes }) => ({ offset: at, source: inSmallParts(bytes) })),
        );
        expect(await joined.read(offset, length)).toEqual(whole.slice(offset, offset + length));
      },
    ),
  );
});

test('a piece that ends too soon is an error, and closing closes all', async () => {
  const closed: string[] = [];
  const short = (name: string): ByteSource => ({
    size: 10,
    read: () => Promise.resolve(new Uint8Array()),
    close: () => Promise.resolve(void closed.push(name)),
  });
  const joined = joinSources(20, [
    { offset: 0, source: short('one') },
    { offset: 10, source: short('other') },
  ]);
  await expect(joined.read(5, 10)).rejects.toThrow(RangeError);
  await joined.close();
  expect(closed).toEqual(['one', 'other']);
});

/** Gives seven bytes at most, as a file of a slow disk may. */
function inSmallParts(bytes: Uint8Array): ByteSource {
  const source = sourceOfBytes(bytes);
  return { ...source, read: (offset, length) => source.read(offset, Math.min(length, 7)) };
}
