import { describe, expect, test } from 'vitest';
import type { InstallSource, TakenSource } from '../images/install-source.ts';
import { memoryQuestion } from './memory-check.ts';
import { decideSource, objectionToWish, type SourceQuestion, sourceWish } from './decide-source.ts';

const HTTP: InstallSource = { protocol: 'http', url: 'http://s/images/x' };
const FTP: InstallSource = { protocol: 'ftp', url: 'ftp://s/images/x' };
const NFS: InstallSource = { protocol: 'nfs', server: '192.0.2.1', path: '/images/x' };
const ANACONDA: readonly TakenSource[] = [{ protocol: 'http' }, { protocol: 'nfs' }, { protocol: 'ftp' }];
const AGAMA: readonly TakenSource[] = [{ protocol: 'http' }, { protocol: 'ftp' }];
const CASPER: readonly TakenSource[] = [{ protocol: 'nfs' }, { protocol: 'http', disc: 'whole' }];

const BASE: SourceQuestion = {
  image: 'image x (X 1)',
  taken: ANACONDA,
  offered: [HTTP, FTP, NFS],
  closed: {},
};
const byProfile = (protocol: InstallSource['protocol']) => ({ protocol, by: 'profile web' });

test('the machine has the last word, then its profile', () => {
  const web = { name: 'web', source: 'ftp' } as const;
  expect(sourceWish({ name: 'm1', source: 'nfs' }, web)).toEqual({ protocol: 'nfs', by: 'machine m1' });
  expect(sourceWish({ name: 'm1' }, web)).toEqual({ protocol: 'ftp', by: 'profile web' });
  expect(sourceWish({ name: 'm1' }, { name: 'web' })).toBeUndefined();
});

describe('a source is decided, with the reason', () => {
  for (const [what, change, source, because] of [
    ["the installer's first way", {}, HTTP, 'its tree over HTTP, the first of its ways that is open'],
    [
      'what is wished for, in place of that',
      { wish: byProfile('nfs') },
      NFS,
      'its tree over NFS, for profile web says so',
    ],
    [
      'the way of the answer file, where all else is in the initrd',
      { taken: [], wish: byProfile('ftp') },
      FTP,
      'what it fetches over FTP, for profile web says so',
    ],
    [
      'the next way where the first is closed',
      { offered: [FTP, NFS], closed: { http: 'machineHttp.port is off' } },
      NFS,
      'its tree over NFS, the first of its ways that is open',
    ],
  ] as const) {
    test(what, () =>
      expect(decideSource({ ...BASE, ...change })).toEqual({ decided: true, source, because }),
    );
  }
});

describe('none is decided, and the reason says what to do', () => {
  for (const [what, change, because] of [
    [
      'a wish that the image cannot follow',
      { taken: AGAMA, wish: byProfile('nfs') },
      'profile web says --source nfs, and image x (X 1) takes its tree over HTTP, or its tree over FTP',
    ],
    [
      'a wish for a mount, where there is nothing to mount',
      { taken: [], wish: byProfile('nfs') },
      'profile web says --source nfs, and image x (X 1) mounts no tree: all of its installer is in its initrd, so http, ftp or auto is wanted',
    ],
    [
      'a wish for a door that is closed',
      { offered: [HTTP], closed: { nfs: 'port 2049 is taken' }, wish: byProfile('nfs') },
      'profile web says --source nfs, and NFS is not open here: port 2049 is taken',
    ],
    [
      'a wish for a disc, where there is a folder',
      { taken: CASPER, wish: byProfile('http') },
      'profile web says --source http, and it takes the whole disc image over HTTP: this image is a folder of files, so add the disc image itself, or use another source',
    ],
    [
      'no way that is open, with the reasons of those that are closed',
      { taken: CASPER, offered: [HTTP], closed: { nfs: 'nfs.port is off', ftp: 'ftp.port is off' } },
      'it takes its tree over NFS, or the whole disc image over HTTP, and HTTP is offered: nfs.port is off; this image is a folder of files, so add the disc image itself, or use another source',
    ],
  ] as const) {
    test(what, () => expect(decideSource({ ...BASE, ...change })).toEqual({ decided: false, because }));
  }
});

describe('a machine with too little memory', () => {
  const memory = (megabytes: number) => ({
    needs: { http: 3072, ftp: 3072, nfs: 1536 },
    megabytes,
    whose: 'machine web01',
  });
  for (const [what, change, expected] of [
    ['is given the first way, where it has enough for it', { memory: memory(3072) }, { source: HTTP }],
    [
      'is given the lighter way, with the reason',
      { memory: memory(2048) },
      {
        source: NFS,
        because:
          'its tree over NFS, for it takes 3072 MiB of memory over HTTP, and machine web01 has 2048 MiB',
      },
    ],
    [
      'is refused where even that is too much',
      { memory: memory(1024) },
      {
        decided: false,
        because:
          'of image x (X 1) it takes 3072 MiB of memory over HTTP, and machine web01 has 1024 MiB: give it more, or say --memory-check off for it or its profile',
      },
    ],
    [
      'is refused where the lighter way is closed',
      { memory: memory(2048), offered: [HTTP, FTP] },
      { decided: false, because: expect.stringContaining('has 2048 MiB') },
    ],
    [
      'is refused the heavy way, though it was wished for',
      { memory: memory(2048), wish: byProfile('http') },
      {
        decided: false,
        because:
          'profile web says --source http, and it takes 3072 MiB of memory over HTTP, and machine web01 has 2048 MiB: choose another source, give it more, or say --memory-check off for it or its profile',
      },
    ],
    [
      'is refused what is all in its initrd, whatever that comes over',
      { taken: [], offered: [FTP], memory: { ...memory(256), needs: { http: 512 } } },
      { decided: false, because: expect.stringContaining('it takes 512 MiB of memory over FTP') },
    ],
    [
      'is given a way of which nothing is known',
      { memory: { ...memory(256), needs: { http: 512 } } },
      { source: NFS, because: expect.stringContaining('for it takes 512 MiB') },
    ],
  ] as const) {
    test(what, () => expect(decideSource({ ...BASE, ...change })).toMatchObject(expected));
  }

  test('is not looked at where it is not known, or nobody wants that', () => {
    const needs = { http: 3072 };
    const web01 = { name: 'web01', memoryMegabytes: 1024 };
    expect(memoryQuestion(needs, web01, {})).toEqual({ needs, megabytes: 1024, whose: 'machine web01' });
    expect(memoryQuestion(needs, { name: 'web01' }, {})).toBeUndefined();
    expect(memoryQuestion(undefined, web01, {})).toBeUndefined();
    expect(memoryQuestion(needs, { ...web01, memoryCheck: 'off' }, {})).toBeUndefined();
    expect(memoryQuestion(needs, web01, { memoryCheck: 'off' })).toBeUndefined();
  });
});

test('before any boot it is known what an image can never be given over', () => {
  expect(objectionToWish('image x', AGAMA, byProfile('nfs'))).toContain('takes its tree over HTTP');
  expect(objectionToWish('image x', ANACONDA, byProfile('nfs'))).toBeUndefined();
});
