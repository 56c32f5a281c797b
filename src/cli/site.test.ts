import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';
import type { Terminal } from './terminal.ts';

/** Site files against a real API on a real port, in the order of a day. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-site-'));
  await muster(`image add ${world.tree} --name centos-7`);
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

async function muster(line: string, change: Partial<Terminal> = {}): Promise<CliResult> {
  const words = line.split(' ').filter((word) => word !== '');
  return await runCaptured(words, {
    environment: { MUSTER_SERVER: api.url },
    workingFolder: folder,
    ...change,
  });
}

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

async function exported(flags = ''): Promise<string> {
  const { out, exitCode, err } = await muster(`export ${flags}`);
  expect(exitCode, err).toBe(EXIT.ok);
  return out;
}

const SITE = `images: [centos-7]
subnets:
  - name: lab
    network: 192.168.122.0/24
    ranges: [{ first: 192.168.122.100, last: 192.168.122.200 }]
    options: [{ option: 42, value: 192.168.122.1 }]
mirrors:
  - { name: debian, url: 'http://me:secret@127.0.0.1:9/debian', maxBytes: 2000000000 }
---
snippets:
  - name: motd
    text: |
      # {{ machine.name }} {{ rack }}
profiles:
  - name: plain
    image: centos-7
    template: |
      url --url={{ urls.tree }}
      {% include "motd" %}
    variables: { root_password_hash: $6$salt$hash }
groups:
  - name: rack-a
    selector: rack=a,!old
    profile: plain
    variables: { rack: 3, domain: no }
machines:
  - name: web-1
    macs: [525400000001]
    labels: { rack: a }
    variables:
      user_password_hash: $6$salt$other
  - { name: web-2, macs: [ 52-54-00-00-00-02 ] }
policy:
  unknownMachines: ignore
  menu: { images: [centos-7] }
`;

describe('a site', () => {
  test('is applied as a whole by one command, and then it is as it was', async () => {
    await write('site.yaml', SITE);
    const first = await muster('apply -f site.yaml');
    expect(first).toEqual({
      exitCode: EXIT.ok,
      out: [
        '+ mirror debian\n',
        '+ subnet lab\n',
        '+ snippet motd\n',
        '+ profile plain\n',
        '+ group rack-a\n',
        '+ machine web-1\n',
        '+ machine web-2\n',
        '~ policy: menu, unknownMachines\n',
      ].join(''),
      err: '7 things added, 1 thing changed, 0 things taken away, 0 as it was\n',
    });
    expect(await muster('apply -f site.yaml')).toEqual({
      exitCode: EXIT.ok,
      out: '',
      err: '0 things added, 0 things changed, 0 things taken away, 8 as it was\n',
    });
    expect((await muster('install web-1')).err).toMatch(/of profile plain is armed/);
    expect((await muster('profile render plain --machine web-1')).out).toMatch(/\n# web-1 3\n/);
    const { out } = await muster('events -o json --limit 100');
    expect(out).toContain('A site was applied: 7 added, 1 changed, 0 taken away');
    expect(await muster('mirror show debian')).toMatchObject({ exitCode: EXIT.ok });
  });

  test('is exported without secrets, and applied again it changes nothing', async () => {
    const text = await exported();
    expect(text).not.toMatch(/\$6\$|secret/);
    expect(text).toMatch(
      /^# Images that must be there; [^]*\nimages:\n {2}- centos-7\n\n# Package mirrors\.\n/,
    );
    expect(text).toContain('\ngroups:\n  - name: rack-a\n    selector: rack=a,!old\n    priority: 0\n');
    await write('export.yaml', text);
    expect(await muster('diff -f export.yaml')).toEqual({ exitCode: EXIT.ok, out: '', err: '' });
    expect((await muster('apply -f export.yaml')).err).toMatch(/^0 things added, .* 8 as it was\n$/);
    const secrets = await exported('--with-secrets');
    expect(secrets).toMatch(
      /root_password_hash: \$6\$salt\$hash\n[^]*user_password_hash: \$6\$salt\$other\n/,
    );
    expect(secrets).toContain('me:secret@');
    await write('secrets.yaml', secrets);
    expect((await muster('apply -f secrets.yaml')).err).toMatch(/^0 things added, .* 8 as it was\n$/);
  });

  test('is exported in part, and as JSON', async () => {
    expect(await exported('--kind policy --kind machine')).toMatch(
      /^# Machines, [^]*\nmachines:\n[^]*\n# What holds for every machine\.\npolicy:\n/,
    );
    const json = await exported('--kind group -o json');
    expect(JSON.parse(json)).toMatchObject({ groups: [{ name: 'rack-a' }] });
    await write('site.json', json);
    expect((await muster('apply -f site.json')).err).toMatch(/ 1 as it was\n$/);
    expect((await muster('export --kind tape')).exitCode).toBe(EXIT.usage);
  });

  test('is compared, and nothing is changed by that', async () => {
    await write(
      'changed.yaml',
      [
        'machines:',
        '  - name: web-1',
        '    macs: ["525400000001", 525400000009]',
        '    labels: { rack: a }',
        '    variables: { user_password_hash: "$6$salt$new" }',
        '  - { name: web-3, macs: ["525400000003"] }',
        '',
      ].join('\n'),
    );
    const { out, exitCode } = await muster('diff -f changed.yaml --prune');
    expect(exitCode).toBe(1);
    expect(out).toBe(
      [
        '--- machine web-1 (as it is)',
        '+++ machine web-1 (changed.yaml)',
        '@@ -1,7 +1,8 @@',
        ' name: web-1',
        ' macs:',
        '   - "52:54:00:00:00:01"',
        '+  - "52:54:00:00:00:09"',
        ' labels:',
        '   rack: a',
        ' variables:',
        '-  user_password_hash: (secret)',
        '+  user_password_hash: (another secret)',
        '--- machine web-2 (as it is)',
        '+++ /dev/null',
        '@@ -1,3 +0,0 @@',
        '-name: web-2',
        '-macs:',
        '-  - "52:54:00:00:00:02"',
        '--- /dev/null',
        '+++ machine web-3 (changed.yaml)',
        '@@ -0,0 +1,3 @@',
        '+name: web-3',
        '+macs:',
        '+  - "52:54:00:00:00:03"',
        '',
      ].join('\n'),
    );
    const dry = await muster('apply -f changed.yaml --dry-run');
    expect(dry.out).toBe('~ machine web-1: macs, variables\n+ machine web-3\n');
    expect(dry.err).toMatch(/^Nothing was changed; it would be 1 thing added, 1 thing changed, /);
    expect((await muster('apply -f export.yaml')).err).toMatch(/^0 things added, .* 8 as it was\n$/);
    const colored = await muster('diff -f changed.yaml', { outIsTerminal: true });
    expect(colored.out).toContain('\u001B[32m+  - "52:54:00:00:00:09"\u001B[0m\n');
    expect(JSON.parse((await muster('diff -f changed.yaml -o json')).out)).toMatchObject({
      applied: false,
      changes: [{ kind: 'machine', name: 'web-1', fields: ['macs', 'variables'] }, { change: 'add' }],
    });
  });

  test('takes away what is not in it only when it is told to, and asks before', async () => {
    await write(
      'fewer.yaml',
      'machines:\n  - { name: web-1, macs: ["525400000001"], labels: { rack: a } }\n',
    );
    expect((await muster('apply -f fewer.yaml')).err).toMatch(/ 0 things taken away, 1 as it was\n$/);
    const unasked = await muster('apply -f fewer.yaml --prune');
    expect(unasked).toMatchObject({
      exitCode: EXIT.usage,
      err: expect.stringMatching(/Take away machine web-2, /),
    });
    expect((await muster('machine ls -o name')).out).toBe('web-1\nweb-2\n');
    expect((await muster('apply -f fewer.yaml --prune -y')).out).toBe('- machine web-2\n');
    expect((await muster('machine ls -o name')).out).toBe('web-1\n');
    expect((await muster('group ls -o name')).out).toBe('rack-a\n');
  });

  test('comes from standard input, and from a folder of files in the order of their names', async () => {
    const piped = await muster('apply -f -', {
      readInput: () => Promise.resolve('{"machines": [{"name": "web-4", "macs": ["525400000004"]}]}'),
    });
    expect(piped.out).toBe('+ machine web-4\n');
    await mkdir(join(folder, 'parts'));
    await write('parts/10-a.yaml', 'machines:\n  - { name: web-5, macs: ["525400000005"] }\n');
    await write('parts/20-b.yml', 'machines:\n  - { name: web-6, macs: ["525400000006"] }\n');
    await write('parts/notes.txt', 'no site');
    expect((await muster('apply -f parts')).out).toBe('+ machine web-5\n+ machine web-6\n');
    await write('parts/30-c.yaml', 'machines: [{ name: web-5, macs: [525400000007] }]\n');
    expect((await muster('apply -f parts')).err).toMatch(/^parts\/30-c\.yaml:1:20: "web-5" stands twice/);
  });
});

describe('how power is reached, and hooks', () => {
  const PASSWORD = 'a-password-of-bmc';
  const KEY = 'a-key-of-sixteen-characters';
  const text = [
    'power:', //                                                                       1
    '  - machine: web-1', //                                                           2
    '    driver: ipmi', //                                                             3
    '    host: 127.0.0.1', //                                                          4
    '    user: 007', //                                                                5
    '    secretFile: bmc', //                                                          6
    '  - { machine: web-5, driver: command, argv: [switch, outlet, 3] }', //           7
    'hooks:', //                                                                       8
    '  - { name: chat, events: ["power.*"], url: "http://127.0.0.1:9/", secretFile: key }', // 9
    '  - { name: tickets, events: ["*"], argv: [say], mode: off }', //                 10
    '',
  ].join('\n');

  test('name their secrets, and which folder those are in is for a person to say', async () => {
    await write('reach.yaml', text);
    const unsaid = await muster('apply -f reach.yaml');
    expect(unsaid.err).toMatch(
      /^reach\.yaml:6:17: which folder is bmc in\? --secrets FOLDER says it\nreach\.yaml:9:80: which folder is key in/,
    );
    await mkdir(join(folder, 'keys'));
    await write('keys/bmc', `${PASSWORD}\n`);
    await write('keys/key', 'two\nlines\n');
    const bad = await muster('apply -f reach.yaml --secrets keys');
    expect(bad.err).toMatch(/^reach\.yaml:9:80: .*\/keys\/key holds no secret: one line is wanted\n/);
    expect(bad.exitCode).toBe(EXIT.failed);
    await write('reach-up.yaml', text.replace('secretFile: bmc', 'secretFile: ../keys/bmc'));
    expect((await muster('apply -f reach-up.yaml --secrets keys')).err).toMatch(
      /^reach-up\.yaml:6:17: secretFile: the name of a file is wanted, without a folder/,
    );
    await write('reach-open.yaml', text.replace('secretFile: bmc', `newSecret: ${PASSWORD}`));
    expect((await muster('diff -f reach-open.yaml --secrets keys')).err).toMatch(
      /^reach-open\.yaml:6:16: a site file holds no secret as it is/,
    );
    expect((await muster('power ls -o name')).out).toBe('');
  });

  test('are set with the rest, and again without a change', async () => {
    await write('keys/key', KEY);
    const { out, err, exitCode } = await muster('apply -f reach.yaml --secrets keys');
    expect([exitCode, out], err).toEqual([
      EXIT.ok,
      '+ power web-1\n+ power web-5\n+ hook chat\n+ hook tickets\n',
    ]);
    const again = await muster('apply -f reach.yaml --secrets keys');
    expect(again.err).toMatch(/^0 things added, 0 things changed, 0 things taken away, 4 as it was\n$/);
    const [bmc] = await world.stores.power.list();
    expect(await world.stores.power.secretOf(bmc?.machineId ?? '')).toBe(PASSWORD);
    expect(await world.stores.hooks.secretOf('chat')).toBe(KEY);
    expect((await muster('hook ls -o name')).out).toBe('chat\ntickets\n');
  });

  test('are exported without their secrets, and what was exported changes nothing', async () => {
    const out = await exported('--with-secrets');
    expect(out).not.toMatch(/a-password|a-key/);
    expect(out).toMatch(/\npower:\n {2}- machine: web-1\n {4}driver: ipmi\n[^]* {4}secret: kept\n/);
    await write('export.yaml', out);
    expect(await muster('diff -f export.yaml')).toEqual({ exitCode: EXIT.ok, out: '', err: '' });
    expect(await exported('--with-secrets')).toBe(out);
  });

  test('keep a password from another place, and say what is missing before anything is changed', async () => {
    const before = await exported('--kind power --kind hook');
    await write(
      'moved.yaml',
      before
        .replace('127.0.0.1\n', '127.0.0.2\n')
        .replace('name: tickets', 'name: other\n    secret: kept')
        .concat('  - { name: none, events: ["*"], url: "http://h/" }\n'),
    );
    const { err, exitCode } = await muster('apply -f moved.yaml');
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toMatch(
      /^moved\.yaml:\d+:13: the secret that is kept for the power of web-1 was for another place or user, [^\n]*: name a file that holds it as secretFile/,
    );
    expect(err).toMatch(/\nmoved\.yaml:\d+:13: no secret is kept for hook other: /);
    expect(err).toMatch(/\nmoved\.yaml:\d+:5: no secret is kept for hook none: /);
    expect(await exported('--kind power --kind hook')).toBe(before);
  });

  test('sign for another URL with the key that is kept, and hand it to no program', async () => {
    const before = await exported('--kind hook');
    await write('hooks.yaml', before.replace('127.0.0.1:9/', '127.0.0.1:9/new'));
    expect((await muster('diff -f hooks.yaml -o json')).out).toMatch(/"fields": ?\[\s*"url"\s*\]/);
    const toProgram = before.replace(/url: .*/, 'argv: [say]');
    await write('hooks.yaml', toProgram);
    expect((await muster('apply -f hooks.yaml')).err).toMatch(
      /^hooks\.yaml:\d+:13: the key that is kept was given for another program, or for a server, and goes nowhere else unasked: name a file/,
    );
    await write('hooks.yaml', toProgram.replace(/ *secret: kept\n/, ''));
    expect((await muster('diff -f hooks.yaml')).out).toMatch(/^-secret: kept$/m);
  });

  test('differ by another secret, which is told and not shown', async () => {
    await write('keys/bmc', 'another-password');
    const { out, exitCode } = await muster('diff -f reach.yaml --secrets keys');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^-secret: kept\n\+secret: \(another secret\)$/m);
    expect(out).not.toContain('another-password');
    await write('reach.yaml', text.replace('outlet, 3', 'outlet, 4').replace('mode: off', 'mode: on'));
    const applied = await muster('apply -f reach.yaml --secrets keys');
    expect(applied.out).toBe('~ power web-1: secret\n~ power web-5: argv\n~ hook tickets: mode\n');
    const [bmc] = await world.stores.power.list();
    expect(await world.stores.power.secretOf(bmc?.machineId ?? '')).toBe('another-password');
  });

  test('are refused for a machine that is not there, and where the driver could not use them', async () => {
    await write(
      'bad.yaml',
      [
        'power:',
        '  - { machine: absent, driver: wol }',
        '  - { machine: web-1, driver: redfish, url: "nonsense", user: x }',
        '  - { machine: web-5, driver: tape }',
        '',
      ].join('\n'),
    );
    expect((await muster('apply -f bad.yaml')).err).toMatch(/^bad\.yaml:4:31: driver: /);
    await write(
      'bad.yaml',
      'power:\n  - { machine: absent, driver: wol }\n  - { machine: web-1, driver: redfish, url: "nonsense", user: x }\n',
    );
    const { err } = await muster('apply -f bad.yaml');
    expect(err).toMatch(
      /^bad\.yaml:2:16: there is no machine "absent" whose power this could be\nbad\.yaml:3:5: the URL of the BMC is no URL/,
    );
  });

  test('go only where their section is there, and with their machine', async () => {
    await write(
      'pruned.yaml',
      'hooks: []\npower: [{ machine: web-1, driver: ipmi, host: 127.0.0.1, user: 007 }]\n',
    );
    expect((await muster('apply -f pruned.yaml --prune -y')).out).toBe(
      '- power web-5\n- hook chat\n- hook tickets\n',
    );
    expect((await muster('hook ls -o name')).out).toBe('');
    expect((await muster('power ls -o name')).out).toBe('web-1\n');
  });
});

