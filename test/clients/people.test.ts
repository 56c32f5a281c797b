import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { API_PREFIX, ROUTE_NAMES, ROUTES } from '../../src/contract/routes.ts';
import { MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

/** Who may log in, with real programs: the server's own commands, curl on it, and both on another computer. */

const PASSWORD = 'correct horse battery';
const JSON_BODY = ['-H', 'Content-Type: application/json', '-d'];

describeInNamespace('muster up and people who log in', () => {
  let segment: Segment;
  let muster: MusterInNamespace;

  beforeEach(async () => {
    segment = await Segment.make();
  });
  afterEach(async () => {
    await muster.close();
    await segment.close();
  });

  const curl = async (from: NetworkNamespace, ...words: string[]): Promise<string> =>
    (await from.run('curl', ['-sS', '-w', '\n%{http_code}', ...words])).stdout;

  test('the first link makes an admin, once; after a start there is none; nobody else is heard', async () => {
    muster = new MusterInNamespace(segment.server);
    const api = 'http://127.0.0.1:8067/api/v1';
    const link = /#login=([\w-]{43}) makes the first user/.exec(await muster.up())?.[1] ?? '';
    expect(await curl(segment.server, `${api}/machines`)).toMatch(/"not-logged-in".*\n401$/);
    const first = JSON.stringify({ link, user: 'root', newPassword: PASSWORD });
    const jar = ['-c', join(muster.folder, 'jar'), '-b', join(muster.folder, 'jar')];
    expect(await curl(segment.server, ...jar, ...JSON_BODY, first, `${api}/session`)).toMatch(
      /"who":"root","role":"admin".*\n200$/,
    );
    expect(await curl(segment.server, ...JSON_BODY, first, `${api}/session`)).toMatch(/\n401$/);
    expect(await curl(segment.server, ...jar, `${api}/users`)).toMatch(/"name":"root".*\n200$/);
    // The server's own commands need no log-in, and its other users are nobody.
    expect(await muster.run('whoami')).toMatchObject({ who: 'this computer', role: 'admin' });
    const door = join(muster.folder, 'data/local-door.json');
    expect(statSync(door).mode & 0o777).toBe(0o600);
    const before = readFileSync(door, 'utf8');
    await muster.program.stop();
    expect(await muster.up()).not.toContain('#login=');
    expect(readFileSync(door, 'utf8')).not.toBe(before);
    expect(await curl(segment.server, ...jar, `${api}/users`), 'sessions survive a start').toMatch(/\n200$/);
    const { token } = JSON.parse(before) as { token: string };
    const old = ['-H', `Authorization: Bearer ${token}`];
    expect(await curl(segment.server, ...old, `${api}/users`), 'and the old word opens nothing').toMatch(
      /\n401$/,
    );
  });

  test('who started it with sudo types the next command without', async () => {
    // The folders of this computer's own Muster, in this namespace alone.
    for (const folder of ['/run', '/var/lib'])
      await segment.server.run('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    muster = new MusterInNamespace(segment.server, {
      settings: { MUSTER_DATA_FOLDER: '', XDG_DATA_HOME: '', SUDO_UID: '65534' },
    });
    await muster.up();
    // The repository may lie where ordinary users may not look.
    chmodSync(muster.folder, 0o755);
    const program = join(muster.folder, 'program');
    await segment.server.run('mount', ['--bind', '.', program]);
    const as = async (uid: number) =>
      await segment.server.tryRun(
        'setpriv',
        [
          `--reuid=${uid}`,
          `--regid=${uid}`,
          '--clear-groups',
          process.execPath,
          join(program, 'bin/muster.mjs'),
          'whoami',
        ],
        { cwd: '/', env: { HOME: '/nonexistent', MUSTER_DATA_FOLDER: '' } },
      );
    expect((await as(65_534)).stdout).toMatch(/this computer\nrole +admin/);
    expect((await as(65_533)).stdout, 'and nobody else does').toMatch(/who +nobody/);
  });

  test('on a network it is reached over TLS alone, by those who log in', async () => {
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_ADDRESS: '0.0.0.0' } });
    const box = await muster.up();
    expect(box).toMatch(/API https:\/\/0\.0\.0\.0:8067/);
    const fingerprint = /SHA-256 fingerprint ((?:[\dA-F]{2}:){31}[\dA-F]{2})/.exec(box)?.[1] ?? '';
    const certificate = join(muster.folder, 'data/api-certificate.pem');
    const { stdout } = await segment.server.run('openssl', [
      'x509',
      '-in',
      certificate,
      '-noout',
      '-fingerprint',
      '-sha256',
    ]);
    expect(stdout).toContain(fingerprint);
    expect(await muster.run('whoami'), 'its own commands find the way').toMatchObject({ role: 'admin' });

    const other = await segment.plugIn('52:54:00:00:00:77');
    await other.ip('address add 192.168.122.77/24 dev eth0');
    const url = `https://${SERVER_ADDRESS}:8067`;
    expect(await curl(other, '--cacert', certificate, `${url}/api/v1/machines`)).toMatch(/\n401$/);
    for (const [path, status] of [
      ['/metrics', 401],
      ['/healthz', 200],
      ['/readyz', 200],
    ] as const)
      expect(await curl(other, '--cacert', certificate, `${url}${path}`), path).toMatch(
        new RegExp(`\n${status}$`),
      );
    // The door for machines has nothing of it, whatever it is called and whoever asks.
    const { token } = JSON.parse(readFileSync(join(muster.folder, 'data/local-door.json'), 'utf8')) as {
      token: string;
    };
    const paths = [
      ...ROUTE_NAMES.map((name) => `${API_PREFIX}${ROUTES[name].path}`),
      '/openapi.json',
      '/metrics',
    ];
    for (const path of ['/readyz', '/login/oidc', ...new Set(paths)]) {
      const asked = ['--globoff', '-H', `Authorization: Bearer ${token}`];
      const said = await curl(other, ...asked, `http://${SERVER_ADDRESS}:8080${path}`);
      expect(said, path).toMatch(/\n404$/);
    }
    const plain = await other.tryRun('curl', ['-sS', `http://${SERVER_ADDRESS}:8067/api/v1/machines`]);
    expect(plain.code, 'nothing is said without TLS').not.toBe(0);
    const unknown = await other.tryRun('curl', ['-sS', `${url}/api/v1/machines`]);
    expect(unknown.stderr).toMatch(/certificate/);
    for (const version of ['1.0', '1.1'])
      expect((await other.tryRun('curl', ['-sS', '-k', '--tls-max', version, url])).code).not.toBe(0);

    const { stdout: link } = await muster.tryRun('user', 'add', 'anna', '--role', 'operator');
    const home = join(muster.folder, 'anna');
    const there = async (...words: readonly string[]) =>
      await other.tryRun(
        process.execPath,
        ['bin/muster.mjs', '--server', url, '--ca', certificate, ...words],
        {
          env: { HOME: home, XDG_CONFIG_HOME: '' },
          input: `${PASSWORD}\n`,
        },
      );
    expect((await there('machine', 'ls')).code).toBe(77);
    const login = await there('login', '--link', link.trim());
    expect(login.code, login.stderr).toBe(0);
    expect(login.stderr).toContain('You are anna');
    expect(statSync(join(home, '.config/muster/sessions.json')).mode & 0o777).toBe(0o600);
    expect((await there('machine', 'add', 'web01', '--mac', '52:54:00:00:00:01')).code).toBe(0);
    expect((await there('subnet', 'rm', 'lab', '-y')).code, 'an operator changes no network').toBe(77);
    expect((await there('logout')).code).toBe(0);
    expect((await there('machine', 'ls')).code).toBe(77);
    expect(await muster.run('audit', '--who', 'anna')).toMatchObject([
      { route: 'logIn', by: 'link', status: 200 },
      { route: 'addMachine', address: '192.168.122.77' },
      { route: 'deleteSubnet', status: 403 },
      { route: 'logOut' },
    ]);
  });

  test('a certificate of its own is shown, and the settings that would tell passwords are refused', async () => {
    muster = new MusterInNamespace(segment.server);
    for (const [settings, because] of [
      ['api: {address: 0.0.0.0, tls: "off"}\n', 'passwords would be read on the way'],
      ['api: {address: 0.0.0.0, login: "off"}\n', 'whoever reaches it would be an admin'],
      ['api: {address: 0.0.0.0, certificate: /nonexistent}\n', 'api.certificate and api.key go together'],
    ] as const) {
      writeFileSync(muster.settingsFile, settings);
      const { code, stderr } = await muster.start().finished;
      expect(code, stderr).not.toBe(0);
      expect(stderr).toContain(because);
    }
    const [key, certificate] = [join(muster.folder, 'own.key'), join(muster.folder, 'own.pem')];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
    const named = ['-subj', '/CN=muster', '-addext', `subjectAltName=IP:${SERVER_ADDRESS}`];
    await segment.server.run('openssl', [...made, '-days', '3', ...named]);
    writeFileSync(
      muster.settingsFile,
      `api: {address: ${SERVER_ADDRESS}, certificate: ${certificate}, key: ${key}}\n`,
    );
    await muster.up();
    expect(
      await curl(segment.server, '--cacert', certificate, `https://${SERVER_ADDRESS}:8067/healthz`),
    ).toMatch(/\n200$/);
    expect(await muster.run('whoami')).toMatchObject({ role: 'admin' });
  });
});
