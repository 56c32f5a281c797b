import { expect, test } from 'vitest';
import { type BoxFacts, boxLines, drawBox } from './box.ts';

const facts: BoxFacts = {
  version: '0.1.0',
  interfaces: [
    {
      name: 'eth0',
      address: '192.168.122.1/24',
      because: 'wired, with a carrier and an address',
      mode: 'full: gives 192.168.122.100 to 192.168.122.200 of subnet lab',
      neighbours: 'no other DHCP server answered within 2 s',
      router: 'IPv6: boot ROMs are told that there is no router, unless there is one',
      ipv6: 'IPv6: firmware hears what to boot beside the DHCPv6 server that gives addresses',
    },
  ],
  notServed: [{ name: 'docker0', because: 'it belongs to containers' }],
  machines: 'http://192.168.122.1:8080',
  tftp: 'port 69, with the files of /srv/tftp',
  ftp: 'ftp://192.168.122.1/images: every image, for anybody who reads',
  logs: 'of installers, over syslog at 192.168.122.1 port 514 (UDP, TCP)',
  nfs: '192.168.122.1:/images/NAME, version 3: every image, for anybody who reads',
  api: 'http://127.0.0.1:8067',
  imagesFolder: '/var/lib/muster/images',
  images: ['centos6.3'],
  loadersFound: ['pxelinux.0', 'ldlinux.c32'],
  loadersMissing: ['shimx64.efi', 'grubx64.efi'],
  loaderCommand: 'sudo muster loaders install',
};

test('the box says who is served, why, and what is missing', async () => {
  await expect(`${drawBox(boxLines(facts), 'lines')}\n`).toMatchFileSnapshot('golden/box.txt');
});

test('no line of the box is wider than the box, also for long reasons', () => {
  const lines = boxLines({
    ...facts,
    notServed: [{ name: 'eth9', because: 'a very long reason '.repeat(20).trim() }],
  });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  const drawn = drawBox(lines, 'plain').split('\n');
  expect(new Set(drawn.map((line) => line.length)).size).toBe(1);
});

test('a server that serves nothing says so', () => {
  expect(boxLines({ ...facts, interfaces: [] }).join('\n')).toContain(
    'none is served: no machine can be answered',
  );
});