describe('a faulty site changes nothing, and every fault is told with its line and column', () => {
  test('where fields are wrong', async () => {
    await write(
      'bad.yaml',
      [
        'machines:', //                           1
        '  - name: web_9', //                     2
        '    macs: [5254, 525400000009]', //      3
        '    labels: { "-x": 1, y: null }', //    4
        '    variable: { a: b }', //              5
        '  - macs: [525400000009]', //            6
        'machine: []', //                         7
        'subnets:', //                            8
        '  - name: lab2', //                      9
        '    network: 10.0.0.1/8', //             10
        '    ranges: [{ frist: 10.0.0.1 }]', //   11
        'policy: { menu: { titel: x } }', //      12
        'profiles: { name: x }', //               13
        '- x', //                                 14
        '',
      ].join('\n'),
    );
    const broken = await muster('apply -f bad.yaml');
    expect(broken.err).toMatch(/^bad\.yaml:14:1: /);
    await write('bad.yaml', (await readBad()).replace('- x\n', ''));
    const { err, exitCode, out } = await muster('apply -f bad.yaml');
    expect([exitCode, out]).toEqual([EXIT.failed, '']);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^bad\.yaml:2:11: name: a host name is wanted/),
      'bad.yaml:3:12: macs[0]: "5254" is not a MAC address: six octets are wanted, such as 52:54:00:12:34:56',
      expect.stringMatching(/^bad\.yaml:4:21: labels\.-x: "-x" cannot be a name here: /),
      'bad.yaml:4:27: labels.y: null is there, and a text is wanted',
      'bad.yaml:5:5: there is no field "variable": did you mean "variables"?',
      'bad.yaml:6:5: name: is missing',
      'bad.yaml:7:1: there is no section "machine": did you mean "machines"?',
      expect.stringMatching(/^bad\.yaml:10:14: network: /),
      'bad.yaml:11:14: ranges[0].first: is missing',
      'bad.yaml:11:14: ranges[0].last: is missing',
      'bad.yaml:11:16: there is no field "frist": did you mean "first"?',
      'bad.yaml:12:19: there is no field "titel": did you mean "title"?',
      'bad.yaml:13:11: profiles: a list is wanted, each entry with "- " before it',
      'muster: Nothing was changed: 13 faults',
      '',
    ]);
  });

  async function readBad(): Promise<string> {
    const { readFile } = await import('node:fs/promises');
    return await readFile(join(folder, 'bad.yaml'), 'utf8');
  }

  test('where things do not fit together', async () => {
    const before = await exported('--with-secrets');
    await write(
      'bad.yaml',
      [
        'images: [none]', //                                                             1
        'subnets:', //                                                                   2
        '  - { name: a, network: 10.1.0.0/16 }', //                                      3
        '  - { name: b, network: 10.1.2.0/24 }', //                                      4
        '  - name: c', //                                                                5
        '    network: 10.2.0.0/16', //                                                   6
        '    options: [{ option: no-such-option, value: x }]', //                        7
        'profiles: [{ name: new, image: none }]', //                                     8
        'groups:', //                                                                    9
        '  - { name: g, selector: "rack=a,", profile: absent }', //                      10
        '  - { name: h, selector: " " }', //                                             11
        'machines:', //                                                                  12
        '  - { name: new-1, macs: [525400000011, 525400000001] }', //                    13
        '  - { name: new-2, macs: [525400000011] }', //                                  14
        '  - { name: new-2, macs: [525400000012] }', //                                  15
        'mirrors:', //                                                                   16
        '  - { name: debian, url: "http://other/" }', //                                 17
        '  - { name: small, url: "ftp://x/", maxBytes: 5 }', //                          18
        'policy:', //                                                                    19
        '  menu: { images: [centos-7, gone] }', //                                       20
        'snippets: [{ name: s, text: "{% if %}" }, { name: motd, text: x }]', //         21
        '',
      ].join('\n'),
    );
    const { err, exitCode, out } = await muster('apply -f bad.yaml');
    expect([exitCode, out]).toEqual([EXIT.failed, '']);
    expect(err.trimEnd().split('\n')).toEqual(
      [
        /^bad\.yaml:1:10: there is no image "none": muster image add adds it/,
        /^bad\.yaml:3:5: subnets a \(10\.1\.0\.0\/16\) and b \(10\.1\.2\.0\/24\) overlap/,
        /^bad\.yaml:4:5: subnets b .* overlap/,
        /^bad\.yaml:5:5: .*no-such-option/,
        /^bad\.yaml:8:32: there is no image "none"/,
        /^bad\.yaml:10:26: column 8: the end is there/,
        /^bad\.yaml:10:46: there is no profile "absent"/,
        /^bad\.yaml:11:26: the selector is empty/,
        /^bad\.yaml:13:41: the MAC address 52:54:00:00:00:01 belongs to machine "web-1": if that is new-1, muster machine set web-1 --name new-1 renames it/,
        /^bad\.yaml:14:27: the MAC address 52:54:00:00:00:11 belongs to machine "new-1"$/,
        /^bad\.yaml:15:13: "new-2" stands twice: keep one/,
        /^bad\.yaml:17:26: what is kept of mirror "debian" is of where it was fetched from/,
        /^bad\.yaml:18:25: the URL of the upstream cannot be used/,
        /^bad\.yaml:18:47: 5 bytes are too few for a mirror/,
        /^bad\.yaml:20:3: the menu offers image "gone", which is not there/,
        /^bad\.yaml:21:29: snippet s:1:7: syntax error/,
        /^muster: Nothing was changed: \d+ faults$/,
      ].map((pattern) => expect.stringMatching(pattern) as string),
    );
    expect(await exported('--with-secrets')).toBe(before);
  });

  test('where the policy tells hardware with an image that is not there', async () => {
    await write('bad.yaml', 'policy:\n  unknownMachines: ignore\n  discovery: { image: gone }\n');
    expect((await muster('apply -f bad.yaml')).err).toMatch(
      /^bad\.yaml:2:3: there is no image "gone" to tell hardware with: there are centos-7\n/,
    );
    expect((await muster('policy show')).out).not.toMatch(/^unknown machines +ignore/m);
  });

  test('where something in use would go', async () => {
    await write('prune.yaml', 'machines: []\nprofiles: []\n');
    const { err, exitCode } = await muster('apply -f prune.yaml --prune -y');
    expect(exitCode).toBe(EXIT.failed);
    expect(err).toMatch(
      /^prune\.yaml:1:1: machine "web-1" cannot go: its install \S+ is requested: cancel that first\nprune\.yaml:2:1: profile "plain" cannot go: install \S+ is requested with it: cancel that first\nmuster: Nothing was changed: 2 faults\n$/,
    );
    expect((await muster('machine ls -o name')).out).toContain('web-1\n');
  });

  for (const [title, text, err] of [
    ['an empty one', '', /^bad\.yaml:1:1: nothing stands there: sections are wanted, of images, /],
    ['one of comments', '# nothing\n', /^bad\.yaml:1:1: nothing stands there/],
    ['a word', 'machines\n', /^bad\.yaml:1:1: sections are wanted here/],
    ['a tab for indentation', 'machines:\n\t- name: x\n', /^bad\.yaml:2:1: /],
    ['a bracket that is not closed', 'machines: [', /^bad\.yaml:1:12: /],
    ['a key that stands twice', 'machines: []\nmachines: []\n', /^bad\.yaml:2:1: Map keys must be unique/],
    [
      'a policy that stands twice',
      'policy: {}\n---\npolicy: {}\n',
      /^bad\.yaml:3:1: the policy stands twice/,
    ],
    ['a tag that nobody knows', 'machines: [!x {}]\n', /^bad\.yaml:1:12: .*!x/],
    ['an alias of nothing', 'machines: [*x]\n', /^bad\.yaml:1:12: .*x/],
  ] as const) {
    test(`as ${title}`, async () => {
      await write('bad.yaml', text);
      const result = await muster('apply -f bad.yaml');
      expect(result.err).toMatch(err);
      expect(result.exitCode).toBe(EXIT.failed);
      expect((await muster('diff -f bad.yaml')).exitCode).toBe(EXIT.badConfiguration);
    });
  }

  for (const [title, bytes, err] of [
    [
      'as PowerShell writes it',
      Buffer.from('\uFEFFmachines: []\n', 'utf16le'),
      /bad\.yaml, line 1: save it as UTF-8, which it is not/,
    ],
    [
      'with Latin letters of old',
      Buffer.from('# ok\n# gr\u00FC\u00DFe\n', 'latin1'),
      /bad\.yaml, line 2: save it as UTF-8/,
    ],
  ] as const) {
    test(title, async () => {
      await writeFile(join(folder, 'bad.yaml'), bytes);
      const result = await muster('apply -f bad.yaml');
      expect(result.err).toMatch(err);
      expect(result.exitCode).toBe(EXIT.failed);
    });
  }

  test('without an end', async () => {
    expect((await muster('apply -f /dev/zero')).err).toMatch(
      /\/dev\/zero has more than 16777216 bytes: split/,
    );
  });

  for (const [line, exitCode, err] of [
    ['apply', EXIT.usage, /required option '-f, --file <file>' not specified/],
    ['apply -f none.yaml', EXIT.failed, /Cannot read the site: ENOENT/],
    ['diff -f none.yaml', EXIT.badConfiguration, /Cannot read the site: ENOENT/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      const result = await muster(line);
      expect(result.err).toMatch(err);
      expect(result.exitCode).toBe(exitCode);
    });
  }
});

