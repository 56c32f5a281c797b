import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listenApi } from '../../api/listen-api.ts';
import { openApiWorld } from '../../api/suite/api-world.ts';
import { readSite } from '../../core/site/read-site.ts';
import { EXIT } from '../exit-codes.ts';
import type { LocalCommands } from '../local-commands.ts';
import { NO_LOCAL_COMMANDS, runCaptured } from '../suite/captured-terminal.ts';
import type { OtherServers, SetupFacts } from './setup-facts.ts';

/** Without a terminal: what is not said is proposed. The questions are asked in test/clients/setup.test.ts. */

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-setup-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDE admin@desk';

function facts(change: Partial<SetupFacts> = {}): SetupFacts {
  return {
    cards: [
      {
        name: 'eth1',
        address: '192.168.50.1',
        network: '192.168.50.0/24',
        isChosen: true,
        because: 'it is wired',
        router: '192.168.50.254',
      },
      {
        name: 'docker0',
        address: '172.17.0.1',
        network: '172.17.0.0/16',
        isChosen: false,
        because: 'containers',
      },
    ],
    discFolders: [{ folder: '/srv/iso', discs: ['debian.iso'] }],
    dnsServers: ['9.9.9.9'],
    timezone: 'Europe/Berlin',
    sshKeys: [{ file: '/root/.ssh/id_ed25519.pub', key: KEY }],
    settingsFile: join(folder, 'muster.yaml'),
    imagesFolder: '/var/lib/muster/images',
    ...change,
  };
}

async function setup(
  words: string,
  change: Partial<SetupFacts> = {},
  others: OtherServers = { looked: true, servers: [] },
) {
  const local: LocalCommands = {
    ...NO_LOCAL_COMMANDS,
    setupFacts: async () => facts(change),
    otherServers: async () => others,
  };
  const line = words.split(' ').filter((word) => word !== '');
  return await runCaptured(['setup', ...line], { workingFolder: folder }, local);
}

async function written(name: string): Promise<unknown> {
  return parse(await readFile(join(folder, name), 'utf8'));
}

test('without a terminal all is proposed, told and written, and the next command is said', async () => {
  const { exitCode, out, err } = await setup('');
  expect([exitCode, out]).toEqual([EXIT.ok, '']);
  expect(err).toMatch(/^eth1: no other DHCP server answers there\n/);
  expect(err).toMatch(/Next: muster up\n$/);
  expect(await written('muster.yaml')).toEqual({
    interfaces: ['eth1'],
    images: { folder: '/srv/iso' },
    site: { file: join(folder, 'site.yaml') },
  });
  expect(await written('site.yaml')).toEqual({
    subnets: [
      {
        name: 'lan',
        network: '192.168.50.0/24',
        mode: 'full',
        ranges: [{ first: '192.168.50.100', last: '192.168.50.200' }],
        routers: ['192.168.50.254'],
        dnsServers: ['9.9.9.9'],
      },
    ],
    groups: [
      {
        name: 'everybody',
        selector: '!no-defaults',
        variables: { timezone: 'Europe/Berlin', root_ssh_keys: KEY },
      },
    ],
  });
  // It may hold the hash of a password.
  expect((await stat(join(folder, 'site.yaml'))).mode & 0o777).toBe(0o600);
});

test('the site file is one that muster apply takes', async () => {
  await setup('');
  const text = await readFile(join(folder, 'site.yaml'), 'utf8');
  const read = readSite([{ file: 'site.yaml', text }]);
  expect(read).toMatchObject({ read: true });
});

describe('who gives the addresses', () => {
  for (const [others, words, mode, ranges] of [
    [{ looked: true, servers: ['192.168.50.254'] }, '', 'proxy', undefined],
    [{ looked: true, servers: ['192.168.50.254'] }, '--dhcp own', 'full', 1],
    [{ looked: false, because: 'the right is missing' }, '', 'auto', 1],
    [{ looked: true, servers: [] }, '--dhcp beside', 'proxy', undefined],
  ] as const) {
    test(`${JSON.stringify(others)} ${words}: ${mode}`, async () => {
      expect((await setup(words, {}, others)).exitCode).toBe(EXIT.ok);
      const { subnets } = (await written('site.yaml')) as { subnets: { mode: string; ranges?: unknown[] }[] };
      expect([subnets[0]?.mode, subnets[0]?.ranges?.length]).toEqual([mode, ranges]);
      // Another server tells its clients of routers itself.
      expect('routers' in (subnets[0] ?? {})).toBe(mode !== 'proxy');
    });
  }
});

test('flags win over the file of answers, and that over what is proposed', async () => {
  const hash = '$6$salt$hash';
  await writeFile(
    join(folder, 'answers.yaml'),
    `interface: docker0\nrange: 172.17.1.1-172.17.1.9\ntimezone: UTC\npasswordHash: ${hash}\nimages: /srv/discs\n`,
  );
  expect((await setup('--answers answers.yaml --timezone Asia/Shanghai')).exitCode).toBe(EXIT.ok);
  expect(await written('muster.yaml')).toMatchObject({
    interfaces: ['docker0'],
    images: { folder: '/srv/discs' },
  });
  expect(await written('site.yaml')).toMatchObject({
    subnets: [{ network: '172.17.0.0/16', ranges: [{ first: '172.17.1.1', last: '172.17.1.9' }] }],
    groups: [{ variables: { timezone: 'Asia/Shanghai', root_password_hash: hash } }],
  });
});

