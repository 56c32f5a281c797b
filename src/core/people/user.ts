import type { Role } from '../../lib/roles.ts';

/** Somebody who may log in. */
export interface User {
  readonly name: string;
  readonly role: Role;
  /** Who is locked cannot log in, and no token of theirs is taken. */
  readonly state: 'active' | 'locked';
  /** Without one, a one-time link is the way in. */
  readonly password: 'set' | 'none';
  readonly createdAtMs: number;
}

export interface UserChange {
  readonly role?: Role;
  readonly state?: User['state'];
}

export const MAX_USERS = 1000;

/** One browser that is logged in. Its secret is kept as its SHA-256 alone. */
export interface Session {
  readonly user: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  /** From where it was begun, and what the browser calls itself. */
  readonly address: string;
  readonly agent: string;
}

/** Of one user; the one not seen for longest ends when another begins. */
export const MAX_SESSIONS_OF_USER = 20;
/** A session that was not used for so long is over. */
export const SESSION_IDLE_MS = 12 * 60 * 60 * 1000;
/** However much it is used, it ends after this. */
export const SESSION_MS = 7 * 24 * 60 * 60 * 1000;

export function isSessionOver({ createdAtMs, lastSeenAtMs }: Session, nowMs: number): boolean {
  return nowMs - lastSeenAtMs >= SESSION_IDLE_MS || nowMs - createdAtMs >= SESSION_MS;
}

/** What a program asks with. Its secret is kept as its SHA-256 alone. */
export interface ApiToken {
  readonly id: string;
  readonly user: string;
  /** What it is for. */
  readonly title: string;
  /** No more than this, and no more than its user may at the time. */
  readonly role: Role;
  /** First words of the paths it may ask below the API, such as `machines`; none: all. */
  readonly only: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly lastUsedAtMs?: number;
}

export const MAX_TOKENS = 1000;

/** How long a link for one log-in is good. */
export const LINK_MS = 24 * 60 * 60 * 1000;

/** Why a user cannot be as it is to be, or be gone: somebody must be left who can do everything. */
export function objectionToLoss(
  before: User,
  after: Pick<User, 'role' | 'state'> | undefined,
  others: readonly User[],
): string | undefined {
  const isLost = isActiveAdmin(before) && !(after && isActiveAdmin(after));
  if (!isLost || others.some(isActiveAdmin)) return undefined;
  return `nobody but ${before.name} may do everything: make another user an admin first`;
}

function isActiveAdmin({ role, state }: Pick<User, 'role' | 'state'>): boolean {
  return role === 'admin' && state === 'active';
}
