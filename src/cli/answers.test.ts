import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';
import type { Terminal } from './terminal.ts';

/** Commands about answer files against a real API, in the order of a day. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-answers-'));
  await writeFile(join(folder, 'motd.j2'), 'echo {{ words | sh }} > /etc/motd\n');
  await writeFile(join(folder, 'bad.j2'), 'a\n{% if %}\n');
  await writeFile(join(folder, 'ks.j2'), 'text\n%post\n{% include "motd" %}\n%end\n');
  for (const line of [
    `image add ${world.tree} --name centos`,
    'machine add web1 --mac 525400000001 --var words=hello',
    'profile set web --image centos --template ks.j2',
  ]) {
    expect(await muster(line)).toMatchObject({ exitCode: EXIT.ok });
  }
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

async function muster(line: string, change: Partial<Terminal> = {}): Promise<CliResult> {
  return await runCaptured(line.split(' '), {
    environment: { MUSTER_SERVER: api.url },
    workingFolder: folder,
    ...change,
  });
}

describe('snippets', () => {
  for (const [line, exitCode, written] of [
    ['snippet ls', EXIT.ok, { err: /There is no snippet: muster snippet put NAME FILE makes one/ }],
    [
      'profile render web1 --profile web',
      EXIT.failed,
      { err: /^muster: profile web:3:4: there is no snippet "motd"/ },
    ],
    ['snippet put motd nope.j2', EXIT.failed, { err: /Cannot read the snippet: ENOENT/ }],
    [
      'snippet put motd bad.j2',
      EXIT.failed,
      { err: /^muster: snippet motd:2:7: syntax error: unexpected end of block/ },
    ],
    ['snippet put motd motd.j2', EXIT.ok, { err: /templates include it with \{% include "motd" %\}/ }],
    ['snippet ls', EXIT.ok, { out: /^NAME +LINES\nmotd +2 lines\n$/ }],
    ['snippet show motd', EXIT.ok, { out: /^echo \{\{ words \| sh \}\} > \/etc\/motd\n$/ }],
    ['snippet show motd -o json', EXIT.ok, { out: /"name": "motd"/ }],
    ['profile render web1 --profile web -q', EXIT.ok, { out: /\necho 'hello' > \/etc\/motd\n%end\n$/ }],
    ['machine set web1 --unset-var words', EXIT.ok, { err: /changed/ }],
    [
      'profile render web1 --profile web',
      EXIT.failed,
      { err: /snippet motd:1:9: there is no variable "words"/ },
    ],
    [
      'snippet rm motd -y',
      EXIT.failed,
      { err: /The template of profile web includes it: change that first/ },
    ],
    ['profile set web --default-template --var root_password_hash=$6$a$b', EXIT.ok, { err: /installs/ }],
    ['snippet rm motd -y', EXIT.ok, { err: /Snippet motd is gone/ }],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      const result = await muster(line);
      expect(result.exitCode, result.err).toBe(exitCode);
      if ('out' in written) expect(result.out).toMatch(written.out);
      else expect(result.err).toMatch(written.err);
    });
  }
});

/** Images whose installers fetch more than an answer file; no tree is read for what is rendered. */
const MORE_FILES = [
  ['noble', 'debian', 'Ubuntu-Server 24.04', '24.04', 'autoinstall'],
  ['leap', 'agama', 'openSUSE Leap 16.0', '16.0', 'agama'],
  ['coreos', 'coreos', 'Fedora CoreOS 42', '42', 'ignition'],
  ['alpine', 'alpine', 'Alpine Linux 3.22', '3.22', 'alpine'],
] as const;

