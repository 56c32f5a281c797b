import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { offeredSources, type TreeDoor } from './offered-sources.ts';

const address = parseIpv4('192.168.122.1');
const FTP: TreeDoor = { protocol: 'ftp', port: 21 };
const NFS: TreeDoor = { protocol: 'nfs', port: 2049 };
const DISC = { name: 'x', isDisc: true };
const FOLDER = { name: 'x', isDisc: false };
const HTTP = { protocol: 'http', url: 'http://192.168.122.1:8080/images/x' };

for (const [what, doors, image, expected] of [
  ['HTTP alone', { address, httpPort: 8080, trees: [] }, FOLDER, [HTTP]],
  [
    'a disc image as a whole too',
    { address, httpPort: 8080, trees: [] },
    DISC,
    [{ ...HTTP, disc: 'http://192.168.122.1:8080/images/x.iso' }],
  ],
  [
    'every door that is open',
    { address, httpPort: undefined, trees: [FTP, NFS] },
    DISC,
    [
      { protocol: 'ftp', url: 'ftp://192.168.122.1/images/x' },
      { protocol: 'nfs', server: '192.168.122.1', path: '/images/x' },
    ],
  ],
  [
    'FTP on a port of its own, at an address of IPv6',
    { address: parseIpv6('fd00::1'), httpPort: undefined, trees: [{ ...FTP, port: 2121 }] },
    FOLDER,
    [{ protocol: 'ftp', url: 'ftp://[fd00::1]:2121/images/x' }],
  ],
  ['nothing while every door is closed', { address, httpPort: undefined, trees: [] }, DISC, []],
] as const) {
  test(`a tree is offered over ${what}`, () => expect(offeredSources(doors, image)).toEqual(expected));
}
