import { afterAll, beforeAll, expect, test } from 'vitest';
import { OIDC_CALLBACK_PATH, OIDC_PATH } from '../contract/routes.ts';
import { OidcService } from '../services/people/oidc-service.ts';
import { buildApi } from './build-api.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { ApiWorld } from './suite/api-world.ts';
import { CLIENT_ID, type OpenIdProvider, openOpenIdProvider } from './suite/openid-provider.ts';
import { openTlsDoor, type TlsDoor } from './suite/tls-door.ts';

/** So slow that what was used up stays so. */
const STRANGERS = { burst: 25, perSecond: 0.01 };
/** As browsers say that a page of another site, here the provider, sent them. */
const SENT = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };

let provider: OpenIdProvider;
let door: TlsDoor;
beforeAll(async () => {
  provider = await openOpenIdProvider();
  door = await openTlsDoor({ needs: withOpenId });
});
afterAll(async () => {
  expect(door.world.mistakes).toEqual([]);
  await door.close();
  await provider.close();
});

function withOpenId({ needs, stores: { people } }: ApiWorld): Pick<ApiNeeds, 'people' | 'rateLimits'> {
  const { clock, rateLimits } = needs;
  const rules = { roleClaim: 'groups', values: { admin: [], operator: [], viewer: ['*'] } };
  const wish = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: undefined, rules };
  const oidc = new OidcService({ ...wish, people, clock, logins: needs.people.logins });
  return {
    people: { ...needs.people, oidc },
    rateLimits: { known: rateLimits!.known, stranger: STRANGERS },
  };
}

/** @returns the cookie of a log-in that was begun, and where the provider sends the browser back to. */
async function begin(from: string): Promise<{ readonly cookie: string; readonly back: string }> {
  const { status, headers, cookies } = await door.ask({ path: OIDC_PATH, from });
  expect(status).toBe(302);
  const there = await fetch(headers.location ?? '', { redirect: 'manual' });
  const { pathname, search } = new URL(there.headers.get('location') ?? '');
  expect(pathname).toBe(OIDC_CALLBACK_PATH);
  expect(cookies).toHaveLength(1);
  return { cookie: cookies[0] ?? '', back: pathname + search };
}

async function statusesOf(count: number, path: string, from: string): Promise<readonly unknown[]> {
  const statuses: unknown[] = [];
  for (let at = 0; at < count; at += 1) statuses.push((await door.ask({ path, from })).status);
  return statuses;
}

test('who began is known by a cookie that nobody on the way can set, and no other is taken', async () => {
  const from = '127.0.0.2';
  const { cookie, back } = await begin(from);
  expect(cookie).toMatch(
    /^__Host-muster_oidc=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
  );
  const [shown = ''] = cookie.split(';');
  const planted = { path: back, headers: { ...SENT, cookie: shown.replace('__Host-', '') } };
  const refused = await door.ask({ ...planted, from: '127.0.0.3' });
  expect(refused).toMatchObject({ status: 401, cookies: [] });
  expect(refused.text).toContain('was not begun here');

  const taken = await door.ask({ path: back, headers: { ...SENT, cookie: shown }, from });
  expect(taken).toMatchObject({ status: 302, headers: { location: '/' } });
  expect(taken.cookies).toEqual([
    expect.stringMatching(/^__Host-muster_session=[\w-]{43}; .*; HttpOnly; SameSite=Strict; Secure$/),
    '__Host-muster_oidc=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  ]);
});

test('without TLS, on this computer, no browser would keep such a cookie, and it is another', async () => {
  const api = buildApi({ ...door.world.needs, ...withOpenId(door.world) });
  const began = await api.inject({ url: OIDC_PATH, headers: { host: 'localhost' } });
  expect(began.headers['set-cookie']).toMatch(
    /^muster_oidc=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );
  await api.close();
});

test('who begins log-ins too often is told when to come again', async () => {
  const from = '127.0.0.4';
  expect(await statusesOf(6, OIDC_PATH, from)).toEqual([302, 302, 302, 302, 302, 429]);
  const tooOften = await door.ask({ path: OIDC_PATH, from });
  expect(tooOften).toMatchObject({ status: 429, cookies: [] });
  expect(Number(tooOften.headers['retry-after'])).toBeGreaterThan(0);
  expect(await statusesOf(1, OIDC_PATH, '127.0.0.5'), 'from another address').toEqual([302]);
});

test('coming back from the provider costs as much as beginning, and more where it was no log-in', async () => {
  const from = '127.0.0.6';
  expect(await statusesOf(2, `${OIDC_CALLBACK_PATH}?code=x&state=x`, from)).toEqual([401, 429]);
  const other = '127.0.0.7';
  const { cookie, back } = await begin(other);
  const headers = { ...SENT, cookie: cookie.split(';')[0] ?? '' };
  const { headers: told } = await door.ask({ path: back, headers, from: other });
  expect(told['ratelimit']).toMatch(/^"stranger";r=15;/);
});
