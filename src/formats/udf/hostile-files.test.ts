import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { watchedSource } from '../suite/watched-source.ts';
import { openUdf } from './disc.ts';
import { someBytes } from './suite/any-disc.ts';
import { buildUdf } from './suite/build-udf.ts';
import { LIST_AT, namesOf, PLAIN, planOf, SIZE_AT, tamper } from './suite/tampered-disc.ts';
import type { FilePlan } from './suite/udf-plan.ts';

const bad: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(5000, 1), someBytes(3000, 2)] };
const good: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(700, 3)] };

describe('a file that cannot be is left out, and the others are there', () => {
  const cases: readonly (readonly [what: string, change: (view: DataView) => void, because: RegExp])[] = [
    [
      'a size that no disc has',
      (view) => view.setBigUint64(SIZE_AT, 2n ** 63n, true),
      /larger than any disc/,
    ],
    [
      'more bytes than places',
      (view) => view.setBigUint64(SIZE_AT, 8001n, true),
      /8001 bytes has places for 8000/,
    ],
    [
      'a place behind its partition',
      (view) => view.setUint32(LIST_AT + 4, 2 ** 31, true),
      /behind the end of partition 0/,
    ],
    ['a place in no partition', (view) => view.setUint16(LIST_AT + 8, 7, true), /no partition 7/],
    ['a list longer than its entry', (view) => view.setUint32(172, 5000, true), /bytes were expected/],
    [
      'attributes longer than its entry',
      (view) => view.setUint32(168, 2 ** 32 - 1, true),
      /bytes were expected/,
    ],
    ['places in an unknown form', (view) => view.setUint16(34, 5, true), /unknown form/],
    [
      'its bytes in its entry, which are not there',
      (view) => view.setUint16(34, 3, true),
      /8000 bytes has 32 in its entry/,
    ],
    ['a strategy of discs that are written once', (view) => view.setUint16(20, 4096, true), /strategy 4096/],
    ['an unknown strategy', (view) => view.setUint16(20, 5, true), /strategy 5/],
    ['a type that is no file', (view) => view.setUint8(27, 6), /type 6/],
    ['the entry of another block', (view) => view.setUint32(12, 1, true), /block 1 stands in block/],
    ['the tag of another version', (view) => view.setUint16(2, 4, true), /version 4/],
    ['the tag of another descriptor', (view) => view.setUint16(0, 256, true), /kind 256/],
    ['a CRC over more than its block', (view) => view.setUint16(10, 60_000, true), /CRC|sum/],
  ];
  for (const [what, change, because] of cases) {
    test(what, async () => {
      const built = buildUdf(
        planOf([
          { name: 'bad', node: bad },
          { name: 'good', node: good },
        ]),
      );
      const at = built.entryAt(bad);
      if (what === 'a CRC over more than its block') change(new DataView(built.image.buffer, at));
      else tamper(built, at, change);
      const disc = await openUdf(sourceOfBytes(built.image));
      expect(await namesOf(disc)).toEqual(['good']);
      const refused = disc.tree.child(disc.tree.root, 'bad');
      await expect(refused).rejects.toThrow(DecodeError);
      await expect(refused).rejects.toThrow(because);
    });
  }

  test('a single wrong bit in its entry', async () => {
    const built = buildUdf(planOf([{ name: 'bad', node: bad }]));
    built.image[built.entryAt(bad) + 100]! ^= 1;
    const disc = await openUdf(sourceOfBytes(built.image));
    await expect(disc.tree.child(disc.tree.root, 'bad')).rejects.toThrow(/wrong CRC/);
  });

  test('bytes that were packed', async () => {
    const packed: FilePlan = { ...bad, placed: 'extended' };
    const built = buildUdf(planOf([{ name: 'packed', node: packed }]));
    tamper(built, built.entryAt(packed), (view) => view.setUint32(LIST_AT + 4, 100, true));
    const disc = await openUdf(sourceOfBytes(built.image));
    await expect(disc.tree.child(disc.tree.root, 'packed')).rejects.toThrow(/packed in a way/);
  });

  test('bytes behind the end of an image that was cut off', async () => {
    const last: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(9000, 4)] };
    const names = [
      { name: 'good', node: good },
      { name: 'cut', node: last },
    ];
    // The names of the root are in its entry, since else they would be cut off too.
    const { image } = buildUdf({ ...PLAIN, root: { kind: 'folder', embedded: true, names } });
    const disc = await openUdf(sourceOfBytes(image.subarray(0, -3 * 2048)));
    expect(await namesOf(disc)).toEqual(['good']);
    await expect(disc.tree.child(disc.tree.root, 'cut')).rejects.toThrow(/behind the end of the image/);
  });
});

describe('lists that go on without end', () => {
  test('a list that leads to itself', async () => {
    const looping: FilePlan = {
      ...bad,
      parts: [someBytes(2048, 1), someBytes(2048, 2), someBytes(5, 3)],
      listed: 1,
    };
    const built = buildUdf(planOf([{ name: 'loop', node: looping }]));
    const at = built.entryAt(looping);
    const view = new DataView(built.image.buffer);
    const listAt = (272 + view.getUint32(at + LIST_AT + 16 + 4, true)) * 2048;
    // Of no bytes but the next list, which is this one.
    tamper(built, listAt, (list) => {
      list.setUint32(20, 16, true);
      list.setUint32(24, 0xc000_0800, true);
      list.setUint32(28, list.getUint32(12, true), true);
    });
    const disc = await openUdf(watchedSource(built.image, 3000, 2 ** 24));
    await expect(disc.tree.child(disc.tree.root, 'loop')).rejects.toThrow(/goes on more than 1024 times/);
  });

  test('the same bytes again and again', async () => {
    const places = Array.from({ length: 100 }, () => someBytes(2048, 1));
    const again: FilePlan = { kind: 'file', placed: 'long', parts: places };
    const built = buildUdf(planOf([{ name: 'again', node: again }]));
    tamper(built, built.entryAt(again), (view) => {
      for (let index = 0; index < 100; index += 1) {
        view.setUint32(LIST_AT + index * 16, 100 * 2048, true);
        view.setUint32(LIST_AT + index * 16 + 4, view.getUint32(LIST_AT + 4, true), true);
      }
      view.setBigUint64(SIZE_AT, 100n * 100n * 2048n, true);
    });
    const disc = await openUdf(sourceOfBytes(built.image));
    await expect(disc.tree.child(disc.tree.root, 'again')).rejects.toThrow(/more bytes than the image/);
  });

  test('a hole of many terabytes is read without taking any memory', async () => {
    const hole: FilePlan = {
      kind: 'file',
      placed: 'long',
      parts: Array.from({ length: 100 }, () => 2 ** 30 - 2048),
    };
    const disc = await openUdf(sourceOfBytes(buildUdf(planOf([{ name: 'hole', node: hole }])).image));
    const node = (await disc.tree.child(disc.tree.root, 'hole'))!;
    const source = await disc.tree.open(node);
    expect(source.size).toBe(100 * (2 ** 30 - 2048));
    expect(await source.read(2 ** 36, 4)).toEqual(new Uint8Array(4));
  });
});
