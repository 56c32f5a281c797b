import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOfBytes } from './byte-source.ts';
import { type Patch, patchedSource } from './patched-source.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('any part that is read has the patches in it, and the source stays as it was', async () => {
  const part = fc.record({ offset: fc.nat(60), bytes: fc.uint8Array({ maxLength: 30 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 4 }),
      fc.nat(100),
      fc.nat(100),
      async (patches, offset, length) => {
        const original = Uint8Array.from({ length: 90 }, (_, index) => index);
        const whole = Uint8Array.from(original);
        for (const patch of patches) whole.set(patch.bytes, patch.offset);
        const patched = patchedSource(sourceOfBytes(original), patches);
        expect(await patched.read(offset, length)).toEqual(whole.subarray(offset, offset + length));
        expect(original[89]).toBe(89);
      },
    ),
  );
});

for (const [what, patch] of [
  ['begins before it', { offset: -1, bytes: bytesOf('a') }],
  ['ends behind it', { offset: 9, bytes: bytesOf('ab') }],
] as const satisfies readonly (readonly [string, Patch])[]) {
  test(`a patch that ${what} is refused`, () => {
    expect(() => patchedSource(sourceOfBytes(new Uint8Array(10)), [patch])).toThrow(RangeError);
  });
}
