import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MirrorLab, putDebian, sha256 } from '../suite/mirror-lab.ts';

let lab: MirrorLab;
beforeEach(async () => {
  lab = await MirrorLab.open();
  await lab.add();
});
afterEach(async () => {
  expect(lab.faults).toEqual([]);
  await lab.close();
});

const state = () => lab.mirrors.byName('deb')!;
const REPOMD = 'repodata/repomd.xml';
const RPM = 'Packages/a-1.rpm';

/** What createrepo makes of packages, with digests in its names. @returns the path of each list. */
function putRpm(
  packages: Readonly<Record<string, string>>,
  ...packings: readonly string[]
): readonly string[] {
  const rows = Object.entries(packages).map(
    ([path, bytes]) =>
      `<package><checksum type="sha256">${sha256(bytes)}</checksum><location href="${path}"/></package>`,
  );
  const list = `<metadata>${rows.join('\n')}</metadata>`;
  const lists = packings.map((packing) => {
    const bytes = packing === 'gz' ? gzipSync(list) : Buffer.from(`${packing} of ${sha256(list)}`);
    const path = `repodata/${sha256(bytes)}-primary.xml.${packing}`;
    lab.upstream.put(path, bytes);
    return { path, bytes };
  });
  const data = lists.map(
    ({ path, bytes }) =>
      `<data type="primary"><checksum type="sha256">${sha256(bytes)}</checksum><location href="${path}"/></data>`,
  );
  lab.upstream.put(REPOMD, `<repomd>${data.join('\n')}</repomd>`);
  for (const [path, bytes] of Object.entries(packages)) lab.upstream.put(path, bytes);
  return lists.map(({ path }) => path);
}

describe('a new set of indexes with digests for names', () => {
  test('has of an RPM repository what machines took of the old one, also when the upstream is gone right after', async () => {
    const [old = ''] = putRpm({ [RPM]: 'a' }, 'gz');
    await lab.get(REPOMD);
    await lab.get(old);
    const [fresh = ''] = putRpm({ [RPM]: 'a', 'Packages/b-1.rpm': 'b' }, 'gz');
    await lab.mirrors.refresh('deb');
    await lab.upstream.close();
    expect(await lab.get(REPOMD)).toEqual(lab.upstream.files.get(REPOMD));
    expect(await lab.get(fresh)).toEqual(lab.upstream.files.get(fresh));
    await lab.upstream.listen();
    await lab.mirrors.refresh('deb');
    expect(String(await lab.get('Packages/b-1.rpm'))).toBe('b');
    expect(state().counts.unverified).toBe(0);
  });

  test('has of a Debian archive the lists by the digests that they have now', async () => {
    const byHash = (): string =>
      [...lab.upstream.files.keys()].filter((path) => path.includes('by-hash')).at(-2) ?? '';
    putDebian(lab.upstream, { 'pool/a_1_amd64.deb': Buffer.from('a') });
    await lab.get('dists/s/InRelease');
    const old = byHash();
    await lab.get(old);
    putDebian(lab.upstream, { 'pool/b_1_amd64.deb': Buffer.from('b') });
    await lab.mirrors.refresh('deb');
    await lab.upstream.close();
    expect(byHash()).not.toBe(old);
    expect(await lab.get(byHash())).toEqual(lab.upstream.files.get(byHash()));
    await lab.upstream.listen();
    await lab.mirrors.refresh('deb');
    expect(String(await lab.get('pool/b_1_amd64.deb'))).toBe('b');
    expect(state().counts.unverified).toBe(0);
  });

  test('asks for nothing that no machine took', async () => {
    putRpm({ [RPM]: 'a' }, 'gz');
    await lab.get(REPOMD);
    putRpm({ [RPM]: 'another' }, 'gz');
    await lab.mirrors.refresh('deb');
    expect(lab.upstream.asked).toEqual([REPOMD, REPOMD]);
  });

  test('counts before the old one, where a package was built anew under its old name', async () => {
    const [old = ''] = putRpm({ [RPM]: 'a' }, 'gz');
    for (const path of [REPOMD, old, RPM]) await lab.get(path);
    putRpm({ [RPM]: 'built anew' }, 'gz');
    await lab.mirrors.refresh('deb');
    expect(String(await lab.get(RPM))).toBe('built anew');
    expect(lab.told('mirror.mismatch')).toEqual([]);
    await lab.restart();
    expect(String(await lab.get(RPM))).toBe('built anew');
  });
});

describe('a list that cannot be read', () => {
  test('is read as it is packed otherwise, where the head vouches for that; and that is fetched once', async () => {
    const [bzip2 = '', gzip = ''] = putRpm({ [RPM]: 'a' }, 'bz2', 'gz');
    await lab.get(REPOMD);
    await lab.get(bzip2);
    expect(String(await lab.get(RPM))).toBe('a');
    await lab.get(gzip);
    expect(lab.upstream.count(gzip)).toBe(1);
    expect(state().counts.unverified).toBe(0);
    expect(state().unreadable).toEqual(new Map());
  });

  test('is told where it is all there is, until another takes its place', async () => {
    const because = 'it is packed in a way that is not read here';
    const [old = ''] = putRpm({ [RPM]: 'a' }, 'bz2');
    await lab.get(REPOMD);
    await lab.get(old);
    expect(String(await lab.get(RPM))).toBe('a');
    expect(state().unreadable).toEqual(new Map([[old, because]]));
    const [fresh = ''] = putRpm({ [RPM]: 'built anew' }, 'bz2');
    await lab.mirrors.refresh('deb');
    expect(state().unreadable).toEqual(new Map([[fresh, because]]));
    expect(state().counts.unverified).toBe(1);
  });

  test('is refused with its reason where it is not what its name says', async () => {
    const [zstd = ''] = putRpm({ [RPM]: 'a' }, 'zst');
    await lab.get(REPOMD);
    await lab.get(zstd);
    await lab.get(RPM);
    expect([...state().unreadable.values()]).toEqual([expect.stringMatching(/it is damaged/)]);
  });
});