describe('files beside the answer file', () => {
  beforeAll(async () => {
    const image = (await world.stores.images.byName('centos'))!;
    for (const [name, family, title, release, answerKind] of MORE_FILES) {
      await world.stores.images.add({ ...image, name, family, title, release, answerKind });
      await muster(`profile set ${name} --image ${name}`);
    }
  });
  afterAll(async () => {
    for (const [name] of MORE_FILES) {
      await muster(`profile rm ${name} -y`);
      await muster(`image rm ${name} -y`);
    }
  });

  const token = `/installs/${'0'.repeat(32)}`;
  for (const [line, exitCode, out, err] of [
    [
      'web1 --profile noble',
      EXIT.ok,
      /^#cloud-config\n/,
      /^Beside it: meta-data, vendor-data, facts.sh; --file NAME shows one$/m,
    ],
    ['web1 --profile noble --file user-data', EXIT.ok, /^#cloud-config\n/, /: meta-data, vendor-data, facts/],
    [
      'web1 --profile noble --file meta-data',
      EXIT.ok,
      /\nlocal-hostname: "?web1"?\n$/,
      /: user-data, vendor-data, facts/,
    ],
    [
      'web1 --profile noble --file vendor-data',
      EXIT.ok,
      '#cloud-config\n{}\n',
      /: user-data, meta-data, facts/,
    ],
    ['noble --machine web1 --file meta-data', EXIT.ok, /local-hostname/, /user-data/],
    ['web1 --profile leap --file prepare.sh', EXIT.ok, `${token}/profile.json`, /: profile.json, facts/],
    ['web1 --profile coreos --file live.ign', EXIT.ok, 'muster-install.service', /: config.ign, facts/],
    ['web1 --profile alpine --file muster.apkovl.tar.gz', EXIT.ok, `${token}/answers`, /: answers, facts/],
    ['web1 --profile web', EXIT.ok, /./, /^Beside it: facts.sh; --file/m],
    [
      'web1 --profile web --file facts.sh',
      EXIT.ok,
      `main 'http://192.168.122.1:8080${token}/facts'`,
      /^Beside it: ks.cfg; /,
    ],
    [
      'web1 --profile noble --file prepare.sh',
      EXIT.failed,
      '',
      /no file "prepare.sh" for the installer of profile "noble": there are user-data, meta-data, vendor-data, facts.sh\n/,
    ],
    [
      'web1 --profile web --file meta-data',
      EXIT.failed,
      '',
      /no file "meta-data" for the installer of profile "web": there are ks.cfg, facts.sh\n/,
    ],
  ] as const) {
    test(`profile render ${line}: exit ${exitCode}`, async () => {
      const result = await muster(`profile render ${line}`);
      expect(result.exitCode, result.err).toBe(exitCode);
      if (typeof out === 'string') expect(result.out).toContain(out);
      else expect(result.out).toMatch(out);
      expect(result.err).toMatch(err);
    });
  }

  test('a file is shown as every other command shows things: as data, or by its name', async () => {
    const line = 'profile render web1 --profile noble --file meta-data';
    const data = JSON.parse((await muster(`${line} -o json`)).out) as { text: string };
    expect(data).toEqual({
      kind: 'autoinstall',
      profile: 'noble',
      file: 'meta-data',
      text: expect.stringContaining('local-hostname'),
      findings: [],
      files: ['user-data', 'meta-data', 'vendor-data', 'facts.sh'],
    });
    expect(parse((await muster(`${line} -o yaml`)).out)).toEqual(data);
    expect(await muster(`${line} -o name`)).toMatchObject({ exitCode: EXIT.ok, out: 'meta-data\n' });
  });
});

describe('the newest install may be a tool', () => {
  for (const [tool, line, exitCode, words] of [
    [
      'rescue',
      'profile render web1',
      EXIT.failed,
      { err: /^muster: Profile rescue@centos is started for a person, and reads no answer file\n$/ },
    ],
    ['wipe --disk sda --erase', 'profile render web1', EXIT.ok, { out: /CentOS 7 as a tool/ }],
    ['wipe --disk sda --erase', 'profile render web1', EXIT.ok, { err: /^Beside it: facts.sh, tool.sh; /m }],
    ['wipe --disk sda --erase', 'profile render web1 --file tool.sh', EXIT.ok, { out: /\nwanted='sda'\n/ }],
  ] as const) {
    test(`${line}, after boot ${tool}: exit ${exitCode}`, async () => {
      const { out } = await muster(`boot web1 ${tool} -o name`);
      const result = await muster(line);
      await muster(`install cancel ${out.trim()} -y`);
      expect(result.exitCode, result.err).toBe(exitCode);
      if ('out' in words) expect(result.out).toMatch(words.out);
      else expect(result.err).toMatch(words.err);
    });
  }
});

describe('answer files are looked through', () => {
  beforeAll(async () => {
    await muster(`image add ${world.tree} --name bare --as files`);
    await muster('profile set bare --image bare');
    const image = (await world.stores.images.byName('centos'))!;
    await world.stores.images.add({ ...image, name: 'casper', family: 'casper', answerKind: 'autoinstall' });
    await muster('profile set no-way --image casper');
    await writeFile(join(folder, 'wrong.j2'), 'text\n{{ machine.nme }}\n');
    await writeFile(join(folder, 'odd.j2'), 'autoprat --type=lvm\n');
    await writeFile(join(folder, 'bad.cfg'), 'd-i clock-setup/utc boolean yes\n');
    await muster('profile set wrong --image centos --template wrong.j2');
    await muster('profile set odd --image centos --template odd.j2');
  });
  afterAll(async () => {
    for (const name of ['wrong', 'odd', 'bare', 'no-way']) await muster(`profile rm ${name} -y`);
  });

  for (const [line, exitCode, out, err] of [
    ['profile lint web', EXIT.ok, '', /^Nothing is wrong\n$/],
    ['profile lint wrong', EXIT.failed, /^profile wrong:2:4: error: there is no "machine.nme"/, /1 error, 0/],
    [
      'profile lint odd --machine web1',
      EXIT.failed,
      /^profile odd \(kickstart of web1\):1: warning: the installer will ask for .*\nprofile odd \(kickstart of web1\):1:1: error: EL 7 knows no command "autoprat" \(there is "autopart"\)\n$/s,
      /1 error, 5 warnings/,
    ],
    [
      'profile lint',
      EXIT.failed,
      /profile odd .*profile wrong:2:4/s,
      /^profile bare: nothing to look through: image "bare" \(.*\) reads no answer file\n3 errors/,
    ],
    ['profile lint no-way odd', EXIT.failed, /^profile no-way:1: error: .*\nprofile odd /, /2 errors/],
    ['profile lint bare', EXIT.ok, '', /^profile bare: nothing to look through: image "bare"/],
    ['profile lint bare web', EXIT.ok, '', /^profile bare: nothing .*\nNothing is wrong\n$/],
    ['profile lint bare -o json', EXIT.ok, '[]\n', /^profile bare: nothing to look through/],
    ['profile lint -o json web', EXIT.ok, '[]\n', /Nothing/],
    ['profile lint none', EXIT.failed, '', /no profile "none"/],
    [
      'profile lint --file bad.cfg --kind preseed',
      EXIT.failed,
      'bad.cfg:1:29: error: true or false is wanted for clock-setup/utc\n',
      /1 error/,
    ],
    ['profile lint --file bad.cfg', EXIT.usage, '', /Say it with --kind/],
    ['profile lint --file none.cfg --kind preseed', EXIT.failed, '', /Cannot read the answer file: ENOENT/],
    ['profile lint --file bad.cfg --kind tape', EXIT.failed, '', /"tape" is no kind of answer file/],
    ['profile lint web --kind preseed', EXIT.usage, '', /go with --file/],
    ['profile lint web --file bad.cfg --kind preseed', EXIT.usage, '', /Say one of the two/],
    [
      'profile render web1 --profile odd',
      EXIT.ok,
      'autoprat --type=lvm\n',
      /kickstart of web1:1:1: error: EL 7 knows no/,
    ],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      const result = await muster(line);
      expect(result.exitCode, result.err).toBe(exitCode);
      if (typeof out === 'string') expect(result.out).toBe(out);
      else expect(result.out).toMatch(out);
      expect(result.err).toMatch(err);
    });
  }

  test('from standard input, by the rules of a release', async () => {
    const line = ['profile', 'lint', '--file', '-', '--kind', 'kickstart', '--release', 'Fedora 42'];
    const { out } = await runCaptured(line, {
      environment: { MUSTER_SERVER: api.url },
      readInput: async () => 'install\n',
    });
    expect(out).toContain('standard input:1:1: error: command "install" was removed before Fedora 42');
  });
});

