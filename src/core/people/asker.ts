import { isEnough, lesserRole, type Role } from '../../lib/roles.ts';
import type { ShownBy } from './audit.ts';
import type { ApiToken, User } from './user.ts';

/** Who asks the API, and what they may. */
export interface Asker {
  /** The user's name, or what stands for it where nobody logs in. */
  readonly who: string;
  readonly role: Role;
  readonly by: ShownBy;
  /** First words of the paths that may be asked; none: all. */
  readonly only: readonly string[];
  /** Of a token: until when it is good. */
  readonly untilMs?: number;
  /** Of the session, to end it or to leave it alone. */
  readonly sessionHash?: string;
}

/** Whoever reads the file that Muster writes for this computer's own users could read the database, too. */
export const LOCAL_ASKER: Asker = { who: 'this computer', role: 'admin', by: 'local', only: [] };
/** Where there is no log-in at all. */
export const ANYBODY: Asker = { who: 'anybody', role: 'admin', by: 'nothing', only: [] };

/** A token never may more than its user may now. */
export function askerOfToken({ only, role, expiresAtMs }: ApiToken, user: User): Asker {
  const until = expiresAtMs === undefined ? {} : { untilMs: expiresAtMs };
  return { who: user.name, role: lesserRole(role, user.role), by: 'token', only, ...until };
}

/** Why this one may not ask this, or undefined. @param wanted the least role. @param path below the API, as in the contract. */
export function objectionToAsker(
  { who, role, by, only }: Asker,
  wanted: Role,
  path: string,
): string | undefined {
  const whose = by === 'token' ? `this token of ${who}` : who;
  if (!isEnough(role, wanted))
    return `this is for the role ${wanted}, and ${whose} has the role ${role}: an admin can give another`;
  const [, first = ''] = path.split('/');
  if (only.length > 0 && !only.includes(first))
    return `${whose} is for ${only.join(', ')} alone, and this is ${first}: make another token`;
  return undefined;
}
