import { expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network } from '../lib/addresses.ts';
import { type BoxInput, boxFacts } from './box-facts.ts';
import { loadSettings } from './load-settings.ts';

const address = parseIpv4('192.168.122.1');
const lan0 = { name: 'lan0', index: 2, kind: 'ethernet', up: true, carrier: true, addresses: [] } as const;

function factsWith(flags: readonly string[], change: Partial<BoxInput> = {}) {
  const { settings } = loadSettings({ flags, environment: { XDG_CONFIG_HOME: '/nonexistent' }, uid: 1000 });
  const network = parseIpv4Network('192.168.122.0/24');
  return boxFacts({
    version: '0.1.0',
    settings,
    choice: { serve: [{ interface: lan0, address, network, because: 'wired' }], leave: [] },
    probes: new Map(),
    subnets: [],
    verdictOn: () => ({ mode: 'full', because: 'nobody else answered' }),
    imageNames: [],
    imagesFolder: '/var/lib/muster/images',
    loaders: [],
    apiUrl: 'http://127.0.0.1:8067',
    apiSha256: undefined,
    firstLogin: undefined,
    plain: new Map(),
    cannotAdvertise: new Map(),
    cannotBootOverIpv6: new Map(),
    plainTftp: undefined,
    plainHttp: undefined,
    closedTrees: new Map(),
    plainTrees: new Map(),
    closedSyslog: undefined,
    ...change,
  });
}

for (const [what, flags, change, ftp, nfs] of [
  [
    'where they are',
    [],
    {},
    'ftp://192.168.122.1/images: every image, for anybody who reads',
    '192.168.122.1:/images/NAME, version 3: every image, for anybody who reads',
  ],
  [
    'the ports, where they are others than usual',
    ['ftp.port=2121', 'nfs.port=2050'],
    {},
    'ftp://192.168.122.1:2121/images: every image, for anybody who reads',
    '192.168.122.1:/images/NAME on port 2050, version 3: every image, for anybody who reads',
  ],
  [
    'why files go out more slowly',
    [],
    { plainTrees: new Map([['FTP', 'ftp.plane is off'] as const, ['NFS', 'nfs.plane is off'] as const]) },
    'ftp://192.168.122.1/images: every image, for anybody who reads; files go out more slowly, because ftp.plane is off',
    '192.168.122.1:/images/NAME, version 3: every image, for anybody who reads; files go out more slowly, because nfs.plane is off',
  ],
  [
    'why they are closed',
    [],
    { closedTrees: new Map([['FTP', 'port 21 is taken'] as const, ['NFS', 'port 2049 is taken'] as const]) },
    'not served: port 21 is taken',
    'not served: port 2049 is taken',
  ],
  [
    'how to switch them on',
    ['ftp.port=off', 'nfs.port=off'],
    {},
    'off (--set ftp.port=21)',
    'off (--set nfs.port=2049)',
  ],
] as const) {
  test(`the box says of FTP and NFS ${what}`, () => {
    const facts = factsWith(flags, change);
    expect([facts.ftp, facts.nfs]).toEqual([ftp, nfs]);
  });
}

test('the box says of HTTP why files go out more slowly', () => {
  expect(factsWith([], { plainHttp: 'machineHttp.plane is off' }).machines).toBe(
    'http://192.168.122.1:8080; files go out more slowly, because machineHttp.plane is off',
  );
});

for (const [what, flags, change, logs] of [
  ['where they go', [], {}, 'of installers, over syslog at 192.168.122.1 port 514 (UDP, TCP)'],
  [
    'why they do not come over syslog',
    [],
    { closedSyslog: 'port 514 is taken' },
    'of installers are taken over HTTP only: port 514 is taken',
  ],
  [
    'how to switch it on',
    ['syslog.port=off'],
    {},
    'of installers are taken over HTTP only (--set syslog.port=514)',
  ],
] as const) {
  test(`the box says of logs ${what}`, () => expect(factsWith(flags, change).logs).toBe(logs));
}

test('a first start with a site file says that its subnets come next', () => {
  const mode = (flags: readonly string[]) => factsWith(flags).interfaces[0]?.mode;
  const site = 'site.file=/etc/muster/site.yaml';
  expect(mode([site])).toBe(
    'off: no subnet is configured yet; /etc/muster/site.yaml is applied next, unless it was already',
  );
  expect(mode([])).toMatch(/so nobody gets an address: muster subnet add/);
  expect(mode([site, 'dhcp.port=off'])).toBe('off: DHCP is off');
});