const typed = (...answers: readonly string[]): Partial<Terminal> => {
  const left = [...answers];
  return { inIsTerminal: true, askSecret: async () => left.shift() ?? '' };
};

describe('drafts', () => {
  for (const [line, exitCode, written] of [
    [
      'profile render web1 --profile web --draft mine.j2 --var own=text',
      EXIT.ok,
      { out: /^# web1 by web: text\n$/, err: /^kickstart of web1:1: warning: the installer will ask for / },
    ],
    ['profile render web1 --image centos --draft mine.j2 -q', EXIT.failed, { out: /^$/, err: /^$/ }],
    [
      'profile render web1 --profile new --image centos --draft mine.j2',
      EXIT.failed,
      { out: /^$/, err: /^profile new:1:43: error: there is no variable "own"; set it on the machine/ },
    ],
    [
      'profile render web1 --profile web --draft mine.j2 --var root_password=secret --var own=x -o json',
      EXIT.ok,
      { out: /"text": "# web1 by web: x\\n"/, err: /^The password stood on the command line/ },
    ],
    [
      'profile render web1 --profile new --draft mine.j2',
      EXIT.usage,
      { out: /^$/, err: /say --profile NAME or --image NAME/ },
    ],
    ['profile render web1 --var own=x', EXIT.usage, { out: /^$/, err: /--image and --var go with --draft/ }],
    [
      'profile render web1 --draft mine.j2 --file meta-data',
      EXIT.usage,
      { out: /^$/, err: /leave --file out/ },
    ],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await writeFile(join(folder, 'mine.j2'), '# {{ machine.name }} by {{ profile }}: {{ own }}\n');
      const result = await muster(line);
      expect(result.exitCode, result.err).toBe(exitCode);
      expect(result.out).toMatch(written.out);
      expect(result.err).toMatch(written.err);
      expect((await world.stores.profiles.byName('web'))?.template).toBeUndefined();
    });
  }
});

