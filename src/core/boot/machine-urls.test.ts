import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { imagePath, installUrls, treeUrl } from './machine-urls.ts';

const http = { address: parseIpv4('192.168.122.1'), port: 8080 };

const CENTOS = { protocol: 'http', url: 'http://192.168.122.1:8080/images/centos-6.3' } as const;
const FTP = { protocol: 'ftp', url: 'ftp://192.168.122.1:2121/images/x' } as const;
const NFS = { protocol: 'nfs', server: '192.168.122.1', path: '/images/x' } as const;

for (const [name, source, kind, answer, tree] of [
  [
    'the way of the tree, where the installer can',
    FTP,
    'preseed',
    'ftp://192.168.122.1:2121/installs/abc/preseed.cfg',
    FTP.url,
  ],
  [
    'over HTTP where it cannot',
    FTP,
    'ignition',
    'http://192.168.122.1:8080/installs/abc/config.ign',
    FTP.url,
  ],
  [
    'over HTTP where the tree is mounted',
    NFS,
    'kickstart',
    'http://192.168.122.1:8080/installs/abc/ks.cfg',
    'nfs://192.168.122.1/images/x',
  ],
] as const) {
  test(`the answer file comes ${name}, and reports go over HTTP`, () => {
    const urls = installUrls(http, source, 'abc', kind);
    expect(urls).toMatchObject({ source, tree, answer, report: 'http://192.168.122.1:8080/installs/abc' });
  });
}

test('machines are sent to the address they already talk to', () => {
  expect(installUrls(http, CENTOS, 'abc', 'kickstart')).toEqual({
    source: CENTOS,
    tree: 'http://192.168.122.1:8080/images/centos-6.3',
    answer: 'http://192.168.122.1:8080/installs/abc/ks.cfg',
    report: 'http://192.168.122.1:8080/installs/abc',
    mirrors: 'http://192.168.122.1:8080/mirrors',
  });
  expect(installUrls(http, CENTOS, 'abc', 'preseed').answer).toMatch(/\/preseed\.cfg$/);
});

test('the usual port of HTTP is left out, and file names are the same on both doors', () => {
  expect(treeUrl({ ...http, port: 80 }, 'debian-12')).toBe('http://192.168.122.1/images/debian-12');
  expect(treeUrl({ address: parseIpv6('fd00::1'), port: 8080 }, 'x')).toBe('http://[fd00::1]:8080/images/x');
  expect(imagePath('debian-12', 'debian-installer/amd64/linux')).toBe(
    'images/debian-12/debian-installer/amd64/linux',
  );
});
