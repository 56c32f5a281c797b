import type { z } from 'zod';
import { loginPath, type WhoAsks } from '../contract/people-schemas.ts';
import { OIDC_PATH } from '../contract/routes.ts';
import type { Asker } from '../core/people/asker.ts';
import type { ApiToken, User } from '../core/people/user.ts';
import { isEnough } from '../lib/roles.ts';
import type { LoggedIn, LoginRefusal } from '../services/people/login-service.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { ApiProblem, done, found } from './problems.ts';
import { timeText } from './to-contract.ts';

type SessionRoutes = 'getSession' | 'logIn' | 'logOut' | 'changePassword';
type UserRoutes = 'listUsers' | 'addUser' | 'getUser' | 'changeUser' | 'deleteUser' | 'makeLoginLink';
type TokenRoutes = 'listTokens' | 'addToken' | 'deleteToken';

type Needs = Pick<ApiNeeds, 'people'>;

const MS = 1000;

/** Who may log in, with what, and who changed what. */
export function peopleHandlers(
  needs: Needs,
): Pick<Handlers, SessionRoutes | UserRoutes | TokenRoutes | 'listAudit'> {
  return {
    ...sessionHandlers(needs),
    ...userHandlers(needs),
    ...tokenHandlers(needs),
    listAudit: async ({ query: { before, limit, ...filter } }) => ({
      items: (
        await needs.people.audit.list(
          { ...filter, ...(before === undefined ? {} : { beforeId: before }) },
          limit,
        )
      ).map(({ atMs, ...entry }) => ({ ...entry, at: timeText(atMs) })),
    }),
  };
}

function sessionHandlers({ people: { logins, users, oidc } }: Needs): Pick<Handlers, SessionRoutes> {
  const whoAsks = async (asker: Asker | undefined): Promise<z.input<typeof WhoAsks>> => ({
    ...(asker === undefined ? {} : askerToContract(asker)),
    ...(oidc === undefined ? {} : { openId: OIDC_PATH }),
    firstUser: (await users.list()).length === 0 ? 'wanted' : 'there',
  });
  return {
    getSession: async (_, { asker }) => await whoAsks(asker),
    logIn: async ({ input }, { place, keepSession }) => {
      const { user: name, password = '', link, newPassword = '' } = input;
      const outcome =
        link === undefined
          ? await logins.logIn(name ?? '', password, place)
          : await logins.logInByLink(
              link,
              { password: newPassword, ...(name === undefined ? {} : { name }) },
              place,
            );
      const { user, secret } = loggedIn(outcome);
      keepSession(secret);
      return await whoAsks(sessionAsker(user));
    },
    logOut: async (_, { asker, keepSession }) => {
      if (asker?.sessionHash !== undefined) await logins.logOut(asker.sessionHash);
      keepSession(undefined);
    },
    changePassword: async ({ input }, { asker, place, keepSession }) => {
      const { who } = await oneOfUsers(users, asker);
      const change = { old: input.old, next: input.new };
      const { user, secret } = loggedIn(await logins.changePassword(who, change, place));
      keepSession(secret);
      return await whoAsks(sessionAsker(user));
    },
  };
}

function sessionAsker({ name, role }: User): Asker {
  return { who: name, role, by: 'session', only: [] };
}

function userHandlers({ people: { logins, users } }: Needs): Pick<Handlers, UserRoutes> {
  return {
    listUsers: async () => ({ items: (await users.list()).map(userToContract) }),
    addUser: async ({ input: { name, role } }) => userToContract(done(await users.add(name, role)).user),
    getUser: async ({ params: { name } }) => userToContract(found(await users.byName(name), 'user', name)),
    changeUser: async ({ params: { name }, input }) =>
      userToContract(done(await users.change(name, input)).user),
    deleteUser: async ({ params: { name } }) => {
      done(await users.remove(name));
    },
    makeLoginLink: async ({ params: { name } }) => {
      const { secret, expiresAtMs } = found(await logins.linkFor(name), 'user', name);
      return { path: loginPath(secret), expiresAt: timeText(expiresAtMs) };
    },
  };
}