describe('a machine that is armed while a site takes it away', () => {
  const post = async (path: string, body: object): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${api.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  };

  for (const delayMs of [0, 1, 2, 4, 8, 16])
    test(`is armed and stays, or goes and is not armed: asked for ${delayMs} ms later`, async () => {
      const site = JSON.parse(await exported('--kind machine -o json')) as object;
      await muster('machine add web-8 --mac 525400000088');
      const [gone, armed] = await Promise.all([
        post('site', { site, prune: true, dryRun: false, agreed: ['machine web-8'] }),
        setTimeout(delayMs).then(() => post('installs', { machine: 'web-8', profile: 'plain' })),
      ]);
      const names = (await muster('machine ls -o name')).out.split('\n');
      if (armed.status === 201) {
        expect(gone.text).toMatch(
          /machine \\"web-8\\" cannot go: its install \S+ is requested: cancel that first/,
        );
        expect(names).toContain('web-8');
        await muster(`install cancel ${(JSON.parse(armed.text) as { id: string }).id}`);
        await muster('machine rm web-8 -y');
      } else {
        expect(gone.status, gone.text).toBe(200);
        expect(armed.text).toMatch(/[Tt]here is no machine|is not there \(any more\)/);
        expect([404, 409], armed.text).toContain(armed.status);
        expect(names).not.toContain('web-8');
      }
    });
});

