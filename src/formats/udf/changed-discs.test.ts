import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { watchedSource } from '../suite/watched-source.ts';
import { openUdf } from './disc.ts';
import { discOfEverything } from './suite/any-disc.ts';
import { buildUdf } from './suite/build-udf.ts';
import { resealDescriptor } from './suite/descriptor-bytes.ts';
import { PLAIN } from './suite/tampered-disc.ts';

describe('whatever is changed on a disc', () => {
  for (const disc of [
    PLAIN,
    { revision: 0x0250, blockBytes: 512, entries: 'extended', metadata: 'scattered partition' },
  ] as const) {
    const { image } = buildUdf(discOfEverything(disc).plan);
    const used = placesOfDescriptors(image, disc.blockBytes);

    test(`it is read or refused with a reason, in few reads (metadata: ${disc.metadata})`, async () => {
      const change = fc.record({ place: fc.nat(used.length - 1), value: fc.nat(255), reseal: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
          const changed = image.slice();
          for (const { place, value, reseal } of changes) {
            const at = used[place]!;
            changed[at] = value;
            if (reseal) resealAround(changed, at, disc.blockBytes);
          }
          await readAll(changed);
        }),
        { numRuns: 200 },
      );
    });
  }
});

/** Bytes that are not zero, in blocks that begin with a tag: what is in files is not read by anybody. */
function placesOfDescriptors(image: Uint8Array, blockBytes: number): readonly number[] {
  return Array.from(image.keys()).filter((at) => {
    const start = Math.floor(at / blockBytes) * blockBytes;
    return image[at] !== 0 && (image[start + 2] === 2 || image[start + 2] === 3) && image[start + 3] === 0;
  });
}

/** What is at the beginning of the block has a tag that fits again. */
function resealAround(image: Uint8Array, at: number, blockBytes: number): void {
  const start = Math.floor(at / blockBytes) * blockBytes;
  const crcBytes = image[start + 10]! + image[start + 11]! * 256;
  if (crcBytes <= blockBytes - 16) resealDescriptor(image, start);
}

/** Goes through all there is, a hundred levels deep at most, and reads the beginning of each file. */
async function readAll(image: Uint8Array): Promise<void> {
  try {
    const { tree } = await openUdf(watchedSource(image, 20_000, 2 ** 26));
    const folders = [tree.root];
    for (let at = 0; at < folders.length; at += 1) {
      expect(at).toBeLessThan(100);
      try {
        for (const { node } of await tree.entries(folders[at]!, 0, 200)) {
          if (node.kind === 'folder') folders.push(node);
          if (node.kind === 'link') await tree.target(node);
          if (node.kind === 'file') await (await tree.open(node)).read(0, 4096);
          await tree.parent(node);
          await tree.byId(node.id);
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}
