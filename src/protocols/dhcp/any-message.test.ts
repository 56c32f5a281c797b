import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { withoutStacks } from '../../lib/suite/without-stacks.ts';
import { decodeMessage, OPTIONS_OFFSET } from './message.ts';
import { Options } from './options.ts';
import { readBootItem } from './pxe.ts';
import { GOLDEN_PACKETS } from './suite/packets.ts';

/** The house rule for each decoder. */
const FUZZ_CASES = 100_000;

/** Bytes that look random and are the same for the same seed; made in a loop, since generated arrays are slow. */
function noise(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let at = 0; at < length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}

/** A real packet with some bytes changed and cut, the same with noise for options, or noise alone. */
const mutation = fc
  .record({
    packet: fc.nat({ max: GOLDEN_PACKETS.length - 1 }),
    seed: fc.nat(),
    kind: fc.constantFrom('bytes', 'options', 'overloaded', 'noise'),
    patches: fc.array(fc.tuple(fc.nat({ max: 599 }), fc.nat({ max: 255 })), { maxLength: 6 }),
    length: fc.nat({ max: 700 }),
  })
  .map(({ packet, seed, kind, patches, length }) => {
    if (kind === 'noise') return noise(seed, length);
    const bytes = GOLDEN_PACKETS[packet]!.bytes.slice();
    if (kind === 'options') bytes.set(noise(seed, bytes.length - OPTIONS_OFFSET), OPTIONS_OFFSET);
    if (kind === 'overloaded') {
      bytes.set(noise(seed, OPTIONS_OFFSET - 4 - 44), 44);
      bytes.set([52, 1, 1 + (seed % 3), 255], OPTIONS_OFFSET);
    }
    for (const [offset, value] of patches) if (offset < bytes.length) bytes[offset] = value;
    return length % 2 === 0 ? bytes : bytes.subarray(0, length);
  });

test(`decodeMessage throws nothing but DecodeError, in ${FUZZ_CASES} mutations of real packets and of noise`, () => {
  let decoded = 0;
  let refused = 0;
  const holds = fc.property(mutation, (bytes) => {
    try {
      const message = decodeMessage(bytes);
      for (const row of Object.values(Options)) message.options.get<unknown>(row);
      decoded += 1;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refused += 1;
    }
  });
  withoutStacks(() => fc.assert(holds, { numRuns: FUZZ_CASES }));
  // Both happen often, or the generator would not reach the code behind the header.
  expect(Math.min(decoded, refused)).toBeGreaterThan(FUZZ_CASES / 20);
});

test(`a boot item has four bytes or is none, in ${FUZZ_CASES} cases`, () => {
  // Codes and lengths that make sense now and then, so that items are found.
  const octet = fc.oneof(fc.constantFrom(71, 4, 0, 0x80, 255), fc.integer({ min: 0, max: 255 }));
  let found = 0;
  const holds = fc.property(fc.array(octet, { maxLength: 12 }), (octets) => {
    const item = readBootItem(Uint8Array.from(octets));
    if (item === undefined) return true;
    found += 1;
    return item.length === 4;
  });
  fc.assert(holds, { numRuns: FUZZ_CASES });
  expect(found).toBeGreaterThan(0);
});
