import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';

/** Groups against a real API on a real port, in the order of a day. */

let world: ApiWorld;
let api: ListeningApi;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  await expectOk(`image add ${world.tree} --name centos`);
  await expectOk('profile set plain --image centos --args console=ttyS0 --var role=plain');
  await expectOk('profile set web --image centos');
  await expectOk('machine add web1 --mac 525400000001 --label rack=a --label role=web --var own=1');
  await expectOk('machine add web2 --mac 525400000002 --label rack=b');
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function muster(line: string): Promise<CliResult> {
  const words = line.split(' ').filter((word) => word !== '');
  return await runCaptured(words, { environment: { MUSTER_SERVER: api.url } });
}

async function expectOk(line: string): Promise<CliResult> {
  const result = await muster(line);
  expect(result.exitCode, `${line}: ${result.err}`).toBe(EXIT.ok);
  return result;
}

describe('groups', () => {
  test('are made by one command, and changed by the same', async () => {
    expect((await expectOk('group put rack-a -l rack=a --profile plain --var domain=a.example')).err).toBe(
      'Group rack-a is there, with 1 machine\n',
    );
    const hash = 'root_password_hash=$6$salt$hash';
    const put = await expectOk(`group put web -l rack=a,role=web --priority -3 --args quiet --var ${hash}`);
    expect(put.err).toBe('Group web is there, with 1 machine\n');
    await expectOk('group put rack-a --var ntp_servers=10.0.0.1 --unset-var none');
    expect((await expectOk('group ls')).out).toBe(
      [
        'NAME    SELECTOR         PRIORITY  PROFILE  MACHINES  VARIABLES\n',
        'rack-a  rack=a           0         plain    1         domain, ntp_servers\n',
        'web     rack=a,role=web  -3                 1         root_password_hash\n',
      ].join(''),
    );
    expect((await expectOk('group show rack-a')).out).toMatch(/^name +rack-a\n[^]*\nmachines +web1\n$/);
    expect((await expectOk('group ls -o name')).out).toBe('rack-a\nweb\n');
  });

  test('are told of a machine with their reasons', async () => {
    const { out } = await expectOk('machine show web1');
    expect(out).toMatch(/\ngroups +web, since rack is "a", role is "web"\n +rack-a, since rack is "a"\n/);
    expect(out).toMatch(/\nprofile +plain: web1 is in group rack-a, since rack is "a"\n/);
    expect((await expectOk('explain web1')).out).toMatch(
      /\nGroups: web \(rack is "a", role is "web"\), rack-a \(rack is "a"\)\nProfile where none is named: plain \(web1 is in group rack-a, since rack is "a"\)\n/,
    );
    expect((await expectOk('explain web2')).out).toMatch(
      /\nGroups: none\nProfile where none is named: none \(web2 is in no group\)\n/,
    );
  });

  test('give variables and arguments, and it is told what comes from where, but no secret', async () => {
    const { out, err } = await expectOk('machine variables web1');
    expect(out).toBe(
      [
        'NAME                VALUE          FROM\n',
        'domain              a.example      group rack-a\n',
        'ntp_servers         10.0.0.1       group rack-a\n',
        'own                 1              machine web1\n',
        'role                plain          profile plain\n',
        'root_password_hash  (secret)       group web\n',
        'kernel arguments    quiet          group web\n',
        'kernel arguments    console=ttyS0  profile plain\n',
      ].join(''),
    );
    expect(err).toMatch(/^groups: web, since .*\nrack-a, since .*\nprofile: plain: /);
    const { out: other } = await expectOk('machine variables web1 --profile web -o json');
    expect(JSON.parse(other)).toMatchObject({ profile: { name: 'web', because: 'it was asked for' } });
    expect(other).not.toContain('$6$');
  });

  test('are in what the installer gets', async () => {
    const { out } = await expectOk('profile render plain --machine web1');
    expect(out).toContain('$6$salt$hash');
    expect((await expectOk('profile render plain --machine web2')).out).not.toContain('$6$salt$hash');
  });

  test('say what a machine is installed with where nobody else does', async () => {
    expect((await expectOk('install web1')).err).toMatch(
      /^Install \S+ of profile plain is armed: web1 .* It has this profile because web1 is in group rack-a, since rack is "a"\. Follow it with/,
    );
    const armed = JSON.parse((await expectOk('install ls --machine web1 -o json')).out) as object[];
    expect(armed).toMatchObject([{ profile: 'plain', state: 'requested' }]);
  });

  test('say it for each of many machines, and none is armed while one of them has nothing that says it', async () => {
    await expectOk('machine add hall1 --mac 525400000011 --label hall=h --label rack=h');
    await expectOk('machine add hall2 --mac 525400000012 --label hall=h --label role=odd');
    const unarmed = await muster('install -l hall=h');
    expect(unarmed.exitCode).toBe(EXIT.failed);
    expect(unarmed.err).toMatch(
      /None is armed, since 2 of the machines cannot be: hall1: hall1 is in no group: say with which profile it is installed, or have a group that it is in name one; hall2: hall2 is in no group: /,
    );
    await expectOk('group put rack-h -l rack=h --profile plain');
    expect((await muster('install -l hall=h')).err).toMatch(/since 1 of the machines cannot be: hall2: /);
    expect(await world.installs.listOpen()).toHaveLength(1);
    await expectOk('group put odd -l role=odd --profile web');
    const { out } = await expectOk('install -l hall=h');
    expect(out.replaceAll(/^i-\w+ +/gm, '').replaceAll(/ +/g, ' ')).toBe(
      [
        'ID MACHINE PROFILE STATE PROFILE BECAUSE\n',
        'hall1 plain requested hall1 is in group rack-h, since rack is "h"\n',
        'hall2 web requested hall2 is in group odd, since role is "odd"\n',
      ].join(''),
    );
    expect((await expectOk('events hall2')).out).toMatch(
      /profile web is armed for hall2.*hall2 is in group odd, since role is "odd"/,
    );
    const open = await world.installs.listOpen();
    for (const { id } of open.slice(-2)) await expectOk(`install cancel ${id} -q`);
    const told = JSON.parse((await expectOk('install -l hall=h --profile plain -o json')).out) as object[];
    expect(told).toMatchObject([{ profile: 'plain' }, { profile: 'plain' }]);
    for (const one of told) expect(one, 'it was asked for').not.toHaveProperty('profileBecause');
  });

  test('say it for those of many that have one, where the others are passed over', async () => {
    await expectOk('machine add hall3 --mac 525400000013 --label row=r --label rack=h');
    await expectOk('machine add hall4 --mac 525400000014 --label row=r');
    const { out, err } = await expectOk('install -l row=r --skip-refused -o json');
    expect(JSON.parse(out)).toMatchObject([{ machine: 'hall3', profile: 'plain' }]);
    expect(err).toMatch(/Passed over hall4: hall4 is in no group: say with which profile/);
  });

  for (const [line, exitCode, err] of [
    [
      'install web2',
      EXIT.failed,
      /^muster: Web2 is in no group: say with which profile it is installed, or have a group /,
    ],
    ['group put new', EXIT.usage, /say with --selector who is in it/],
    ['group put new -l rack==', EXIT.ok, /with no machine yet/],
    ['group put new --selector=', EXIT.badConfiguration, /The selector is empty/],
    ['group put new -l a,', EXIT.failed, /column 3: the end is there/],
    ['group put new --profile none', EXIT.failed, /There is no profile "none"/],
    ['group put new --priority 5000', EXIT.usage, /Priority: at most 1000 is wanted/],
    ['group put new --priority high', EXIT.usage, /a whole number is wanted/],
    ['group show none', EXIT.failed, /There is no group "none"/],
    ['group rm none -y', EXIT.failed, /There is no group "none"/],
    ['profile rm plain -y', EXIT.failed, /of profile plain|is requested with it/],
    ['machine variables web1 --profile none', EXIT.failed, /There is no profile "none"/],
    ['group put rack-a --profile=', EXIT.ok, /Group rack-a is there/],
    ['group rm web -y', EXIT.ok, /Group web is gone/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      const result = await muster(line);
      expect(result.err).toMatch(err);
      expect(result.exitCode).toBe(exitCode);
    });
  }
});
