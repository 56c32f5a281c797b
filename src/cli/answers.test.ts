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
    ['profile render web1 --profile web', EXIT.ok, { out: /\necho 'hello' > \/etc\/motd\n%end\n$/ }],
    ['machine set web1 --unset-var words', EXIT.ok, { err: /changed/ }],
    ['profile render web1 --profile web', EXIT.failed, { err: /snippet motd:1:17: "\| sh" cannot take/ }],
    [
      'snippet rm motd -y',
      EXIT.failed,
      { err: /The template of profile web includes it: change that first/ },
    ],
    ['profile set web --default-template', EXIT.ok, { err: /installs/ }],
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