test('an SSH key is read from its file, and what is none is refused', async () => {
  await writeFile(join(folder, 'id.pub'), `${KEY}\n`);
  await writeFile(join(folder, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  expect((await setup('--ssh-key-file id.pub', { sshKeys: [] })).exitCode).toBe(EXIT.ok);
  expect(await written('site.yaml')).toMatchObject({ groups: [{ variables: { root_ssh_keys: KEY } }] });
  const refused = await setup('--ssh-key-file id');
  expect([refused.exitCode, refused.err]).toEqual([EXIT.usage, expect.stringMatching(/is no public key/)]);
  expect(refused.err).not.toContain('BEGIN');
});

test('nothing is written over without a word, and what was there is kept', async () => {
  await writeFile(join(folder, 'muster.yaml'), 'interfaces: [eth9]\n');
  const refused = await setup('');
  expect(refused.exitCode).toBe(EXIT.usage);
  expect(await readFile(join(folder, 'muster.yaml'), 'utf8')).toBe('interfaces: [eth9]\n');
  expect((await setup('-y')).exitCode).toBe(EXIT.ok);
  expect(await readFile(join(folder, 'muster.yaml.old'), 'utf8')).toBe('interfaces: [eth9]\n');
  expect(await written('muster.yaml')).toMatchObject({ interfaces: ['eth1'] });
});

test('--dry-run shows both files and writes none', async () => {
  const { out } = await setup('--dry-run --settings-file other/my.yaml');
  expect(out).toMatch(new RegExp(`^# ${folder}/other/my\\.yaml\\n`));
  expect(out).toContain(`# ${folder}/other/site.yaml\n`);
  await expect(stat(join(folder, 'other'))).rejects.toThrow('ENOENT');
});

test('other places are written to, and the next command names them', async () => {
  const { err } = await setup('--settings-file a/my.yaml --site-file b/lab.yaml');
  expect(err).toContain(`Next: muster up --config ${folder}/a/my.yaml\n`);
  expect(await written('a/my.yaml')).toMatchObject({ site: { file: join(folder, 'b/lab.yaml') } });
  expect(await written('b/lab.yaml')).toMatchObject({ groups: [{ name: 'everybody' }] });
});

test('where Muster runs already, that is started anew and told', async () => {
  const world = await openApiWorld();
  const api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  const local: LocalCommands = {
    ...NO_LOCAL_COMMANDS,
    setupFacts: async () => facts(),
    localDoor: async () => ({ url: api.url, token: 'local' }),
  };
  const { err } = await runCaptured(['setup', '--dhcp', 'own'], { workingFolder: folder }, local);
  expect(err).toMatch(/Muster runs here already: stop it, and start it anew; it takes both\n$/);
  await api.close();
  await world.close();
});

test('where it is a service, that reads the site file, and is what is started next', async () => {
  const group = process.getgid?.() ?? 0;
  const { err } = await setup('', { isService: true, serviceGroup: group });
  expect(err).toMatch(/Next: sudo systemctl enable --now muster\n$/);
  const { mode, gid } = await stat(join(folder, 'site.yaml'));
  expect([mode & 0o777, gid]).toEqual([0o640, group]);
});

describe('what cannot be', () => {
  for (const [words, change, exitCode, because] of [
    ['--interface eth9', {}, EXIT.badConfiguration, /no card "eth9".*eth1, docker0/],
    ['', { cards: [] }, EXIT.failed, /ip addr add/],
    ['--range 10.0.0.1-10.0.0.9', {}, EXIT.badConfiguration, /not within 192\.168\.50\.0\/24/],
    ['--range all', {}, EXIT.badConfiguration, /two addresses are wanted/i],
    ['--dhcp maybe', {}, EXIT.usage, /own, beside, auto/],
    ['--answers nowhere.yaml', {}, EXIT.failed, /nowhere\.yaml/],
    ['--settings-file /proc/muster.yaml', {}, EXIT.failed, /Cannot write \/proc\/muster\.yaml/],
  ] as const) {
    test(`${words || 'no card'}: ${because}`, async () => {
      const result = await setup(words, change);
      expect([result.exitCode, result.err]).toEqual([exitCode, expect.stringMatching(because)]);
    });
  }

  for (const [text, because] of [
    ['nonsense: 1', /nonsense/],
    ['timezone: [a', /answers\.yaml: /],
    ['passwordHash: secret', /a hash is wanted/],
    ['images: iso', /a whole path is wanted/],
  ] as const) {
    test(`answers that say "${text}": ${because}`, async () => {
      await writeFile(join(folder, 'answers.yaml'), text);
      const { exitCode, err } = await setup('--answers answers.yaml');
      expect([exitCode, err]).toEqual([EXIT.badConfiguration, expect.stringMatching(because)]);
    });
  }
});
