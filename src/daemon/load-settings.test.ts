import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings, SettingsError } from './load-settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(
  options: {
    file?: string;
    environment?: Record<string, string>;
    flags?: readonly string[];
    uid?: number;
  } = {},
) {
  const path = join(folder, 'muster.yaml');
  if (options.file !== undefined) writeFileSync(path, options.file);
  return loadSettings({
    flags: options.flags ?? [],
    environment: { XDG_CONFIG_HOME: folder, ...options.environment },
    uid: options.uid ?? 1000,
    ...(options.file === undefined ? {} : { file: path }),
  });
}

test('without any source the defaults hold', () => {
  const { settings, origins } = load({ environment: { XDG_DATA_HOME: '/home/ann/.data' } });
  expect(settings).toMatchObject({
    interfaces: [],
    'dhcp.port': 67,
    'tftp.port': 69,
    'api.port': 8067,
    dataFolder: '/home/ann/.data/muster',
  });
  expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
});

test('root keeps its data where a system service does', () => {
  expect(load({ uid: 0 }).settings.dataFolder).toBe('/var/lib/muster');
});

test('a flag wins over a variable, a variable over the file, and each is named as the origin', () => {
  const { settings, origins } = load({
    file: 'interfaces: [eth1]\ntftp:\n  root: /srv/tftp\n  port: 6969\ndhcp.port: off\n',
    environment: { MUSTER_TFTP_PORT: '7069', MUSTER_INTERFACES: 'eth2,eth3' },
    flags: ['interfaces=br0'],
  });
  expect(settings).toMatchObject({
    interfaces: ['br0'],
    'tftp.root': '/srv/tftp',
    'tftp.port': 7069,
    'dhcp.port': 'off',
  });
  expect(origins.interfaces).toBe('--set');
  expect(origins['tftp.port']).toBe('MUSTER_TFTP_PORT');
  expect(origins['tftp.root']).toBe(`${join(folder, 'muster.yaml')}:3`);
});

test('limits of TFTP are numbers or off, and options are named', () => {
  const { settings } = load({
    file: 'tftp:\n  perSource: 8\n  requestsPerSecond: off\n  refuseOptions: [blksize, windowsize]\n',
    environment: { MUSTER_TFTP_REQUESTS_PER_SECOND_IN_ALL: '500', MUSTER_TFTP_MTU: '1400' },
    flags: ['tftp.refuseOptions=blksize'],
  });
  expect(settings).toMatchObject({
    'tftp.perSource': 8,
    'tftp.requestsPerSecond': 'off',
    'tftp.requestsPerSecondInAll': 500,
    'tftp.mtu': 1400,
    'tftp.refuseOptions': ['blksize'],
  });
});

test('files in conf.d win over the main file, in order of their names', () => {
  const home = join(folder, 'muster');
  mkdirSync(join(home, 'conf.d'), { recursive: true });
  writeFileSync(join(home, 'muster.yaml'), 'log: {level: error}\n');
  writeFileSync(join(home, 'conf.d/20-b.yaml'), 'log: {level: warn}\n');
  writeFileSync(join(home, 'conf.d/10-a.yaml'), 'log: {level: debug, format: json}\n');
  expect(load().settings).toMatchObject({ 'log.level': 'warn', 'log.format': 'json' });
});

test.each([
  [
    'a port that is none',
    'tftp:\n  port: 70000\n',
    /muster\.yaml:2:9: tftp\.port: 70000 is not a port: a number from 1 to 65535 is wanted, or off/,
  ],
  [
    'a name that does not exist',
    'interfaces: auto\nintefaces: [eth0]\n',
    /muster\.yaml:2:1: there is no setting "intefaces": there are interfaces,/,
  ],
  [
    'a relative folder',
    'dataFolder: data\n',
    /muster\.yaml:1:13: dataFolder: "data" is not a folder: an absolute path/,
  ],
  [
    'the API on no address',
    'api: {address: everywhere}\n',
    /muster\.yaml:1:16: .*"everywhere" is no IP address: 127\.0\.0\.1 is this computer alone/,
  ],
  ['YAML that does not parse', 'tftp: [1\n', /muster\.yaml:\d+:\d+: /],
  [
    'YAML deeper than any settings',
    `tftp: ${'['.repeat(200_000)}`,
    /muster\.yaml:1:106: lists and mappings go deeper than 100 here$/,
  ],
  [
    'an alias',
    'interfaces: [&a eth0, *a]\n',
    /muster\.yaml:1:23: \*a is an alias, and nothing is repeated that way here: write it out/,
  ],
  ['a list in place of settings', '- a\n', /names with values are wanted/],
])('%s is refused with its place', (_, file, message) => {
  expect(() => load({ file })).toThrow(SettingsError);
  expect(() => load({ file })).toThrow(message);
});

test('a file the user named must be there', () => {
  expect(() => loadSettings({ flags: [], environment: {}, uid: 0, file: join(folder, 'gone.yaml') })).toThrow(
    /Cannot read .*gone\.yaml/,
  );
});

test.each([
  ['tftp.root', /NAME=VALUE is wanted/],
  ['tftp.mtu=500', /"500" is not a number from 576 to 65535/],
  ['tftp.requestsPerSecond=0', /a number from 1 to 1000000 is wanted, or off/],
  ['tftp.refuseOptions=blocksize', /"blocksize" is not a list of TFTP options: blksize, windowsize/],
  ['tftp.rot=/x', /there is no setting "tftp\.rot"/],
  ['log.level=loud', /--set: log\.level: "loud" is none of error, warn, info, debug/],
])('the flag --set %s is refused', (flag, message) => {
  expect(() => load({ flags: [flag] })).toThrow(message);
});
