import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseExport, namesOfPath, walkTo } from './exports.ts';
import { LinkTo, MemoryTree } from './suite/memory-tree.ts';

describe('namesOfPath', () => {
  for (const [path, expected] of [
    ['/images/debian', ['images', 'debian']],
    ['/images/debian/', ['images', 'debian']],
    ['//images///debian//', ['images', 'debian']],
    ['/images/./debian/.', ['images', 'debian']],
    ['images/debian', ['images', 'debian']],
    ['/', []],
    ['', []],
  ] as const) {
    test(`"${path}"`, () => expect(namesOfPath(path)).toEqual(expected));
  }
});

describe('chooseExport', () => {
  const names = ['/images/debian', '/images/debian/pool', '/images/ubuntu 24.04'];
  for (const [path, expected] of [
    ['/images/debian', { name: '/images/debian', below: [] }],
    ['/images/debian/dists/stable', { name: '/images/debian', below: ['dists', 'stable'] }],
    ['/images/debian/pool', { name: '/images/debian/pool', below: [] }],
    ['/images/debian/pool/main', { name: '/images/debian/pool', below: ['main'] }],
    ['/images/debian/pools', { name: '/images/debian', below: ['pools'] }],
    ['/images/ubuntu 24.04/', { name: '/images/ubuntu 24.04', below: [] }],
    ['/images/debian2', undefined],
    ['/images', undefined],
    ['/', undefined],
    ['/images/../images/debian', undefined],
  ] as const) {
    test(path, () => expect(chooseExport(names, namesOfPath(path))).toEqual(expected));
  }

  test('an export called / has all that no other has', () =>
    expect(chooseExport(['/', '/a'], ['b'])).toEqual({ name: '/', below: ['b'] }));
});

describe('walkTo', () => {
  const tree = new MemoryTree({
    dists: { bookworm: { Release: Uint8Array.of(1) }, stable: new LinkTo('bookworm') },
    up: new LinkTo('../../../../dists'),
    absolute: new LinkTo('/dists/stable'),
    'to what is not here': new LinkTo('/etc'),
    circle: new LinkTo('circle'),
    ping: new LinkTo('pong'),
    pong: new LinkTo('ping/ping'),
    broken: new LinkTo('nothing/here'),
    empty: new LinkTo(''),
    iso: Uint8Array.of(1),
  });

  for (const [path, expected] of [
    ['', '/'],
    ['dists', '/dists'],
    ['dists/bookworm', '/dists/bookworm'],
    ['dists/stable', '/dists/bookworm'],
    ['dists/..', '/'],
    // As U-Boot asks for what a link leads to.
    ['dists/bookworm/../bookworm', '/dists/bookworm'],
    ['../../../..', '/'],
    ['up/bookworm', '/dists/bookworm'],
    ['empty', '/'],
    // From the root of the export, as every door of a tree has it.
    ['absolute', '/dists/bookworm'],
  ] as const) {
    test(`"${path}" leads to ${expected}`, async () =>
      expect(
        await walkTo(
          tree,
          path.split('/').filter((name) => name !== ''),
        ),
      ).toEqual({
        found: true,
        node: tree.at(expected),
      }));
  }

  for (const [path, why, because] of [
    ['nothing', 'not there', /no such file/],
    ['iso/below', 'not there', /no folder/],
    ['broken', 'not there', /no such file/],
    ['to what is not here', 'not there', /no such file/],
    ['circle', 'not there', /symbolic links/],
    ['ping', 'not there', /symbolic links/],
    ['iso', 'no folder', /it is a file/],
    ['dists/stable/Release', 'no folder', /it is a file/],
  ] as const) {
    test(`"${path}": ${why}`, async () =>
      expect(await walkTo(tree, path.split('/'))).toMatchObject({
        found: false,
        why,
        because: expect.stringMatching(because),
      }));
  }

  test('no path leads out, or takes long', async () => {
    const name = fc.constantFrom('..', 'dists', 'stable', 'bookworm', 'up', 'circle', 'ping', 'iso', 'empty');
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 500 }), async (names) => {
        const walk = await walkTo(tree, names);
        if (walk.found) expect(await tree.byId(walk.node.id)).toBe(walk.node);
      }),
      { numRuns: 200 },
    );
  });
});
