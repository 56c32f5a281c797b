import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEviction, type Evictable } from './decide-eviction.ts';
import { decideResume, resumeHeaders } from './decide-resume.ts';
import { decideServing, type ServingQuestion } from './decide-serving.ts';
import { proofInName, roleOf } from './file-role.ts';
import { decideRedirect, isOwnHost, readMirrorUrl, shownUrl, upstreamUrl } from './mirror-url.ts';
import { makeProof, objectionToFile } from './proof.ts';
import { ProofTable } from './proof-table.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('what a file is', () => {
  for (const [path, kind, role] of [
    ['dists/bookworm/InRelease', 'debian', 'head'],
    ['dists/bookworm/updates/Release', 'any', 'head'],
    ['Release.gpg', 'debian', 'head'],
    ['dists/s/main/binary-amd64/Release', 'debian', 'index'],
    [`dists/s/main/binary-amd64/by-hash/SHA256/${A}`, 'any', 'named'],
    ['dists/s/main/installer-amd64/current/images/netboot/netboot.tar.gz', 'debian', 'package'],
    ['dists/s/main/i18n/Translation-en.xz', 'debian', 'index'],
    ['pool/main/a/a_1_amd64.udeb', 'any', 'package'],
    ['repodata/repomd.xml.asc', 'rpm', 'head'],
    [`repodata/${A}-primary.xml.zck`, 'rpm', 'named'],
    ['repodata/primary.xml.gz', 'rpm', 'index'],
    ['repodata/repomd.xml', 'debian', 'other'],
    ['drpms/a.drpm', 'rpm', 'package'],
    ['images/pxeboot/vmlinuz', 'any', 'other'],
  ] as const)
    test(`${path} of ${kind}: ${role}`, () => expect(roleOf(path, kind)).toBe(role));

  test('what has its digest for a name says what it must be', () => {
    expect(proofInName(`by-hash/SHA256/${A}`)).toEqual({ algorithm: 'sha256', hex: A });
    expect(proofInName(`repodata/${A}-primary.xml.gz`)).toEqual({ algorithm: 'sha256', hex: A });
    expect(proofInName('repodata/primary.xml.gz')).toBeUndefined();
  });
});

describe('whether a file is served', () => {
  const kept = { bytes: 5, sha256: A, checkedAtMs: 0 };
  const asked: ServingQuestion = {
    role: 'package',
    kept,
    proof: undefined,
    mode: 'online',
    nowMs: 1000,
    checkEveryMs: 100,
  };
  const agreeing = makeProof('sha256', A, 5);
  for (const [what, change, expected] of [
    ['it is not here', { kept: undefined }, 'fetch'],
    ['it is not here, and the mirror is offline', { kept: undefined, mode: 'offline' }, 'refuse'],
    ['it is what the index says, however old', { role: 'index', proof: agreeing }, 'serve'],
    ['the index says another one', { proof: makeProof('sha256', B) }, 'fetch'],
    ['the index says another length', { proof: makeProof('sha256', A, 6) }, 'fetch'],
    [
      'the index says another one, and the mirror is offline',
      { proof: makeProof('sha256', B), mode: 'offline' },
      'serve',
    ],
    ['it is a package that nothing vouches for', {}, 'serve'],
    ['it is a head of a while ago', { role: 'head' }, 'check'],
    ['it is a head of a moment ago', { role: 'head', nowMs: 99 }, 'serve'],
    ['it is a head, and the clock was set back', { role: 'head', nowMs: -1000 }, 'check'],
    ['it is a head of a while ago, and the mirror is offline', { role: 'head', mode: 'offline' }, 'serve'],
  ] as const)
    test(`${expected} where ${what}`, () => expect(decideServing({ ...asked, ...change }).do).toBe(expected));
});

describe('what goes', () => {
  const file = (key: string, role: Evictable['role'], usedAtMs: number, isNeeded = false): Evictable => ({
    key,
    role,
    bytes: 10,
    usedAtMs,
    isNeeded,
  });
  const kept = [
    file('new', 'package', 9),
    file('old', 'package', 1),
    file('head', 'head', 0),
    file('index', 'index', 0),
    file('old index', 'named', 0),
    file('current index', 'named', 0, true),
  ];
  for (const [bytes, expected] of [
    [0, []],
    [1, ['old']],
    [11, ['old', 'new']],
    [30, ['old', 'new', 'old index']],
    [31, undefined],
  ] as const)
    test(`for ${bytes} bytes: ${expected?.join(', ')}`, () => {
      const eviction = decideEviction(kept, { bytes, files: 0 });
      expect(eviction.there ? eviction.evict : undefined).toEqual(expected);
    });

  test('so many files, where those are the limit', () => {
    expect(decideEviction(kept, { bytes: 0, files: 2 })).toEqual({ there: true, evict: ['old', 'new'] });
  });
});

