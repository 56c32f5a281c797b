import { type Role, ROLES } from '../../lib/roles.ts';

/** How somebody whom an OpenID provider vouches for becomes a user here. */
export interface OidcRules {
  /** The claim that says what somebody may, such as `groups`. */
  readonly roleClaim: string;
  /** Values of the claim that give each role; `*` stands for everybody. */
  readonly values: Readonly<Record<Role, readonly string[]>>;
}

export interface Outsider {
  /** The provider and its word for the person: what stays when names change (OpenID Connect Core §5.7). */
  readonly subject: string;
  readonly name: string;
  readonly role: Role;
}

/** As names of users are; what is none gets another letter in its place. */
const NOT_IN_NAMES = /[^a-z0-9._@+-]/gi;
const MAX_NAME_LENGTH = 64;
const EVERYBODY = '*';

/** @param claims of an ID token that was checked. @returns why nobody may come in by it, otherwise. */
export function outsiderOf(
  claims: Readonly<Record<string, unknown>>,
  { roleClaim, values }: OidcRules,
): Outsider | { readonly because: string } {
  const { iss: issuer, sub } = claims;
  if (typeof issuer !== 'string' || typeof sub !== 'string') return { because: 'the ID token names nobody' };
  const [said = sub] = [claims['preferred_username'], claims['email'], claims['name']].filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  const name = said
    .replaceAll(NOT_IN_NAMES, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, MAX_NAME_LENGTH);
  if (name === '') return { because: `"${said}" is no name that a user can have` };
  const given = new Set([EVERYBODY, ...listOf(claims[roleClaim])]);
  const role = ROLES.toReversed().find((one) => values[one].some((value) => given.has(value)));
  if (role === undefined)
    return { because: `${name} is in none of the groups that may log in (claim "${roleClaim}")` };
  return { subject: `${issuer} ${sub}`, name, role };
}

function listOf(claim: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return list.filter((one) => typeof one === 'string');
}
