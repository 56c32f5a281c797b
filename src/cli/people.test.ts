import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { LOCAL_SECRET } from '../api/suite/people-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  world = await openApiWorld('on');
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-people-'));
  await writeFile(join(folder, 'local'), `${LOCAL_SECRET}\n`);
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

/** @param token a file of the folder; none: nothing is shown. */
const muster = async (line: string, token?: string) =>
  await runCaptured(line.split(' '), {
    environment: {
      MUSTER_SERVER: api.url,
      ...(token === undefined ? {} : { MUSTER_TOKEN_FILE: join(folder, token) }),
    },
  });

test('who shows nothing is told what to do, and exits with 77', async () => {
  const { exitCode, err } = await muster('machine ls');
  expect(exitCode).toBe(EXIT.notPermitted);
  expect(err).toMatch(/^muster: Nobody is logged in: .*--token-file/);
  expect((await muster('whoami')).out).toMatch(/^who +nobody/);
});

test('a user is added with a link that sets a password, changed, locked and taken away', async () => {
  const added = await muster('user add anna --role viewer', 'local');
  expect(added.err).toMatch(/^User anna is there, with the role viewer\nGive anna this link/);
  const [, link = ''] = /^(?:http:\/\/127\.0\.0\.1:\d+)\/#login=([\w-]{43})\n$/.exec(added.out) ?? [];
  const place = { address: '192.0.2.1', agent: '' };
  const password = 'correct horse battery';
  expect(await world.needs.people.logins.logInByLink(link, { password }, place)).toMatchObject({
    done: true,
  });
  expect((await muster('user set anna', 'local')).exitCode).toBe(EXIT.usage);
  expect((await muster('user set anna --lock --unlock', 'local')).exitCode).toBe(EXIT.usage);
  expect((await muster('user set anna --role operator --lock', 'local')).err).toBe(
    'User anna is locked, with the role operator\n',
  );
  expect((await muster('user set anna --unlock', 'local')).err).toMatch(/anna is active/);
  expect((await muster('user ls', 'local')).out).toMatch(/^NAME  ROLE .*\nanna  operator  active  set /);
  expect((await muster('user show anna -o json', 'local')).out).toContain('"role": "operator"');
  expect((await muster('user link nobody', 'local')).err).toMatch(/[Tt]here is no user "nobody"/);
  await muster('user add bo', 'local');
  expect((await muster('user rm bo -y', 'local')).err).toBe('User bo is gone\n');
});

test('a token is told once, does what it is for and nothing else, and is gone when it is taken away', async () => {
  const made = await muster(
    'token add ci --user anna --role operator --only machines --expires 90d',
    'local',
  );
  expect(made.out).toMatch(/^muster_[\w-]{43}\n$/);
  await writeFile(join(folder, 'ci'), made.out);
  expect((await muster('machine ls', 'ci')).exitCode).toBe(EXIT.ok);
  const refused = await muster('subnet ls', 'ci');
  expect(refused.exitCode).toBe(EXIT.notPermitted);
  expect(refused.err).toMatch(/is for machines alone/);
  expect((await muster('whoami', 'ci')).exitCode).toBe(EXIT.ok);
  expect((await muster('whoami', 'ci')).out).toMatch(
    /who +anna\nrole +operator\nshown by +token\nfor +machines\n/,
  );
  const listed = await muster('token ls', 'local');
  expect(listed.out).toMatch(/anna  ci   operator  machines/);
  expect(listed.out).not.toContain((await readFile(join(folder, 'ci'), 'utf8')).trim());
  const [id = ''] = (await muster('token ls -o name', 'local')).out.split('\n');
  expect((await muster(`token rm ${id} -y`, 'local')).exitCode).toBe(EXIT.ok);
  expect((await muster('machine ls', 'ci')).exitCode).toBe(EXIT.notPermitted);
});

test('the audit tells who did what, and which fields changed', async () => {
  await muster('subnet add lab --network 192.168.122.0/24', 'local');
  await muster('subnet set lab --domain lab.example', 'local');
  const { out } = await muster('audit --path /subnets/lab', 'local');
  expect(out).toMatch(/this computer \(local\) .*putSubnet +\/subnets\/lab +200\n/);
  expect(out).toMatch(/putSubnet +\/subnets\/lab +200 +domainName\n$/);
  expect((await muster('audit --who nobody', 'local')).out).toBe('');
  const [newest] = JSON.parse((await muster('audit --limit 1 -o json', 'local')).out) as { after: unknown }[];
  expect(newest?.after).toMatchObject({ domainName: 'lab.example' });
});

test('nothing is said to another computer without TLS', async () => {
  const told = await muster('login --user anna --server http://192.0.2.1:8067', 'local');
  expect(told.exitCode).toBe(EXIT.usage);
  expect(told.err).toMatch(/would be read on the way: say https:\/\//);
});

test('a log-in is kept where its user alone reads it, whatever was left over', async () => {
  const link = ((await muster('user link anna', 'local')).out.split('#login=')[1] ?? '').trim();
  const config = join(folder, 'config');
  await mkdir(join(config, 'muster'), { recursive: true });
  const file = join(config, 'muster/sessions.json');
  await writeFile(`${file}.new`, 'half', { mode: 0o666 });
  const environment = { MUSTER_SERVER: api.url, XDG_CONFIG_HOME: config };
  const readInput = async (): Promise<string> => 'correct horse battery\n';
  const told = await runCaptured(['login', '--link', link], { environment, readInput });
  expect([told.exitCode, told.err]).toMatchObject([EXIT.ok, expect.stringContaining('You are anna')]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