describe('the rest of a file', () => {
  test('is asked for only where it is sure to be of the same', () => {
    expect(resumeHeaders({ etag: '"x"', lastModified: 'then' }, 5, false)).toEqual({
      Range: 'bytes=5-',
      'If-Range': '"x"',
    });
    expect(resumeHeaders({ etag: 'W/"x"', lastModified: 'then' }, 5, false)).toEqual({
      Range: 'bytes=5-',
      'If-Range': 'then',
    });
    expect(resumeHeaders({}, 5, true)).toEqual({ Range: 'bytes=5-' });
    expect(resumeHeaders({}, 5, false)).toBeUndefined();
    expect(resumeHeaders({ etag: '"x"' }, 0, true)).toBeUndefined();
  });

  for (const [status, contentRange, expected] of [
    [206, 'bytes 5-9/10', 'append'],
    [206, 'bytes 5-9/*', 'append'],
    [206, 'bytes 4-9/10', 'give up'],
    [206, 'bytes 5-9/11', 'give up'],
    [206, undefined, 'give up'],
    [200, undefined, 'begin anew'],
    [416, 'bytes */5', 'give up'],
    [500, undefined, 'give up'],
  ] as const)
    test(`${status} ${contentRange}: ${expected}`, () =>
      expect(decideResume({ status, contentRange }, 5, 10).do).toBe(expected));
});

describe('the URL of an upstream', () => {
  for (const [text, expected] of [
    ['http://deb.debian.org/debian', 'http://deb.debian.org/debian/'],
    ['https://me:pw@host:8443/a/', 'https://me:pw@host:8443/a/'],
    ['ftp://host/', undefined],
    ['file:///etc/', undefined],
    ['http://host/?a=b', undefined],
    ['host/debian', undefined],
    [`http://host/${'x'.repeat(2048)}`, undefined],
  ] as const)
    test(`${text.slice(0, 40)}: ${expected}`, () => {
      const read = readMirrorUrl(text);
      expect(read.read ? read.url : undefined).toBe(expected);
    });

  test('a refusal does not repeat what may hold a password', () => {
    const read = readMirrorUrl('ftp://me:secret@host/');
    expect(JSON.stringify(read)).not.toContain('secret');
    expect(shownUrl('https://me:secret@host/x/')).toBe('https://host/x/');
  });

  test('every file is below it, whatever it is called', () => {
    const part = fc
      .string({ minLength: 1 })
      .filter((text) => !text.includes('/') && text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const url = upstreamUrl('http://host/repo/', parts.join('/'));
        expect(url.href.startsWith('http://host/repo/')).toBe(true);
        expect(url.search + url.hash).toBe('');
        expect(decodeURIComponent(url.pathname.slice(6))).toBe(parts.join('/'));
      }),
    );
    expect(() => upstreamUrl('http://host/repo/', 'a/../../x')).toThrow(RangeError);
  });

  test('a redirect leads neither to this server nor to plain HTTP from TLS', () => {
    const from = new URL('https://host/a');
    for (const location of [
      'http://host/a',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://169.254.169.254/',
      'ftp://x/',
      undefined,
    ])
      expect(decideRedirect(from, location, 0).follow, location).toBe(false);
    expect(decideRedirect(from, '/b', 4)).toEqual({ follow: true, url: new URL('https://host/b') });
    expect(decideRedirect(from, '/b', 5).follow).toBe(false);
    expect(['192.168.1.1', 'fd00::1', 'localhost.example', '10.0.0.1'].filter(isOwnHost)).toEqual([]);
  });
});

describe('proofs', () => {
  test('say what is wrong with a file', () => {
    const proof = makeProof('SHA256', A.toUpperCase(), 5)!;
    expect(objectionToFile(proof, 5, { sha256: A })).toBeUndefined();
    expect(objectionToFile(proof, 4, { sha256: A })).toBe('it has 4 bytes, and the index says 5');
    expect(objectionToFile(proof, 5, { sha256: B })).toMatch(/^its sha256 is bbbb/);
    expect(
      objectionToFile(makeProof('sha512', 'c'.repeat(128))!, 5, { sha512: 'c'.repeat(128) }),
    ).toBeUndefined();
    expect([
      makeProof('md5', '0'.repeat(32)),
      makeProof('sha256', 'xyz'),
      makeProof('sha256', 'x'.repeat(64)),
    ]).toEqual([undefined, undefined, undefined]);
  });

  test('a table gives back what it was given, of thousands of paths, and the better digest of two', () => {
    const table = new ProofTable();
    const hexOf = (at: number): string => at.toString(16).padStart(64, '0');
    for (let at = 0; at < 5000; at += 1) table.add(`pool/${at}.deb`, makeProof('sha256', hexOf(at), at)!);
    expect(table.size).toBe(5000);
    for (const at of [0, 1, 1023, 1024, 4999])
      expect(table.find(`pool/${at}.deb`)).toEqual(makeProof('sha256', hexOf(at), at));
    expect(table.find('pool/5000.deb')).toBeUndefined();
    expect(new ProofTable().find('x')).toBeUndefined();
    const sha1 = makeProof('sha1', '1'.repeat(40))!;
    table.add('two', sha1);
    expect(table.find('two')).toEqual(sha1);
    table.add('two', makeProof('sha256', A)!);
    table.add('two', makeProof('sha256', B)!);
    table.add('two', sha1);
    expect(table.find('two')).toEqual(makeProof('sha256', A));
  });
});
