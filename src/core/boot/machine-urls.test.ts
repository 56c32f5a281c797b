import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { imagePath, installUrls, treeUrl } from './machine-urls.ts';

const http = { address: parseIpv4('192.168.122.1'), port: 8080 };

test('machines are sent to the address they already talk to', () => {
  expect(installUrls(http, { name: 'centos-6.3' }, 'abc', 'kickstart')).toEqual({
    tree: 'http://192.168.122.1:8080/images/centos-6.3',
    answer: 'http://192.168.122.1:8080/installs/abc/ks.cfg',
    report: 'http://192.168.122.1:8080/installs/abc',
  });
  expect(installUrls(http, { name: 'debian-12' }, 'abc', 'preseed').answer).toMatch(/\/preseed\.cfg$/);
});

test('the usual port of HTTP is left out, and file names are the same on both doors', () => {
  expect(treeUrl({ ...http, port: 80 }, 'debian-12')).toBe('http://192.168.122.1/images/debian-12');
  expect(treeUrl({ address: parseIpv6('fd00::1'), port: 8080 }, 'x')).toBe('http://[fd00::1]:8080/images/x');
  expect(imagePath('debian-12', 'debian-installer/amd64/linux')).toBe(
    'images/debian-12/debian-installer/amd64/linux',
  );
});
