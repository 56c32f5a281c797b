import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { API_PREFIX } from '../contract/routes.ts';
import { FREE_OF_NAME } from '../core/people/login-guard.ts';
import { LINK_MS, SESSION_IDLE_MS, SESSION_MS } from '../core/people/user.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';
import { LOCAL_SECRET } from './suite/people-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld('on');
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

const PASSWORD = 'correct horse battery';
const LOCAL = { authorization: `Bearer ${LOCAL_SECRET}` };
type Headers = Readonly<Record<string, string>>;

async function ask(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  headers: Headers,
  body?: object,
) {
  const response = await world.api.inject({
    method,
    url: `${API_PREFIX}${path}`,
    headers: { host: 'localhost', 'user-agent': 'a browser', ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  return {
    status: response.statusCode,
    body: (response.payload === '' ? undefined : response.json()) as Record<string, unknown>,
    headers: response.headers,
    cookie: { cookie: String(response.headers['set-cookie'] ?? '').split(';')[0] ?? '' },
  };
}

async function linkOf(name: string): Promise<string> {
  const { body } = await ask('POST', `/users/${name}/link`, LOCAL, {});
  return String(body['path']).replace('/#login=', '');
}

/** A user with this password, logged in. */
async function user(name: string, role = 'operator'): Promise<{ cookie: string }> {
  await ask('POST', '/users', LOCAL, { name, role });
  const { cookie, status } = await ask(
    'POST',
    '/session',
    {},
    { link: await linkOf(name), newPassword: PASSWORD },
  );
  expect(status).toBe(200);
  return cookie;
}

describe('the first user', () => {
  test('is made by the newest link of the start, once, and is an admin', async () => {
    expect((await ask('GET', '/session', {})).body).toEqual({ firstUser: 'wanted' });
    const old = (await world.needs.people.logins.firstLink()) ?? '';
    const link = (await world.needs.people.logins.firstLink()) ?? '';
    const body = { user: 'root', newPassword: PASSWORD };
    expect((await ask('POST', '/session', {}, { ...body, link: old })).status).toBe(401);
    expect((await ask('POST', '/session', {}, { newPassword: PASSWORD, link })).body).toMatchObject({
      detail: 'the first user needs a name: send one along',
    });
    expect((await ask('POST', '/session', {}, { ...body, link, newPassword: 'short' })).status).toBe(400);
    const made = await ask('POST', '/session', {}, { ...body, link });
    expect(made).toMatchObject({ status: 200, body: { who: 'root', role: 'admin', firstUser: 'there' } });
    expect((await ask('GET', '/users', made.cookie)).status).toBe(200);
    expect((await ask('POST', '/session', {}, { ...body, link, user: 'other' })).status).toBe(401);
    expect(await world.needs.people.logins.firstLink()).toBeUndefined();
  });
});

describe('a session', () => {
  test('is a cookie that no script and no other page gets', async () => {
    await user('anna');
    const { headers } = await ask('POST', '/session', {}, { user: 'anna', password: PASSWORD });
    expect(headers['set-cookie']).toMatch(
      /^muster_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
  });

  test('ends when its user logs out, and no other does', async () => {
    const one = await user('bo');
    const { cookie: other } = await ask('POST', '/session', {}, { user: 'bo', password: PASSWORD });
    const out = await ask('DELETE', '/session', one);
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toContain('muster_session=; Path=/; Max-Age=0');
    expect((await ask('GET', '/machines', one)).status).toBe(401);
    expect((await ask('GET', '/machines', other)).status).toBe(200);
  });

  test('ends when nobody used it for long, and in any case after a week', async () => {
    const idle = await user('carl');
    world.later(SESSION_IDLE_MS - 1);
    expect((await ask('GET', '/machines', idle)).status).toBe(200);
    world.later(SESSION_IDLE_MS - 1);
    expect((await ask('GET', '/machines', idle)).status, 'it was used in between').toBe(200);
    world.later(SESSION_IDLE_MS);
    expect((await ask('GET', '/machines', idle)).status).toBe(401);
    const busy = await user('cora');
    for (let ms = 0; ms < SESSION_MS - SESSION_IDLE_MS; ms += SESSION_IDLE_MS - 1) {
      expect((await ask('GET', '/machines', busy)).status).toBe(200);
      world.later(SESSION_IDLE_MS - 1);
    }
    world.later(SESSION_IDLE_MS);
    expect((await ask('GET', '/machines', busy)).status).toBe(401);
  });

  test('has the role that its user has now, and ends with the user', async () => {
    const cookie = await user('dora', 'viewer');
    const machine = { name: 'web1', macs: ['52:54:00:00:00:01'] };
    expect((await ask('POST', '/machines', cookie, machine)).status).toBe(403);
    await ask('PATCH', '/users/dora', LOCAL, { role: 'operator' });
    expect((await ask('POST', '/machines', cookie, machine)).status).toBe(201);
    await ask('PATCH', '/users/dora', LOCAL, { state: 'locked' });
    expect((await ask('GET', '/machines', cookie)).status).toBe(401);
    await ask('PATCH', '/users/dora', LOCAL, { state: 'active' });
    expect((await ask('GET', '/machines', cookie)).status, 'it ended when its user was locked').toBe(401);
    const again = await ask('POST', '/session', {}, { user: 'dora', password: PASSWORD });
    expect((await ask('GET', '/machines', again.cookie)).status).toBe(200);
    await ask('DELETE', '/users/dora', LOCAL);
    expect((await ask('GET', '/machines', again.cookie)).status).toBe(401);
  });
});

describe('passwords', () => {
  test('are changed with the old one; all other sessions end', async () => {
    const here = await user('erik');
    const { cookie: there } = await ask('POST', '/session', {}, { user: 'erik', password: PASSWORD });
    const next = 'another horse battery';
    expect((await ask('PUT', '/session/password', here, { old: 'wrong', new: next })).status).toBe(401);
    const changed = await ask('PUT', '/session/password', here, { old: PASSWORD, new: next });
    expect(changed.status).toBe(200);
    expect((await ask('GET', '/machines', changed.cookie)).status).toBe(200);
    for (const cookie of [here, there]) expect((await ask('GET', '/machines', cookie)).status).toBe(401);
    expect((await ask('POST', '/session', {}, { user: 'erik', password: PASSWORD })).status).toBe(401);
    expect((await ask('POST', '/session', {}, { user: 'erik', password: next })).status).toBe(200);
  });

  test('and names take a small body, since anybody may send one', async () => {
    const long = await ask('POST', '/session', {}, { user: 'a', password: 'x'.repeat(17_000) });
    expect(long.status).toBe(413);
  });

  test('and names are not told apart when they are wrong', async () => {
    await user('fay');
    const wrong = await ask('POST', '/session', {}, { user: 'fay', password: 'wrong' });
    const nobody = await ask('POST', '/session', {}, { user: 'nobody', password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(nobody.body);
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  test('of a locked user, or of one that has none, let nobody in', async () => {
    await user('gus');
    await ask('PATCH', '/users/gus', LOCAL, { state: 'locked' });
    expect((await ask('POST', '/session', {}, { user: 'gus', password: PASSWORD })).status).toBe(401);
    await ask('POST', '/users', LOCAL, { name: 'hal', role: 'viewer' });
    expect((await ask('POST', '/session', {}, { user: 'hal', password: PASSWORD })).status).toBe(401);
  });

  describe('that are guessed', () => {
    beforeEach(async () => {
      await user('ida');
      world.later(SESSION_IDLE_MS);
    });
    test('cost more and more time, and then the right one does, too', async () => {
      const wrong = { user: 'ida', password: 'wrong' };
      for (let time = 0; time <= FREE_OF_NAME; time++)
        expect((await ask('POST', '/session', {}, wrong)).status).toBe(401);
      const right = { user: 'ida', password: PASSWORD };
      const waits = await ask('POST', '/session', {}, right);
      expect(waits).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
      expect(waits.body['detail']).toBe('too many log-ins were wrong: try again in 2 s');
      world.later(2_000);
      expect((await ask('POST', '/session', {}, right)).status).toBe(200);
      for (let time = 0; time < FREE_OF_NAME * 2; time++)
        expect((await ask('POST', '/session', {}, right)).status, 'right ones cost nothing').toBe(200);
    });
  });
});

describe('a link', () => {
  test('sets a password once, in time, and is replaced by a newer one', async () => {
    await user('jan');
    const [old, link] = [await linkOf('jan'), await linkOf('jan')];
    const next = 'yet another horse';
    expect((await ask('POST', '/session', {}, { link: old, newPassword: next })).status).toBe(401);
    expect((await ask('POST', '/session', {}, { link, newPassword: next })).status).toBe(200);
    expect((await ask('POST', '/session', {}, { link, newPassword: next })).status).toBe(401);
    const late = await linkOf('jan');
    world.later(LINK_MS);
    expect((await ask('POST', '/session', {}, { link: late, newPassword: next })).status).toBe(401);
  });
});

describe('tokens', () => {
  const bearer = (secret: unknown): Headers => ({ authorization: `Bearer ${String(secret)}` });

  test('may what they were made for, and no more than their user may now', async () => {
    const cookie = await user('kim');
    const made = await ask('POST', '/tokens', cookie, { title: 'ci', role: 'operator', only: ['machines'] });
    const token = bearer(made.body['secret']);
    expect((await ask('GET', '/machines', token)).status).toBe(200);
    const elsewhere = await ask('GET', '/subnets', token);
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.body['detail']).toBe(
      'this token of kim is for machines alone, and this is subnets: make another token',
    );
    await ask('PATCH', '/users/kim', LOCAL, { role: 'viewer' });
    expect((await ask('POST', '/machines', token, { name: 'x1', serial: 'S9' })).status).toBe(403);
    expect((await ask('GET', '/machines', token)).status).toBe(200);
    await ask('PATCH', '/users/kim', LOCAL, { state: 'locked' });
    expect((await ask('GET', '/machines', token)).status).toBe(401);
  });

  test('are for oneself, of one’s own role at most, and made by no narrower token', async () => {
    const cookie = await user('lea');
    for (const [wish, type] of [
      [{ title: 't', user: 'root' }, 'not-permitted'],
      [{ title: 't', role: 'admin' }, 'not-permitted'],
    ] as const)
      expect((await ask('POST', '/tokens', cookie, wish)).body['type'], JSON.stringify(wish)).toBe(type);
    expect(
      (await ask('POST', '/tokens', LOCAL, { title: 't', user: 'lea', role: 'admin' })).body,
    ).toMatchObject({
      type: 'refused',
      detail: 'lea is operator, and no token of theirs may more than that',
    });
    const narrow = await ask('POST', '/tokens', cookie, { title: 'n', role: 'operator', only: ['tokens'] });
    const refused = await ask('POST', '/tokens', bearer(narrow.body['secret']), { title: 'wider' });
    expect(refused.status).toBe(403);
    expect((await ask('POST', '/tokens', LOCAL, { title: 'whose' })).body['detail']).toMatch(/--user NAME/);
  });

  test('that end make none that is good for longer', async () => {
    const cookie = await user('lars');
    const short = await ask('POST', '/tokens', cookie, { title: 's', role: 'operator', expiresSeconds: 120 });
    const by = bearer(short.body['secret']);
    for (const wish of [{ title: 'for ever' }, { title: 'for long', expiresSeconds: 86_400 }])
      expect((await ask('POST', '/tokens', by, wish)).body['expiresAt'], wish.title).toBe(
        short.body['expiresAt'],
      );
    const shorter = await ask('POST', '/tokens', by, { title: 'shorter', expiresSeconds: 60 });
    expect(Date.parse(String(shorter.body['expiresAt']))).toBe(world.needs.clock.nowMs() + 60_000);
  });

  test('are seen and taken away by their user and by admins', async () => {
    const [mia, ned] = [await user('mia'), await user('ned')];
    const { body } = await ask('POST', '/tokens', mia, { title: 'of mia' });
    const path = `/tokens/${String(body['id'])}`;
    const titles = async (headers: Headers): Promise<readonly unknown[]> =>
      ((await ask('GET', '/tokens', headers)).body['items'] as { title: string }[]).map(({ title }) => title);
    expect(await titles(mia)).toEqual(['of mia']);
    expect(await titles(ned)).toEqual([]);
    expect(await titles(LOCAL)).toContain('of mia');
    expect((await ask('DELETE', path, ned)).status).toBe(404);
    expect((await ask('DELETE', path, mia)).status).toBe(204);
    expect((await ask('GET', '/machines', bearer(body['secret']))).status).toBe(401);
  });

  test('are good no longer than they were made for, and tell when they were used', async () => {
    const cookie = await user('olga');
    const { body } = await ask('POST', '/tokens', cookie, { title: 'short', expiresSeconds: 120 });
    const token = bearer(body['secret']);
    world.later(60_000);
    expect((await ask('GET', '/machines', token)).status).toBe(200);
    const [seen] = (await ask('GET', '/tokens', cookie)).body['items'] as Record<string, string>[];
    expect(Date.parse(seen?.['lastUsedAt'] ?? '')).toBe(world.needs.clock.nowMs());
    expect(JSON.stringify(seen)).not.toContain(String(body['secret']));
    world.later(60_000);
    expect((await ask('GET', '/machines', token)).status).toBe(401);
  });
});

describe('the last admin', () => {
  test('stays, whatever is asked', async () => {
    const { body } = await ask('GET', '/users', LOCAL);
    const admins = (body['items'] as { name: string; role: string }[]).filter(({ role }) => role === 'admin');
    expect(admins.map(({ name }) => name)).toEqual(['root']);
    const because = 'nobody but root may do everything: make another user an admin first';
    for (const [method, change] of [
      ['PATCH', { role: 'operator' }],
      ['PATCH', { state: 'locked' }],
      ['DELETE', undefined],
    ] as const)
      expect((await ask(method, '/users/root', LOCAL, change)).body['detail']).toBe(because);
    await user('paul', 'admin');
    expect((await ask('PATCH', '/users/root', LOCAL, { role: 'operator' })).status).toBe(200);
    expect((await ask('PATCH', '/users/root', LOCAL, { role: 'admin' })).status).toBe(200);
  });
});

describe('the audit', () => {
  const of = async (query: string) => (await ask('GET', `/audit?${query}`, LOCAL)).body['items'];

  test('tells who changed what, with what it was before and afterwards', async () => {
    const cookie = await user('quin', 'admin');
    const subnet = { network: '192.168.122.0/24' };
    await ask('PUT', '/subnets/lab', cookie, subnet);
    await ask('PUT', '/subnets/lab', cookie, { ...subnet, domainName: 'lab.example' });
    await ask('DELETE', '/subnets/lab', cookie);
    expect(await of('who=quin&path=/subnets/lab')).toMatchObject([
      { route: 'deleteSubnet', before: { domainName: 'lab.example' }, by: 'session', address: '127.0.0.1' },
      { route: 'putSubnet', before: { name: 'lab' }, after: { domainName: 'lab.example' } },
      { route: 'putSubnet', status: 200, after: { name: 'lab' } },
    ]);
  });

  test('tells what was tried and not done, and no secret', async () => {
    const cookie = await user('rosa');
    await ask('POST', '/tokens', cookie, { title: 'secret of rosa' });
    await ask('DELETE', '/subnets/lab', cookie);
    await ask('DELETE', '/machines/nowhere', cookie);
    expect(await of('who=rosa')).toMatchObject([
      { route: 'deleteMachine', status: 404 },
      { route: 'deleteSubnet', status: 403 },
      { route: 'addToken', status: 200 },
      { route: 'logIn', status: 200 },
    ]);
    const all = JSON.stringify(await of('limit=1000'));
    expect(all).not.toContain('muster_');
    expect(all).not.toContain(PASSWORD);
    expect(all).not.toContain('#login=');
    expect(all).not.toContain('$scrypt$');
  });

  test('tells who logged in and by what, and whose name was tried', async () => {
    await user('tess');
    await ask('POST', '/session', {}, { user: 'tess', password: PASSWORD });
    await ask('POST', '/session', {}, { user: 'tess', password: 'wrong' });
    await ask('POST', '/session', {}, { user: PASSWORD.replaceAll(' ', '-'), password: 'x' });
    expect(await of('route=logIn&limit=4')).toMatchObject([
      { status: 401, who: '', by: 'password' },
      { status: 401, who: 'tess', by: 'password' },
      { status: 200, who: 'tess', by: 'password', after: { who: 'tess' } },
      { status: 200, who: 'tess', by: 'link' },
    ]);
    expect(JSON.stringify(await of('limit=4')), 'a password typed as a name').not.toContain('correct-horse');
  });

  test('holds no hash of a password of a machine', async () => {
    const cookie = await user('ulla');
    const machine = { name: 'db1', serial: 'S77', variables: { root_password: 'not for the audit' } };
    await ask('POST', '/machines', cookie, machine);
    await ask('PATCH', '/machines/db1', cookie, { variables: { root_password: 'nor this one' } });
    const [changed, added] = (await of('who=ulla')) as Record<string, unknown>[];
    const variables = { root_password_hash: '(secret)' };
    expect(changed).toMatchObject({ before: { variables }, after: { variables } });
    expect(added).toMatchObject({ after: { variables } });
    expect(JSON.stringify(await of('limit=1000'))).not.toContain('$6$');
  });
});

describe('who sees everything but secrets', () => {
  const hash = `$6$saltsalt$${'x'.repeat(86)}`;
  const variables = { root_password_hash: hash, timezone: 'UTC' };
  const shown = { root_password_hash: '(secret)', timezone: 'UTC' };

  test('sees of a password neither its hash nor that there is none', async () => {
    const [admin, viewer] = [await user('vera', 'admin'), await user('viv', 'viewer')];
    await ask('POST', '/machines', LOCAL, { name: 'db2', serial: 'S78', variables });
    expect((await ask('POST', '/images', LOCAL, { folder: world.tree })).status).toBe(201);
    await ask('PUT', '/profiles/db', LOCAL, { image: 'centos-7', variables });
    await ask('PUT', '/groups/db', LOCAL, { selector: 'rack=1', variables });
    for (const path of ['/machines/db2', '/profiles/db', '/groups/db', '/machines/db2/explain']) {
      const seen = await ask('GET', path, viewer);
      expect(JSON.stringify(seen.body), path).not.toContain('$6$');
      expect(JSON.stringify(seen.body), path).toContain('"root_password_hash":"(secret)"');
      expect(JSON.stringify((await ask('GET', path, admin)).body), path).toContain(hash);
    }
    const listed = (await ask('GET', '/machines?q=db2', viewer)).body['items'];
    expect(listed).toMatchObject([{ name: 'db2', variables: shown }]);
  });

  test('sees an answer file with a hash in place of it', async () => {
    const [admin, viewer] = [await user('vida', 'admin'), await user('vito', 'viewer')];
    const path = '/machines/db2/answer?profile=db';
    const [all, most] = [await ask('GET', path, admin), await ask('GET', path, viewer)];
    expect(all.body['text']).toContain(hash);
    const text = String(most.body['text']);
    expect(text).not.toContain(hash);
    expect(text.replace(/\$6\$notshown\$\.{86}/, hash)).toBe(all.body['text']);
  });

  test('sees where a hook sends to, and not the address that lets anybody write there', async () => {
    const [operator, viewer] = [await user('wim'), await user('wes', 'viewer')];
    const url = 'https://chat.example/services/T0/B0/secret-of-the-chat';
    for (const [name, target] of [
      ['chat', url],
      ['open', 'https://b.example'],
    ]) {
      const wish = { name, events: ['install.*'], url: target, secret: 'x'.repeat(32) };
      const hook = await ask('POST', '/hooks', LOCAL, wish);
      expect(hook.status, JSON.stringify(hook.body)).toBe(201);
    }
    const power = await ask('PUT', '/machines/db2/power', LOCAL, { driver: 'webhook', url, secret: 'x' });
    expect(power.status, JSON.stringify(power.body)).toBe(200);
    for (const who of [operator, viewer]) {
      const told = JSON.stringify([
        (await ask('GET', '/hooks', who)).body,
        (await ask('GET', '/hooks/chat', who)).body,
        (await ask('GET', '/machines/db2/power', who)).body,
        (await ask('GET', '/power', who)).body,
      ]);
      expect(told).not.toContain('secret-of-the-chat');
      expect(told.match(/https:\/\/chat\.example\/\(secret\)/g)).toHaveLength(4);
      expect(told).toContain('https://b.example');
    }
    expect((await ask('GET', '/hooks/chat', LOCAL)).body).toMatchObject({ url });
    expect((await ask('GET', '/machines/db2/power', LOCAL)).body).toMatchObject({ settings: { url } });
  });
});

test('nobody but an admin has this computer load a file from elsewhere', async () => {
  const operator = await user('yan');
  const url = 'http://127.0.0.1:9/other.iso';
  const refused = await ask('POST', '/arrivals', operator, { url });
  expect([refused.status, refused.body['type']]).toEqual([403, 'not-permitted']);
  expect((await ask('POST', '/arrivals', operator, { fileName: 'disc.iso', bytes: 1 })).status).toBe(201);
  expect((await ask('POST', '/arrivals', LOCAL, { url, name: 'other' })).status).toBe(201);
  for (const name of ['disc', 'other']) await ask('DELETE', `/arrivals/${name}`, LOCAL);
});
