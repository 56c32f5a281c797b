import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { image } from '../../store/suite/samples.ts';
import { InstallSources } from './install-sources.ts';

const localAddress = parseIpv4('192.168.122.1');
const noble = image({ name: 'noble', family: 'casper', title: 'Ubuntu 24.04', folder: '/srv/noble.iso' });
const rocky = image({
  name: 'rocky',
  family: 'rhel',
  title: 'Rocky 9',
  memoryMegabytes: { http: 3072, nfs: 1536 },
});

const sources = new InstallSources({
  machineHttpPort: 8080,
  treesAt: (address) =>
    address === localAddress
      ? { trees: [{ protocol: 'nfs', port: 2049 }], closed: { ftp: 'port 21 is taken' } }
      : { trees: [], closed: { nfs: `it is not served at ${address}` } },
  isDisc: async (root) => root.endsWith('.iso'),
  off: { ftp: 'ftp.port is off' },
});

describe('what is open, what the image takes and who wishes for what come together', () => {
  for (const [what, asked, expected] of [
    ['the first way of the image', { image: rocky }, { source: { protocol: 'http' } }],
    [
      'NFS first for casper, and the disc where NFS is not served',
      { image: noble, localAddress: parseIpv4('10.0.0.1') },
      { source: { protocol: 'http', disc: 'http://10.0.0.1:8080/images/noble.iso' } },
    ],
    [
      'the wish of the machine over that of its profile',
      {
        image: rocky,
        machine: { id: 'm-1', name: 'm', source: 'nfs' },
        profile: { name: 'p', source: 'http' },
      },
      { source: { protocol: 'nfs', server: localAddress, path: '/images/rocky' } },
    ],
    [
      'the reason why a door is closed',
      { image: rocky, profile: { name: 'p', source: 'ftp' } },
      { decided: false, because: 'profile p says --source ftp, and FTP is not open here: port 21 is taken' },
    ],
    [
      'the memory of the machine',
      { image: rocky, machine: { id: 'm-1', name: 'm', memoryMegabytes: 2048 } },
      { source: { protocol: 'nfs' }, because: expect.stringContaining('machine m has 2048 MiB') },
    ],
  ] as const) {
    test(what, async () => expect(await sources.decide({ localAddress, ...asked })).toMatchObject(expected));
  }
});

test('without HTTP nothing is offered over it', async () => {
  const closed = new InstallSources({ machineHttpPort: 0 });
  expect(await closed.decide({ image: rocky, localAddress })).toMatchObject({ decided: false });
});

test('a wish is refused when it is said, where nothing could ever come of it', () => {
  const by = 'profile p';
  expect(sources.objectionTo({ protocol: 'ftp', by })).toBe(
    'profile p says --source ftp, and ftp.port is off',
  );
  expect(sources.objectionTo({ protocol: 'http', by }, noble)).toBeUndefined();
  expect(sources.objectionTo({ protocol: 'nfs', by }, image({ family: 'alpine' }))).toContain(
    'image debian-12 (Debian 12) takes its tree over HTTP, or its tree over FTP',
  );
});

describe('the memory of a machine that nobody told', () => {
  const asking = new InstallSources({
    machineHttpPort: 8080,
    treesAt: () => ({ trees: [{ protocol: 'nfs', port: 2049 }], closed: {} }),
    memoryOf: async (id) => (id === 'm-1' ? 2048 : undefined),
  });
  for (const [what, machine, protocol] of [
    ['is what it said itself', { id: 'm-1', name: 'm' }, 'nfs'],
    ['is not looked at where it said nothing', { id: 'm-2', name: 'm' }, 'http'],
    [
      'is not what it said where somebody knows better',
      { id: 'm-1', name: 'm', memoryMegabytes: 65_536 },
      'http',
    ],
  ] as const) {
    test(what, async () =>
      expect(await asking.decide({ image: rocky, machine, localAddress })).toMatchObject({
        source: { protocol },
      }),
    );
  }
});
