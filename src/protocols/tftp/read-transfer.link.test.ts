import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CLIENT_TIMEOUT_MS,
  play,
  type Fault,
  type Manner,
  type Result,
  type Scene,
} from './simulated-link.ts';

const LONGEST_FILE = 8 * 131_072;
const pattern = new Uint8Array(LONGEST_FILE).map((_, index) => (index * 31 + (index >>> 8) * 17) & 0xff);

function file(size: number): Uint8Array {
  return pattern.subarray(0, size);
}

/** @param windowsPerFault what one fault may cost; anything that went on doubling would soon be above it. */
function expectWhole(scene: Scene, result: Result, windowsPerFault: number): void {
  expect(result.end).toMatchObject({ do: 'finish', outcome: 'sent' });
  expect(Buffer.compare(result.received, scene.bytes)).toBe(0);
  const blocks = Math.floor(scene.bytes.length / scene.blockBytes) + 1;
  const most = blocks + result.faults * windowsPerFault * scene.windowBlocks;
  expect(result.dataPackets).toBeLessThanOrEqual(most);
  expect(result.ackPackets).toBeLessThanOrEqual(most + 1 + result.endMs / CLIENT_TIMEOUT_MS);
}

const calm: Omit<Scene, 'bytes'> = {
  blockBytes: 8,
  windowBlocks: 1,
  begins: 'OACK',
  manner: 'once',
  roundTripMs: 1,
  fault: () => undefined,
};

describe('one fault on every position', () => {
  for (const windowBlocks of [1, 2, 3, 4, 7, 16]) {
    for (const manner of ['once', 'each time'] as const) {
      test(`windows of ${windowBlocks}, a client that tells a gap ${manner}`, async () => {
        for (const size of [0, 1, 8 * windowBlocks - 1, 8 * windowBlocks, 8 * (2 * windowBlocks + 1) + 3]) {
          const scene = { ...calm, bytes: file(size), windowBlocks, manner };
          const undisturbed = await play(scene);
          expectWhole(scene, undisturbed, 0);
          expect(undisturbed.retransmissions).toBe(0);
          const positions = undisturbed.dataPackets + undisturbed.ackPackets + 1;
          for (let position = 0; position < positions; position += 1) {
            for (const fault of ['lose', 'double', 'delay'] as const) {
              const faulty = { ...scene, fault: (at: number) => (at === position ? fault : undefined) };
              expectWhole(faulty, await play(faulty), 1);
            }
          }
        }
      });
    }
  }

  test('in lock step a doubled packet never makes the server send more (the Sorcerer’s Apprentice)', async () => {
    const scene = { ...calm, bytes: file(803), manner: 'each time' as const };
    for (let position = 0; position < 204; position += 1) {
      const { dataPackets } = await play({
        ...scene,
        fault: (at) => (at === position ? 'double' : undefined),
      });
      expect(dataPackets).toBe(101);
    }
  });

  test('the loss of any block in a window costs far less than a second', async () => {
    const scene = { ...calm, bytes: file(8 * 64 + 1), windowBlocks: 16, manner: 'each time' as const };
    for (let position = 3; position < 40; position += 1) {
      const { endMs } = await play({ ...scene, fault: (at) => (at === position ? 'lose' : undefined) });
      expect(endMs).toBeLessThan(60);
    }
  });
});

describe('any faults', () => {
  /** Losses between two advances of the client; one more attempt than this is made for the end of a file. */
  const LOSSES_IN_A_ROW = 3;

  function faults(list: readonly (Fault | undefined)[]): Scene['fault'] {
    let at = -1;
    let losses = 0;
    return (position, acknowledged) => {
      if (acknowledged !== at) losses = 0;
      at = acknowledged;
      const fault = list[position % list.length];
      if (fault !== 'lose') return fault;
      losses += 1;
      return losses <= LOSSES_IN_A_ROW ? 'lose' : undefined;
    };
  }

  const fault = fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Fault>('lose', 'double', 'delay') },
  );
  const scenes = fc
    .record({
      blocks: fc.nat(120),
      extra: fc.constantFrom(-1, 0, 1, 7),
      blockBytes: fc.constantFrom(8, 9, 512),
      windowBlocks: fc.integer({ min: 1, max: 16 }),
      manner: fc.constantFrom<Manner>('once', 'each time'),
      roundTripMs: fc.constantFrom(0.2, 2, 30, 200),
      list: fc.array(fault, { minLength: 1, maxLength: 300 }),
    })
    .map(({ blocks, extra, list, ...rest }) => {
      const scene = { ...calm, ...rest, bytes: file(Math.max(0, blocks * rest.blockBytes + extra)) };
      return { scene, list };
    });

  test('end with equal bytes and a bounded number of packets', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ scene, list }) => {
        const faulty = { ...scene, fault: faults(list) };
        expectWhole(faulty, await play(faulty), 2);
      }),
      { numRuns: 600 },
    );
  });

  test('around the wrap of block numbers too', async () => {
    const bytes = file(8 * 65_580 + 3);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(5, 16),
        fc.array(fault, { minLength: 20, maxLength: 200 }),
        async (windowBlocks, list) => {
          const near = faults(list);
          const scene: Scene = {
            ...calm,
            bytes,
            windowBlocks,
            // The server has everything up to a little before block 65,536 acknowledged.
            fault: (position, acknowledged) =>
              acknowledged > 8 * 65_500 ? near(position, acknowledged) : undefined,
          };
          expectWhole(scene, await play(scene), 2);
        },
      ),
      { numRuns: 4 },
    );
  });

  for (const [windowBlocks, size] of [
    [1, 8 * 65_535],
    [1, 8 * 65_536 - 1],
    [16, LONGEST_FILE],
  ] as const) {
    test(`a file of ${size} bytes in blocks of 8 and windows of ${windowBlocks}, a fault at every 97th packet`, async () => {
      const kinds = ['lose', 'double', 'delay'] as const;
      const fault = (at: number): Fault | undefined => (at % 97 === 96 ? kinds[at % 3] : undefined);
      const scene: Scene = { ...calm, bytes: file(size), windowBlocks, fault };
      expectWhole(scene, await play(scene), 2);
    });
  }
});

test('a client that is gone costs a bounded number of packets', async () => {
  const scene: Scene = {
    ...calm,
    bytes: file(8 * 100),
    windowBlocks: 16,
    fault: (position) => (position > 30 ? 'lose' : undefined),
  };
  const { end, dataPackets } = await play(scene);
  expect(end).toMatchObject({ do: 'abort' });
  // Waits of 30 ms, doubled up to 8 s, in 31 s.
  expect(dataPackets).toBeLessThan(16 * 14);
});
