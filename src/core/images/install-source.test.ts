import { describe, expect, test } from 'vitest';
import { chooseSource, type InstallSource, type TakenSource } from './install-source.ts';

const HTTP: InstallSource = { protocol: 'http', url: 'http://s/x' };
const DISC: InstallSource = { ...HTTP, disc: 'http://s/x.iso' };
const FTP: InstallSource = { protocol: 'ftp', url: 'ftp://s/x' };
const NFS: InstallSource = { protocol: 'nfs', server: '192.0.2.1', path: '/x' };
const CASPER: readonly TakenSource[] = [{ protocol: 'nfs' }, { protocol: 'http', disc: 'whole' }];

describe('the best way that is offered is chosen', () => {
  for (const [name, taken, offered, source] of [
    [
      "in the installer's order, not the server's",
      [{ protocol: 'http' }, { protocol: 'nfs' }],
      [NFS, HTTP],
      HTTP,
    ],
    ['the next where the best is not offered', [{ protocol: 'http' }, { protocol: 'ftp' }], [NFS, FTP], FTP],
    ['the disc only where there is one', CASPER, [HTTP, DISC], DISC],
    ['whatever there is, for who fetches nothing', [], [FTP], FTP],
  ] as const) {
    test(name, () => expect(chooseSource(taken, offered)).toMatchObject({ chosen: true, source }));
  }
});

describe('where none fits, the reason says what is wanted', () => {
  for (const [name, taken, offered, because] of [
    [
      'a tree over HTTP is not a disc',
      CASPER,
      [HTTP, FTP],
      'it takes its tree over NFS, or the whole disc image over HTTP, and HTTP and FTP is offered',
    ],
    ['nothing is offered', [{ protocol: 'ftp' }], [], 'it takes its tree over FTP, and nothing is offered'],
    ['not even to who fetches nothing', [], [], 'it takes nothing, and nothing is offered'],
  ] as const) {
    test(name, () => expect(chooseSource(taken, offered)).toEqual({ chosen: false, because }));
  }
});