function tokenHandlers({ people: { users } }: Needs): Pick<Handlers, TokenRoutes> {
  return {
    listTokens: async (_, { asker }) => ({
      items: (await users.tokens()).filter((token) => mayTouch(asker, token)).map(tokenToContract),
    }),
    addToken: async ({ input: { user, title, role = 'viewer', only = [], expiresSeconds } }, { asker }) => {
      const owner = user ?? (await oneOfUsers(users, asker)).who;
      if (!mayTouch(asker, { user: owner }))
        throw new ApiProblem('not-permitted', `a token of ${owner} is made by ${owner} or an admin`);
      if (asker !== undefined && !isEnough(asker.role, role))
        throw new ApiProblem('not-permitted', `who has the role ${asker.role} makes no token for ${role}`);
      if (asker !== undefined && asker.only.length > 0)
        throw new ApiProblem('not-permitted', 'a token that is for some paths alone makes no other tokens');
      const ends = {
        ...(expiresSeconds === undefined ? {} : { expiresInMs: expiresSeconds * MS }),
        ...(asker?.untilMs === undefined ? {} : { untilMs: asker.untilMs }),
      };
      const { token, secret } = done(await users.addToken({ user: owner, title, role, only, ...ends }));
      return { ...tokenToContract(token), secret };
    },
    deleteToken: async ({ params: { id } }, { asker }) => {
      const token = (await users.tokens()).find((one) => one.id === id && mayTouch(asker, one));
      found(token, 'token', id);
      done(await users.removeToken(id));
    },
  };
}

/** Their own, and an admin all. */
function mayTouch(asker: Asker | undefined, { user }: Pick<ApiToken, 'user'>): boolean {
  return asker !== undefined && (asker.role === 'admin' || asker.who === user);
}

/** @throws ApiProblem for those who ask without being a user, such as this computer's own commands. */
async function oneOfUsers(users: ApiNeeds['people']['users'], asker: Asker | undefined): Promise<Asker> {
  const user = asker && (asker.by === 'session' || asker.by === 'token') && (await users.byName(asker.who));
  if (asker && user) return asker;
  throw new ApiProblem(
    'refused',
    `${asker?.who ?? 'nobody'} is no user: say whose it is to be (--user NAME)`,
  );
}

/** @throws ApiProblem */
function loggedIn(outcome: LoggedIn | LoginRefusal): LoggedIn {
  if (outcome.done) return outcome;
  const { no, because, waitSeconds, who } = outcome;
  switch (no) {
    case 'wrong':
      throw new ApiProblem('not-logged-in', because, who === undefined ? {} : { who });
    case 'wait':
      throw new ApiProblem('busy', because, { status: 429, retryAfterSeconds: waitSeconds ?? 1 });
    case 'busy':
      throw new ApiProblem('busy', because);
    case 'refused':
      throw new ApiProblem('refused', because);
    default:
      return no satisfies never;
  }
}

function askerToContract({ who, role, by, only }: Asker) {
  // How somebody logs in is no way to ask.
  const shown = by === 'password' || by === 'link' || by === 'openid' ? 'session' : by;
  return { who, role, by: shown, ...(only.length === 0 ? {} : { only: [...only] }) };
}

function userToContract({ createdAtMs, ...user }: User) {
  return { ...user, createdAt: timeText(createdAtMs) };
}

function tokenToContract({ createdAtMs, expiresAtMs, lastUsedAtMs, only, ...token }: ApiToken) {
  return {
    ...token,
    only: [...only],
    createdAt: timeText(createdAtMs),
    ...(expiresAtMs === undefined ? {} : { expiresAt: timeText(expiresAtMs) }),
    ...(lastUsedAtMs === undefined ? {} : { lastUsedAt: timeText(lastUsedAtMs) }),
  };
}
