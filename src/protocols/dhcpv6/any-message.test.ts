import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodePacket, encodePacket } from './message.ts';
import { Options } from './options.ts';
import { edk2Asks, ipxeAsks, relayLayer } from './suite/packets.ts';

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .tuple(
      fc.constantFrom(
        ...[edk2Asks('http'), ipxeAsks('SOLICIT'), edk2Asks('pxe', { relays: [relayLayer()] })].map(
          encodePacket,
        ),
      ),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.nat(),
    )
    .map(([packet, changes, cut]) => {
      const bytes = Uint8Array.from(packet);
      for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
      return cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
    }),
);

test('whatever comes is read or refused with a reason, and nothing else happens', () => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      try {
        const packet = decodePacket(bytes);
        for (const row of Object.values(Options)) packet.message.options.all<unknown>(row);
        taken += 1;
      } catch (error) {
        if (!(error instanceof DecodeError) || error.message === '') throw error;
        refused += 1;
      }
    }),
    { numRuns: 100_000 },
  );
  expect(taken).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
}, 60_000);
