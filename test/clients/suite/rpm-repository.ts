import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { must, sha256 } from './mirror-world.ts';

export const RPM_PROGRAMS: readonly string[] = [
  '/usr/bin/dnf',
  '/usr/bin/zypper',
  '/usr/bin/createrepo_c',
  '/usr/bin/rpmbuild',
  '/usr/bin/gpg',
  '/usr/bin/zstd',
];

/** Where a package is in its repository. */
export const rpmPath = (name: string): string => `noarch/${name}-1.0-1.noarch.rpm`;

/** Builds a package whose one file, `/opt/NAME`, has random bytes: no two are the same. */
export function buildRpm(work: string, folder: string, name: string): void {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'content'), randomBytes(50_000));
  const spec = `Name: ${name}
Version: 1.0
Release: 1
Summary: ${name}
License: MIT
BuildArch: noarch
%description
${name}
%install
install -D -m 644 ${work}/content %{buildroot}/opt/${name}
%files
/opt/${name}
`;
  writeFileSync(join(work, 'package.spec'), spec);
  const folders = ['--define', `_topdir ${work}/top`, '--define', `_rpmdir ${folder}`];
  must('rpmbuild', ['-bb', '--quiet', ...folders, join(work, 'package.spec')], work);
}

/** Anew, whatever was there. @param words such as `--general-compress-type=xz`. */
export function makeRepodata(folder: string, ...words: readonly string[]): void {
  must('createrepo_c', ['-q', '--no-database', ...words, folder], folder);
}

/**
 * Packs the lists as Fedora and openSUSE have them now; Debian's createrepo_c cannot. They get the names and digests
 * that a newer one would give them.
 */
export function packWithZstd(folder: string): void {
  const repodata = join(folder, 'repodata');
  let repomd = readFileSync(join(repodata, 'repomd.xml'), 'utf8');
  for (const name of readdirSync(repodata).filter((one) => one.endsWith('.xml.gz'))) {
    const packed = must('zstd', ['-q', '-c'], folder, gunzipSync(readFileSync(join(repodata, name))));
    const [, digest = '', rest = ''] = /^([0-9a-f]{64})-(.+)\.gz$/.exec(name) ?? [];
    writeFileSync(join(repodata, `${sha256(packed)}-${rest}.zst`), packed);
    must('rm', [name], repodata);
    const size = new RegExp(`(${digest}-${rest}\\.gz"/>[^]*?<size>)\\d+`);
    repomd = repomd
      .replace(size, `$1${packed.length}`)
      .replace(`${digest}-${rest}.gz`, `${sha256(packed)}-${rest}.zst`)
      .replace(digest, sha256(packed));
  }
  writeFileSync(join(repodata, 'repomd.xml'), repomd);
}

/** As SUSE signs: `repomd.xml.asc`, and `repomd.xml.key` to check it with. */
export function signRepodata(work: string, folder: string): void {
  const home = join(work, 'gpg');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const gpg = ['--homedir', home, '--batch', '-q', '--yes'];
  const owner = 'Repository of a Muster test <nobody@localhost>';
  const repomd = join(folder, 'repodata/repomd.xml');
  try {
    must('gpg', [...gpg, '--passphrase', '', '--quick-gen-key', owner, 'rsa2048', 'sign', 'never'], work);
    must('gpg', [...gpg, '--armor', '--detach-sign', '-o', `${repomd}.asc`, repomd], work);
    writeFileSync(`${repomd}.key`, must('gpg', [...gpg, '--armor', '--export'], work));
  } finally {
    must('gpgconf', ['--homedir', home, '--kill', 'all'], work);
  }
}
