import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { must, sha256 } from './mirror-world.ts';

export const DEBIAN_PROGRAMS: readonly string[] = [
  '/usr/bin/apt-get',
  '/usr/bin/dpkg-deb',
  '/usr/bin/dpkg-scanpackages',
  '/usr/bin/xz',
  '/usr/bin/zstd',
];

/** How a list may be packed, by the end of its name, and the programs that make it so. */
const PACKERS: Readonly<Record<string, (list: Buffer, work: string) => Uint8Array>> = {
  '.gz': (list) => gzipSync(list),
  '.xz': (list, work) => must('xz', ['-9', '-c'], work, list),
  '.zst': (list, work) => must('zstd', ['-q', '-19', '-c'], work, list),
  '.bz2': (list, work) => must('bzip2', ['-c'], work, list),
};

export type DebianPacking = keyof typeof PACKERS;

/** `hello` and `large`, built as real packages, and the indexes that apt wants, packed in these ways. */
export function makeDebian(
  work: string,
  put: (path: string, bytes: string | Uint8Array) => void,
  folder: string,
  packings: readonly DebianPacking[],
): void {
  for (const [name, bytes] of [
    ['hello', 10],
    ['large', 3 * 2 ** 20],
  ] as const)
    put(`${folder}/pool/${name}_1.0_amd64.deb`, buildDeb(work, name, bytes));
  const list = must('dpkg-scanpackages', ['--multiversion', 'pool'], work);
  // As real archives do: the plain one is listed, and is not there.
  const rows = [` ${sha256(list)} ${list.length} main/binary-amd64/Packages`];
  for (const packing of packings) {
    const bytes = PACKERS[packing]?.(list, work) ?? list;
    const path = `main/binary-amd64/Packages${packing}`;
    rows.push(` ${sha256(bytes)} ${bytes.length} ${path}`);
    put(`${folder}/dists/lab/${path}`, bytes);
    put(`${folder}/dists/lab/main/binary-amd64/by-hash/SHA256/${sha256(bytes)}`, bytes);
  }
  const fields = ['Origin: Lab', 'Suite: lab', 'Codename: lab', 'Architectures: amd64', 'Components: main'];
  const date = `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`;
  const release = [...fields, date, 'Acquire-By-Hash: yes', 'SHA256:', ...rows, ''].join('\n');
  put(`${folder}/dists/lab/Release`, release);
}

function buildDeb(work: string, name: string, bytes: number): Buffer {
  const tree = join(work, name);
  for (const folder of [join(tree, 'DEBIAN'), join(work, 'pool')]) mkdirSync(folder, { recursive: true });
  const fields = ['Version: 1.0', 'Architecture: amd64', 'Maintainer: Lab <lab@example.com>'];
  const control = [`Package: ${name}`, ...fields, `Description: ${name}`, ''].join('\n');
  writeFileSync(join(tree, 'DEBIAN/control'), control);
  writeFileSync(join(tree, 'content'), randomBytes(bytes));
  const deb = join(work, `pool/${name}_1.0_amd64.deb`);
  must('dpkg-deb', ['-b', '--root-owner-group', tree, deb], work);
  return readFileSync(deb);
}
