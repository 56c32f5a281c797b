import { z } from 'zod';
import { ROLES } from '../lib/roles.ts';
import { entries, line, MAX_NAME_LENGTH, MAX_TEXT_LENGTH, time } from './fields.ts';

/** Letters of a password of somebody who logs in. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;
const MAX_LINK_LENGTH = 128;
const MAX_ONLY = 32;
const MAX_TOKEN_SECONDS = 10 * 366 * 86_400;
const MAX_AUDIT_ROWS = 1000;

const role = z.enum(ROLES).describe('What may be done: viewer, operator or admin');
export const userName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(/^[a-z0-9][a-z0-9._@+-]*$/i, 'letters, digits and . _ @ + - are wanted, a letter or digit first');
const anyPassword = z.string().min(1).max(MAX_PASSWORD_LENGTH);
const newPassword = z
  .string()
  .min(
    MIN_PASSWORD_LENGTH,
    `at least ${MIN_PASSWORD_LENGTH} letters are wanted; a sentence is easy to keep in mind`,
  )
  .max(MAX_PASSWORD_LENGTH);

export const byUserName = z.strictObject({ name: userName.describe('The name of the user') });

export const Login = z
  .strictObject({
    user: userName.exactOptional().describe('The name of the user; with a link, of the first one'),
    password: anyPassword.exactOptional().describe('The password of the user'),
    link: line(MAX_LINK_LENGTH)
      .min(1)
      .exactOptional()
      .describe('In place of a password: what stands behind "login=" in a link for one time'),
    newPassword: newPassword.exactOptional().describe('With a link: the password from now on'),
  })
  .refine(
    ({ user, password, link, newPassword: next }) =>
      link === undefined
        ? user !== undefined && password !== undefined && next === undefined
        : password === undefined && next !== undefined,
    'user and password are wanted, or link and newPassword',
  )
  .describe('Name and password, or a link for one time and a new password');

export const PasswordChange = z
  .strictObject({
    old: anyPassword.describe('The password so far'),
    new: newPassword.describe('The password from now on'),
  })
  .describe("Another password of one's own");

export const WhoAsks = z
  .object({
    who: z.string().exactOptional().describe('The name of the user; absent where nobody is logged in'),
    role: role.exactOptional(),
    by: z
      .enum(['session', 'token', 'local', 'nothing'])
      .exactOptional()
      .describe('How they showed who they are; "nothing" where there is no log-in'),
    only: z.array(z.string()).exactOptional().describe('A token: first words of the paths it is for'),
    openId: z
      .string()
      .exactOptional()
      .describe('The path where a log-in at an OpenID provider begins; absent where there is none'),
    firstUser: z
      .enum(['wanted', 'there'])
      .describe('Whether there is a user; the first is made by the link that is printed at the start'),
  })
  .describe('Who asks');

export const User = z
  .object({
    name: userName.describe('Its name'),
    role,
    state: z.enum(['active', 'locked']).describe('Who is locked cannot log in, nor can their programs'),
    password: z.enum(['set', 'none']).describe('Without one, a link for one time is the way in'),
    createdAt: time.describe('When it was added'),
  })
  .describe('Somebody who may log in');

export const UserInput = z
  .strictObject({ name: userName.describe('Its name'), role })
  .describe('A user to add; the password is set with a link');

export const UserChange = z
  .strictObject({
    role: role.exactOptional(),
    state: z.enum(['active', 'locked']).exactOptional().describe('Whether the user may log in'),
  })
  .describe('What to change of a user');

export const LoginLink = z
  .object({
    path: z.string().describe('Behind the address of this page: the link'),
    expiresAt: time.describe('Until when it is good'),
  })
  .describe('A link with which a user sets a new password, once');

export const ApiToken = z
  .object({
    id: z.string().describe('Its id'),
    user: userName.describe('Whose it is'),
    title: z.string().describe('What it is for'),
    role,
    only: z.array(z.string()).describe('First words of the paths it is for, such as machines; none: all'),
    createdAt: time.describe('When it was made'),
    expiresAt: time.exactOptional().describe('Until when it is good'),
    lastUsedAt: time.exactOptional().describe('When it was used last, to the minute'),
  })
  .describe('What a program asks with');

export const NewApiToken = ApiToken.extend({
  secret: z.string().describe('For "Authorization: Bearer"; told this once'),
}).describe('A token, and its secret');

export const ApiTokenInput = z
  .strictObject({
    user: userName.exactOptional().describe('Whose it is; an admin may make one for others'),
    title: line(MAX_TEXT_LENGTH).min(1).describe('What it is for'),
    role: role.exactOptional().describe('What it may; left out: viewer'),
    only: entries(line(MAX_NAME_LENGTH).min(1), MAX_ONLY)
      .exactOptional()
      .describe('First words of the paths it is for, such as machines; left out: all'),
    expiresSeconds: z
      .int()
      .min(1)
      .max(MAX_TOKEN_SECONDS)
      .exactOptional()
      .describe('For how long it is good; left out: until it is taken away'),
  })
  .describe('A token to make');

export const AuditEntry = z
  .object({
    id: z.int().describe('Its number'),
    at: time.describe('When'),
    who: z.string().describe('The name of the user; empty where nobody was known'),
    by: z
      .enum(['session', 'token', 'local', 'link', 'password', 'openid', 'nothing'])
      .describe('How they showed who they are'),
    address: z.string().describe('Where the request came from'),
    route: z.string().describe('What was asked, as the API names it'),
    path: z.string().describe('The path below the API'),
    status: z.int().describe('The HTTP status of the answer'),
    before: z
      .unknown()
      .optional()
      .describe('What it was about before, without secrets; absent where it was not there'),
    after: z.unknown().optional().describe('What it was about afterwards, without secrets'),
  })
  .describe('One request that changed something, or was refused');

export const AuditQuery = z.strictObject({
  who: line(MAX_NAME_LENGTH).exactOptional().describe('Only what this user did'),
  route: line(MAX_NAME_LENGTH).exactOptional().describe('Only this kind of request'),
  path: line(MAX_TEXT_LENGTH).exactOptional().describe('Only what begins with this path'),
  before: z.coerce.number().int().min(1).exactOptional().describe('Only older ones than this number'),
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_ROWS).default(100).describe('At most this many'),
});

/** Where a link for one log-in leads. Behind a #, so that it is sent to no server, and stands in no log of one. */
export function loginPath(secret: string): string {
  return `/#login=${secret}`;
}
