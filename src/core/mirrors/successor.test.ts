import { expect, test } from 'vitest';
import { successorOf } from './successor.ts';

const [OLD, NEW, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
const LIST = 'dists/s/main/binary-amd64/Packages.xz';
const BY_HASH = 'dists/s/main/binary-amd64/by-hash';
const PRIMARY = `os/repodata/${OLD}-primary.xml.zst`;

for (const [what, path, listName, listed, expected] of [
  [
    'by-hash follows the digest of the list',
    `${BY_HASH}/SHA256/${OLD}`,
    LIST,
    [[LIST, NEW]],
    `${BY_HASH}/SHA256/${NEW}`,
  ],
  ['a list that is as it was has none', `${BY_HASH}/SHA256/${OLD}`, LIST, [[LIST, OLD]], undefined],
  ['a list that is listed no more has none', `${BY_HASH}/SHA256/${OLD}`, LIST, [], undefined],
  [
    'a digest of another kind is no name by SHA-256',
    `${BY_HASH}/SHA256/${OLD}`,
    LIST,
    [[LIST, '1'.repeat(40)]],
    undefined,
  ],
  [
    'another kind of digest is not followed',
    `${BY_HASH}/SHA512/${OLD}${OLD}`,
    LIST,
    [[LIST, NEW]],
    undefined,
  ],
  [
    'createrepo names what is the same behind the digest',
    PRIMARY,
    PRIMARY,
    [
      [`os/repodata/${OTHER}-filelists.xml.zst`, OTHER],
      [`other/repodata/${OTHER}-primary.xml.zst`, OTHER],
      [`os/repodata/${NEW}-primary.xml.zst`, NEW],
    ],
    `os/repodata/${NEW}-primary.xml.zst`,
  ],
  [
    'what is still listed has none',
    PRIMARY,
    PRIMARY,
    [
      [`os/repodata/${NEW}-primary.xml.zst`, NEW],
      [PRIMARY, OLD],
    ],
    undefined,
  ],
  [
    'another packing is another file',
    PRIMARY,
    PRIMARY,
    [[`os/repodata/${NEW}-primary.xml.gz`, NEW]],
    undefined,
  ],
  ['a package has none', 'os/a.rpm', 'os/a.rpm', [['os/a.rpm', NEW]], undefined],
] as const)
  test(`successorOf: ${what}`, () => {
    const digests = new Map<string, string>(listed.map(([name = '', hex = '']) => [name, hex]));
    expect(successorOf(path, listName, digests)).toBe(expected);
  });
