import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { watchedSource } from '../suite/watched-source.ts';
import { openUdf } from './disc.ts';
import { someBytes } from './suite/any-disc.ts';
import { buildUdf } from './suite/build-udf.ts';
import { LIST_AT, namesOf, planOf, SIZE_AT, tamper } from './suite/tampered-disc.ts';
import { resealDescriptor } from './suite/descriptor-bytes.ts';
import type { FilePlan, FolderPlan, NamePlan } from './suite/udf-plan.ts';

const bad: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(5000, 1), someBytes(3000, 2)] };
const good: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(700, 3)] };

describe('a folder', () => {
  /** A disc of which one name was changed to lead to the entry of another node. */
  function misled(names: readonly NamePlan[], inside: FolderPlan, to: object): Uint8Array {
    const built = buildUdf(planOf(names));
    const at = built.entryAt(inside) + LIST_AT;
    // The first name follows that of the parent, which has 40 bytes.
    tamper(built, at + 40, (view) => view.setUint32(24, built.addressOf(to).block, true));
    resealDescriptor(built.image, built.entryAt(inside));
    return built.image;
  }

  test('that is in itself, in one above it, or in two places is left out', async () => {
    const inner: FolderPlan = { kind: 'folder', embedded: true, names: [{ name: 'x', node: good }] };
    const outer: FolderPlan = { kind: 'folder', embedded: true, names: [{ name: 'inner', node: inner }] };
    const other: FolderPlan = { kind: 'folder', names: [{ name: 'y', node: good }] };
    const names = [
      { name: 'outer', node: outer },
      { name: 'other', node: other },
    ];
    for (const to of [inner, outer, other]) {
      const disc = await openUdf(sourceOfBytes(misled(names, inner, to)));
      const above = (await disc.tree.child(disc.tree.root, 'outer'))!;
      const folder = (await disc.tree.child(above, 'inner'))!;
      expect(await disc.tree.entries(folder, 0, 9)).toEqual([]);
      await expect(disc.tree.child(folder, 'x')).rejects.toThrow(/folder of another place/);
    }
  });

  test('whose name leads to the root is left out', async () => {
    const inner: FolderPlan = { kind: 'folder', embedded: true, names: [{ name: 'x', node: good }] };
    const built = buildUdf(planOf([{ name: 'inner', node: inner }]));
    tamper(built, built.entryAt(inner) + LIST_AT + 40, (view) => view.setUint32(24, 2, true));
    resealDescriptor(built.image, built.entryAt(inner));
    const disc = await openUdf(sourceOfBytes(built.image));
    const folder = (await disc.tree.child(disc.tree.root, 'inner'))!;
    await expect(disc.tree.child(folder, 'x')).rejects.toThrow(/back to the root/);
  });

  test('shows no name that means something else in a path, or cannot stand there', async () => {
    const letters = (text: string): number[] => [8, ...Array.from(text, (letter) => letter.charCodeAt(0))];
    const rawNames = [
      ...['', '.', '..', 'a/b', '/', 'a\0b', '\0'].map(letters),
      [],
      [9, 65],
      [16, 0, 0x2f],
      [16, 0x2e, 0x2e],
      [16, 0, 46, 0, 46],
    ];
    const disc = await openUdf(
      sourceOfBytes(
        buildUdf(
          planOf([
            ...rawNames.map((rawName) => ({ name: '', node: good, rawName })),
            { name: 'twice', node: bad },
            { name: 'twice', node: good },
            { name: 'half a pair', node: good, rawName: [16, 0xd8, 0x3d, 0, 65] },
          ]),
        ).image,
      ),
    );
    // Two bytes of 0x2e are one letter, which is none of Latin.
    expect(await namesOf(disc)).toEqual(['\u2E2E', 'twice', '\uFFFDA']);
    expect((await disc.tree.child(disc.tree.root, 'twice'))?.size).toBe(8000);
  });

  test('that says last where it is, and not first, is found nevertheless', async () => {
    const odd: FolderPlan = { kind: 'folder', parentLast: true, names: [{ name: 'x', node: good }] };
    const { tree } = await openUdf(sourceOfBytes(buildUdf(planOf([{ name: 'odd', node: odd }])).image));
    const folder = (await tree.child(tree.root, 'odd'))!;
    expect((await tree.entries(folder, 0, 9)).map(({ name }) => name)).toEqual(['x']);
  });

  test('whose list breaks off is refused as a whole', async () => {
    const broken: FolderPlan = { kind: 'folder', embedded: true, names: [{ name: 'x', node: good }] };
    const built = buildUdf(planOf([{ name: 'broken', node: broken }]));
    const at = built.entryAt(broken) + LIST_AT + 40;
    // The CRC of the entry no longer fits as well, but for that it is sealed again.
    built.image[at + 19] = 200;
    resealDescriptor(built.image, built.entryAt(broken));
    const disc = await openUdf(sourceOfBytes(built.image));
    const folder = (await disc.tree.child(disc.tree.root, 'broken'))!;
    await expect(disc.tree.entries(folder, 0, 9)).rejects.toThrow(DecodeError);
  });

  test('of more bytes than any list of names is refused', async () => {
    const huge: FolderPlan = { kind: 'folder', embedded: true, names: [] };
    const built = buildUdf(planOf([{ name: 'huge', node: huge }]));
    // A hole of a gigabyte behind its parent, as short places of the folder.
    tamper(built, built.entryAt(huge), (view) => {
      view.setUint16(34, 0, true);
      view.setUint32(LIST_AT, 2048, true);
      view.setUint32(LIST_AT + 4, 3, true);
      view.setUint32(LIST_AT + 8, 0xbfff_f800, true);
      view.setBigUint64(SIZE_AT, 2n ** 30n, true);
      view.setUint32(172, 16, true);
    });
    const disc = await openUdf(watchedSource(built.image, 1000, 2 ** 22));
    const { block } = built.addressOf(huge);
    const node = (await disc.tree.byId(block + 1))!;
    await expect(disc.tree.entries(node, 0, 9)).rejects.toThrow(/take 1073741824 bytes/);
  });

  test('of very many names is gone through in steps', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => ({ name: `n${index}`, node: good }));
    const disc = await openUdf(sourceOfBytes(buildUdf(planOf(names)).image));
    let after = 0;
    let seen = 0;
    for (;;) {
      const step = await disc.tree.entries(disc.tree.root, after, 997);
      if (step.length === 0) break;
      for (const { name } of step) expect(name).toBe(`n${seen++}`);
      after = step.at(-1)!.cookie;
    }
    expect(seen).toBe(5_000);
  });
});
