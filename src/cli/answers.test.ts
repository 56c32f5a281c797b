import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('answer files are looked through', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'wrong.j2'), 'text\n{{ machine.nme }}\n');
    await writeFile(join(folder, 'odd.j2'), 'autoprat --type=lvm\n');
    await writeFile(join(folder, 'bad.cfg'), 'd-i clock-setup/utc boolean yes\n');
    await muster('profile set wrong --image centos --template wrong.j2');
    await muster('profile set odd --image centos --template odd.j2');
  });
  afterAll(async () => {
    for (const name of ['wrong', 'odd']) await muster(`profile rm ${name} -y`);
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
    ['profile lint', EXIT.failed, /profile odd .*profile wrong:2:4/s, /2 errors/],
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
