import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld, START_MS } from '../api/suite/api-world.ts';
import type { FactReport } from '../core/machines/facts.ts';
import { parseMac } from '../lib/addresses.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';

/** What is known of machines, and what is done with those that are not, by real commands against a real API. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

async function muster(line: string): Promise<CliResult> {
  const words = line.split(' ').filter((word) => word !== '');
  return await runCaptured(words, { environment: { MUSTER_SERVER: api.url }, workingFolder: folder });
}

const MEASURED: FactReport = {
  source: 'installer',
  atMs: START_MS,
  facts: {
    vendor: 'Dell\u009b31m Inc.',
    product: 'R640',
    cpu: { model: 'Xeon', cores: 8, threads: 16 },
    memoryMegabytes: 65_536,
    disks: [
      { name: 'sda', bytes: 1e12, rotational: true, holdsData: true, holds: 'a file system (XFS)' },
      { name: 'sdb', bytes: 5e11, serial: 'S1', rotational: false, holdsData: false },
      { name: 'sdc', bytes: 5e11 },
    ],
    nics: [
      {
        mac: parseMac('525400123456'),
        name: 'eth0',
        driver: 'ixgbe',
        speedMegabits: 10_000,
        lldp: { chassis: 'aa:bb', system: 'sw1', port: 'Gi1/0/7' },
      },
    ],
  },
};

describe('facts', () => {
  test('of a machine that told nothing, say when it will', async () => {
    await muster('machine add web1 --mac 525400123456');
    const shown = await muster('machine facts web1');
    expect(shown).toMatchObject({ exitCode: EXIT.ok, out: '' });
    expect(shown.err).toMatch(/^Nothing is known of web1: it tells when it boots from the network/);
    expect((await muster('machine show web1')).out).not.toMatch(/hardware/);
  });

  test('are told with who said them, and no byte of a machine reaches the terminal', async () => {
    await world.stores.facts.put('m-000000000001', MEASURED);
    const dhcp: FactReport = { source: 'dhcp', atMs: START_MS, facts: { firmware: 'UEFI' } };
    await world.stores.facts.put('m-000000000001', dhcp);
    expect((await muster('machine facts web1')).out).toBe(
      [
        'vendor         Dell\\u{9b}31m Inc. (installer, 2026-11-23 13:00:00)',
        'product        R640 (installer, 2026-11-23 13:00:00)',
        'firmware       UEFI (dhcp, 2026-11-23 13:00:00)',
        'processor      Xeon, 8 cores, 16 threads (installer, 2026-11-23 13:00:00)',
        'memory         65536 MiB (installer, 2026-11-23 13:00:00)',
        'disks          sda, 1 TB, spins, holds a file system (XFS)',
        '               sdb, 500 GB, serial S1, is blank',
        '               sdc, 500 GB',
        '               (installer, 2026-11-23 13:00:00)',
        'network cards  52:54:00:12:34:56, eth0, ixgbe, 10000 Mbit/s, plugged into sw1 Gi1/0/7 (installer, 2026-11-23 13:00:00)',
        '',
      ].join('\n'),
    );
    expect((await muster('machine show web1')).out).toMatch(
      /\nhardware +Dell\\u\{9b\}31m Inc\. R640, Xeon, 8 cores, 16 threads, 65536 MiB, 3 disks, 1 network card\n$/,
    );
    const json = JSON.parse((await muster('machine facts web1 -o json')).out);
    expect(json).toMatchObject({ machine: 'web1', origins: { firmware: { source: 'dhcp' } } });
  });

  test('of no machine are refused', async () => {
    expect(await muster('machine facts web9')).toMatchObject({
      exitCode: EXIT.failed,
      err: 'muster: There is no machine "web9". Did you mean "web1"? Which there are: muster machine ls\n',
    });
  });
});

const RULES = `# By who made it.
maximum: 40
rules:
  - when: { vendor: Dell*, subnet: lab }
    name: dell-{n:03}
    labels: { maker: dell }
  - name: node-{mac}
`;

describe('rules for unknown machines', () => {
  test('come from a file, are shown, and hold once the policy says so', async () => {
    await writeFile(join(folder, 'rules.yaml'), RULES);
    expect(await muster('policy enrol rules.yaml')).toMatchObject({
      exitCode: EXIT.ok,
      err: '2 rules may make 40 machines known, once muster policy set --unknown-machines enrol is said\n',
    });
    await muster('policy set --unknown-machines enrol');
    expect((await muster('policy show')).out).toMatch(
      /unknown machines +are known from then on where a rule fits\nmade known +40 machines at most\nrules +dell-\{n:03\}: subnet lab, vendor Dell\*\n +node-\{mac\}: every machine\n/,
    );
    expect((await muster('policy enrol --maximum 5')).err).toBe('2 rules may make 5 machines known\n');
    await writeFile(join(folder, 'list.json'), '[{"name":"pc-{n}"}]');
    expect((await muster('policy enrol list.json')).err).toBe('1 rule may make 5 machines known\n');
  });

  for (const [what, text, err] of [
    [
      'a field that there is not',
      '- name: a-{n}\n  whn: {}\n',
      /^muster: r\.yaml:1:3: rules\[0\]: there is no field "whn"/,
    ],
    [
      'every mistake with its place',
      'rules:\n  - when:\n      firmware: EFI\n    name: a-{n}\n  - name: 7\n',
      /^muster: r\.yaml:3:17: .*none of BIOS, UEFI, U-Boot\nmuster: r\.yaml:5:11: .*a text is wanted\n$/,
    ],
    ['YAML that is none', 'rules: [\n', /^muster: r\.yaml:2:1: /],
    [
      'YAML deeper than any rules',
      `rules: ${'['.repeat(200_000)}`,
      /^muster: r\.yaml:1:107: lists and mappings go deeper than 100 here\n$/,
    ],
    [
      'an alias',
      '- name: &a a-{n}\n- name: *a\n',
      /^muster: r\.yaml:2:9: \*a is an alias, and nothing is repeated that way here/,
    ],
    ['no rules', 'seven', /^muster: r\.yaml:1:1: /],
    ['nothing', '', /^muster: r\.yaml:1:1: /],
    ['no MAC address', '- name: a-{n}\n  when: { mac: zz }\n', /^muster: r\.yaml:2:16: /],
  ] as const) {
    test(`with ${what} are refused, and nothing is changed`, async () => {
      const before = (await muster('policy show -o json')).out;
      await writeFile(join(folder, 'r.yaml'), text);
      expect(await muster('policy enrol r.yaml')).toMatchObject({
        exitCode: EXIT.failed,
        out: '',
        err: expect.stringMatching(err),
      });
      expect((await muster('policy show -o json')).out).toBe(before);
    });
  }

  for (const [line, exitCode, err] of [
    ['policy enrol', EXIT.usage, /Name a file with rules, or say --maximum/],
    ['policy enrol gone.yaml', EXIT.failed, /Cannot read the rules/],
    ['policy set --unknown-machines sometimes', EXIT.usage, /menu, ignore, discover, enrol/],
    ['policy set --discovery-image gone', EXIT.badConfiguration, /There is no image "gone"/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      expect(await muster(line)).toMatchObject({ exitCode, err: expect.stringMatching(err) });
    });
  }

  test('that could make no machine known are refused by the server', async () => {
    await writeFile(join(folder, 'bad.yaml'), '- name: same\n');
    expect(await muster('policy enrol bad.yaml')).toMatchObject({
      exitCode: EXIT.badConfiguration,
      err: expect.stringMatching(/Rule 1 of enrol: name "same" gives every machine the same name/),
    });
    await writeFile(join(folder, 'arm.yaml'), '- name: a-{n}\n  arm: true\n');
    expect((await muster('policy enrol arm.yaml')).err).toMatch(/it says arm, and no profile/);
  });
});

describe('tools', () => {
  test('are listed, and armed like an install', async () => {
    await muster(`image add ${world.tree} --name centos-7`);
    const listed = (await muster('boot ls')).out;
    expect(listed).toMatch(/^TOOL +IMAGES +DOES\nlocal-disk/);
    expect(listed).toMatch(/\nmemtest +- +no image is there: it takes memtest86\+/);
    expect(await muster('boot web1 rescue')).toMatchObject({
      exitCode: EXIT.ok,
      err: 'web1 boots rescue (rescue@centos-7) when it boots from the network, once. Follow it with: muster events -f web1\n',
    });
    expect((await muster('explain web1')).out).toMatch(/^Gets its tree over HTTP, /m);
    const [open] = JSON.parse((await muster('install ls -o json')).out);
    await muster(`install cancel ${open.id}`);
    expect(await muster('boot web1 wipe --disk sda --erase -o name')).toMatchObject({
      out: expect.stringMatching(/^i-/),
    });
  });

  for (const [line, exitCode, err] of [
    ['boot web1 wipe', EXIT.usage, /Say its name below \/dev with --disk/],
    ['boot web1 wipe --disk sda', EXIT.usage, /there is no terminal to ask on .*so say --erase/],
    ['boot web1 wipe --disk sda -y', EXIT.usage, /so say --erase/],
    ['boot web1 wipe --disk ../sda --erase', EXIT.badConfiguration, /is not a disk/],
    ['boot web1 memtest', EXIT.failed, /Memtest: no image is there: it takes memtest86\+/],
    ['boot web1 format', EXIT.usage, /Allowed choices are discover, memtest/],
    ['boot web9 rescue', EXIT.failed, /no machine "web9"/],
    ['boot web1 local-disk', EXIT.failed, /boots its own disk whenever nothing is armed/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      expect(await muster(line)).toMatchObject({ exitCode, err: expect.stringMatching(err) });
    });
  }
});