describe('the example in the folder examples', () => {
  const example = new URL('../../examples/site', import.meta.url).pathname;
  test('can be applied, exported, and applied again', async () => {
    await cp(world.tree, join(folder, 'rocky'), { recursive: true });
    await muster(`image add ${folder}/rocky --name rocky-9`);
    await muster('subnet rm lab -y');
    const { exitCode, out, err } = await muster(`apply -f ${example}`);
    expect(exitCode, err).toBe(EXIT.ok);
    expect(out).toContain('+ group databases\n');
    expect((await muster(`diff -f ${example}`)).exitCode).toBe(EXIT.ok);
    expect((await muster('machine variables db-1')).out).toMatch(
      /^domain +a\.lab\.example +group rack-a$[^]*^kernel arguments +transparent_hugepage=never +group databases$/m,
    );
  });

  test('follows what is changed of mirrors, and takes them away with what they keep', async () => {
    const mirror = { name: 'debian', url: 'http://127.0.0.1:9/debian', maxBytes: 3e9, mode: 'offline' };
    await write('mirrors.json', JSON.stringify({ mirrors: [mirror, { name: 'rpm', url: 'http://h/' }] }));
    const { out, err } = await muster('apply -f mirrors.json');
    expect(out, err).toBe('~ mirror debian: maxBytes, mode\n+ mirror rpm\n');
    expect((await muster('mirror show debian')).out).toMatch(/\nstate +offline\n[^]* of at most 3 GB\n/);
    expect((await muster('export --with-secrets --kind mirror')).out).toContain('me:secret@');
    await write('mirrors.json', '{"mirrors": []}');
    expect((await muster('apply -f mirrors.json --prune -y')).out).toBe('- mirror debian\n- mirror rpm\n');
    expect((await muster('mirror ls')).err).toMatch(/There is no mirror/);
  });
});
