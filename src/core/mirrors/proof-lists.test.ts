import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../lib/decode-error.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { rowsAt } from './list-reader.ts';
import { packageListOf, proofListOf, readableSiblings } from './proof-lists.ts';
import { makeProof, type Proof } from './proof.ts';
import { byHashPath, saysByHash } from './release-list.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const SHA1 = '1'.repeat(40);

/** What a list says, read in pieces of so many characters. */
function read(path: string, text: string, piece = 7): Readonly<Record<string, Proof>> {
  const found: Record<string, Proof> = {};
  const reader = proofListOf(path, 'any')?.read((name, proof) => {
    found[name] ??= proof;
  });
  for (let at = 0; at < text.length; at += piece) reader?.push(text.slice(at, at + piece));
  reader?.end();
  return found;
}

const sha256 = (hex: string, bytes?: number) => makeProof('sha256', hex, bytes);

for (const [what, path, text, expected] of [
  [
    'a signed InRelease',
    'dists/s/InRelease',
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOrigin: Debian\nMD5Sum:\n ${'0'.repeat(32)} 1 main/x\nSHA256:\n ${A}  12 main/binary-amd64/Packages.gz\n ${B} 3 Contents\n-----BEGIN PGP SIGNATURE-----\n ${A} 1 not/in/it\n`,
    { 'dists/s/main/binary-amd64/Packages.gz': sha256(A, 12), 'dists/s/Contents': sha256(B, 3) },
  ],
  [
    'a Release beside its packages',
    'Release',
    `SHA1:\n ${SHA1} 1 ./Packages\n`,
    { Packages: makeProof('sha1', SHA1, 1) },
  ],
  [
    'a Release that leads out of the mirror',
    'dists/s/Release',
    `SHA256:\n ${A} 1 ../../../etc/passwd\n ${B} 1 ../other\n ${A} x y\n`,
    { 'dists/other': sha256(B, 1) },
  ],
  [
    'Packages',
    'dists/s/main/binary-amd64/Packages',
    `Package: a\nFilename: pool/a.deb\nDescription: x\n SHA256: ${B}\nSize: 5\nSHA1: ${SHA1}\nSHA256: ${A}\n\nPackage: b\nFilename: ./pool/b.deb\nSHA256: ${B}`,
    { 'pool/a.deb': sha256(A, 5), 'pool/b.deb': sha256(B) },
  ],
  [
    'Packages of a mirror that holds two archives',
    'security/dists/s/main/binary-amd64/Packages',
    `Filename: pool/a.deb\r\nSHA256: ${A}\r\n\r\n`,
    { 'security/pool/a.deb': sha256(A) },
  ],
  [
    'repomd.xml',
    'os/repodata/repomd.xml',
    `<repomd><data type="primary"><checksum type="sha256">${A}</checksum><open-checksum type="sha256">${B}</open-checksum><location href="repodata/p.xml.gz"/><size>7</size><open-size>9</open-size></data></repomd>`,
    { 'os/repodata/p.xml.gz': sha256(A, 7) },
  ],
  [
    'primary.xml',
    `repodata/${B}-primary.xml`,
    `<package type='rpm'><checksum type="sha" pkgid='YES'>${SHA1}</checksum><size package="8" installed="99"/><location href="Packages/a&amp;b.rpm"/></package>\n<package><checksum type="sha256">${A}</checksum><location xml:base="http://elsewhere/" href="c.rpm"/></package>`,
    { 'Packages/a&b.rpm': makeProof('sha1', SHA1, 8) },
  ],
  [
    'SHA256SUMS',
    'dists/s/images/SHA256SUMS',
    `${A}  ./netboot/linux\n${B} *mini.iso\nrubbish\n`,
    {
      'dists/s/images/netboot/linux': sha256(A),
      'dists/s/images/mini.iso': sha256(B),
    },
  ],
  [
    '.treeinfo',
    'BaseOS/.treeinfo',
    `[general]\nimages/x = sha256:${B}\n[checksums]\nimages/pxeboot/vmlinuz = sha256:${A}\n`,
    {
      'BaseOS/images/pxeboot/vmlinuz': sha256(A),
    },
  ],
] as const) {
  test(`reads ${what}`, () => {
    for (const piece of [1, 7, 4096]) expect(read(path, text, piece)).toEqual(expected);
  });
}

test('whatever text comes, it is read or refused', () => {
  const paths = [
    'InRelease',
    'Packages',
    'repodata/repomd.xml',
    'repodata/primary.xml',
    'SHA256SUMS',
    '.treeinfo',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), anyText, (path, text) => {
      for (const name of Object.keys(read(path, text))) expect(name.split('/')).not.toContain('..');
    }),
  );
});

test('a line without an end is refused before it fills the memory', () => {
  const reader = rowsAt('\n', () => undefined);
  expect(() => {
    for (let turn = 0; turn < 20; turn += 1) reader.push('x'.repeat(100_000));
  }).toThrow(DecodeError);
});

describe('which files are lists', () => {
  for (const [path, kind, packing] of [
    ['dists/s/InRelease', 'debian', 'plain'],
    ['dists/s/InRelease', 'rpm', undefined],
    ['dists/s/Release.gpg', 'any', undefined],
    ['dists/s/main/binary-amd64/Packages.gz', 'any', 'gzip'],
    ['dists/s/main/binary-amd64/Packages.xz', 'any', 'xz'],
    ['dists/s/main/binary-amd64/Packages.bz2', 'any', undefined],
    [`repodata/${A}-primary.xml.zst`, 'rpm', 'zstd'],
    [`repodata/${A}-filelists.xml.gz`, 'rpm', undefined],
  ] as const)
    test(`${path} of ${kind}: ${packing}`, () => expect(proofListOf(path, kind)?.packing).toBe(packing));

  const FOLDER = 'dists/s/main/binary-amd64';
  for (const [what, path, listed, expected] of [
    [
      'those that cost least stand first',
      `${FOLDER}/Packages.bz2`,
      ['', '.xz', '.bz2', '.gz'].map((ending) => `${FOLDER}/Packages${ending}`),
      ['.gz', '.xz', ''].map((ending) => `${FOLDER}/Packages${ending}`),
    ],
    [
      'createrepo names each for its own digest',
      `os/repodata/${A}-primary.xml.zck`,
      [`os/repodata/${B}-primary.xml.zst`, `os/repodata/${B}-filelists.xml.gz`],
      [`os/repodata/${B}-primary.xml.zst`],
    ],
    [
      'another component or repository is another list',
      `${FOLDER}/Packages.bz2`,
      ['dists/s/contrib/binary-amd64/Packages.gz', 'Packages.gz', `${FOLDER}/PPackages.gz`],
      [],
    ],
    ['nothing is one of other files', 'dists/s/Contents-amd64.xz', ['dists/s/Contents-amd64.gz'], []],
    ['nor what no index vouches for', `${FOLDER}/Packages.bz2`, [], []],
  ] as const)
    test(`what is read in place of a list that cannot be: ${what}`, () =>
      expect(readableSiblings(path, 'any', listed)).toEqual(expected));

  test('a list of packages is known under any name', () => {
    expect(
      [
        'Packages',
        `${FOLDER}/Packages.lzma`,
        `repodata/${A}-primary.xml.zst`,
        'repodata/primary.xml',
        'repodata/other.xml.gz',
        'primary.xml',
      ].map(packageListOf),
    ).toEqual(['Packages', `${FOLDER}/Packages`, 'primary.xml', 'primary.xml', undefined, undefined]);
  });

  test('the second name of an index is its digest', () => {
    expect(byHashPath('dists/s/main/Packages.gz', 'sha256', A)).toBe(`dists/s/main/by-hash/SHA256/${A}`);
    expect(['Acquire-By-Hash: yes', 'Acquire-By-Hash: no', ' Acquire-By-Hash: yes'].map(saysByHash)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