describe('what templates may use', () => {
  for (const [line, exitCode, out, err] of [
    [
      'profile variables netmask -q',
      EXIT.ok,
      /^NAME +GIVES +WHAT IT IS\nnetwork.netmask +text +The same/,
      /^$/,
    ],
    [
      'profile variables partitioning -q',
      EXIT.ok,
      /\npartitioning +plain or lvm or btrfs \(plain\) +How/,
      /^$/,
    ],
    ['profile variables -o name', EXIT.ok, /^disk\n[\s\S]*\nmachine.fqdn\n[\s\S]*\nks\n/, /^$/],
    ['profile variables nosuch', EXIT.ok, /^$/, /^Nothing that templates may use has "nosuch" in it$/m],
    [
      'profile lint --file bad.j2 --kind template',
      EXIT.failed,
      /^bad.j2:2:7: error: syntax error/,
      /1 error/,
    ],
    ['profile lint --file motd.j2 --kind template', EXIT.ok, /^$/, /^Nothing is wrong$/m],
  ] as const)
    test(`${line}: exit ${exitCode}`, async () => {
      const result = await muster(line);
      expect([result.exitCode, result.out], result.err).toEqual([exitCode, expect.stringMatching(out)]);
      expect(result.err).toMatch(err);
    });
});

describe('passwords', () => {
  test('are hashed from standard input or from what is typed twice, and never shown', async () => {
    const piped = await muster('password hash', { readInput: async () => 'secret word\nmore\n' });
    expect(piped).toMatchObject({ exitCode: EXIT.ok, err: '' });
    expect(piped.out).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}\n$/);
    const asked = await muster('password hash --rounds 1000', typed('secret', 'secret'));
    expect(asked.out).toMatch(/^\$6\$rounds=1000\$/);
  });

  for (const [name, line, change, err] of [
    ['two that differ', 'password hash', typed('secret', 'secrets'), /not the same: nothing was done/],
    ['none', 'password hash', typed('', ''), /The password is empty/],
    ['too few rounds', 'password hash --rounds 1', { readInput: async () => 'secret' }, /There are 1 rounds/],
    ['one for nothing', 'profile set web --ask disk', {}, /one of root_password, user_password is wanted/],
  ] as const) {
    test(`${name} are refused`, async () => {
      const result = await muster(line, change);
      expect(result.exitCode).not.toBe(EXIT.ok);
      expect(result.err).toMatch(err);
      expect(result.err + result.out).not.toContain('secret');
    });
  }

  test('of a machine are asked for, and only the hash goes to the server', async () => {
    const set = await muster('machine set web1 --ask root_password', typed('secret', 'secret'));
    expect(set, set.err).toMatchObject({ exitCode: EXIT.ok });
    const { variables } = (await world.stores.machines.byName('web1')) ?? { variables: {} };
    expect(variables).toEqual({ root_password_hash: expect.stringMatching(/^\$6\$/) });
  });

  test('on the command line are hashed by the server, with a warning', async () => {
    const set = await muster('profile set web --var root_password=secret --var user_password=geheim');
    expect(set.exitCode, set.err).toBe(EXIT.ok);
    expect(set.err).toMatch(/where others can read it: use --ask root_password\n/);
    const { variables } = (await world.stores.profiles.byName('web')) ?? { variables: {} };
    expect(variables).toEqual({
      root_password_hash: expect.stringMatching(/^\$6\$/),
      user_password_hash: expect.stringMatching(/^\$6\$/),
    });
    expect(set.err + set.out).not.toMatch(/secret|geheim/);
    const shown = await muster('profile show web');
    expect(shown.out).toMatch(/root_password_hash=\(hidden; -o json shows it\)/);
    expect(shown.out).not.toContain('$6$');
  });
});
