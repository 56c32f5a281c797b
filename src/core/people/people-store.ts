import type { Outsider } from './oidc.ts';
import type { ApiToken, Session, User, UserChange } from './user.ts';

export type Put = { readonly put: true } | { readonly put: false; readonly because: string };

/** Users, and what they log in with. Secrets come here as their SHA-256 in hex, passwords as a hash of scrypt. */
export interface PeopleStore {
  /** By name. */
  users(): Promise<readonly User[]>;
  user(name: string): Promise<User | undefined>;
  passwordHash(name: string): Promise<string | undefined>;
  /** @param objection decided over those that are there, with nothing changed between. */
  addUser(
    user: Omit<User, 'password'>,
    passwordHash: string | undefined,
    objection: (users: readonly User[]) => string | undefined,
  ): Promise<Put>;
  /** Ends all sessions and links of a user who is locked. @param objection over the user and all others. */
  changeUser(
    name: string,
    change: UserChange,
    objection: (user: User, others: readonly User[]) => string | undefined,
  ): Promise<{ readonly changed: User } | { readonly because: string }>;
  /**
   * Somebody whom a provider vouches for: with the role it says, as the user they were before, or a new one. Nobody
   * becomes a user of this name who was made here, or by another provider.
   */
  putOutsider(
    outsider: Outsider,
    createdAtMs: number,
  ): Promise<{ readonly user: User } | { readonly because: string }>;
  /** Takes the user's sessions, tokens and links along. */
  removeUser(
    name: string,
    objection: (user: User, others: readonly User[]) => string | undefined,
  ): Promise<Put>;
  /**
   * Ends all sessions and links of the user.
   *
   * @param shownPassword as with `addSession`.
   * @returns whether it is set.
   */
  setPassword(name: string, passwordHash: string, shownPassword?: string): Promise<boolean>;

  /**
   * Not for nobody, nor for who is locked.
   *
   * @param shownPassword what the user's password was kept as when it was shown: where another was set meanwhile, there
   * is no session.
   * @returns whether there is one.
   */
  addSession(secretHash: string, session: Session, shownPassword?: string): Promise<boolean>;
  session(secretHash: string): Promise<{ readonly session: Session; readonly user: User } | undefined>;
  sawSession(secretHash: string, atMs: number): Promise<void>;
  endSession(secretHash: string): Promise<void>;
  /** Ends those that were not seen since, or are older. */
  endOldSessions(notSeenSinceMs: number, createdBeforeMs: number): Promise<void>;

  /** Newest first. */
  tokens(): Promise<readonly ApiToken[]>;
  addToken(secretHash: string, token: ApiToken): Promise<Put>;
  token(secretHash: string): Promise<{ readonly token: ApiToken; readonly user: User } | undefined>;
  usedToken(id: string, atMs: number): Promise<void>;
  /** @returns whether there was one. */
  removeToken(id: string): Promise<boolean>;

  /** In place of any other link of this user. @returns whether there is such a user. */
  putLink(secretHash: string, user: string, expiresAtMs: number): Promise<boolean>;
  /** Whether it is good now. */
  isLink(secretHash: string, nowMs: number): Promise<boolean>;
  /** Whose it is, where it is good now; from then on it is good for nothing. */
  takeLink(secretHash: string, nowMs: number): Promise<string | undefined>;
}
