import type { AuditEntry } from '../../core/people/audit.ts';
import type { User } from '../../core/people/user.ts';
import type { Role } from '../../lib/roles.ts';
import type { JsonText } from '../row-values.ts';

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  readonly state: User['state'];
  /** Of scrypt; read by one query, and by that alone. */
  readonly password_hash: string | null;
  readonly created_at_ms: number;
  /** A provider and its word for the person. */
  readonly subject: string | null;
}

interface SecretRow {
  /** SHA-256 in hex. */
  readonly secret_hash: string;
  readonly user_name: string;
}

export interface SessionRow extends SecretRow {
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number;
  readonly address: string;
  readonly agent: string;
}

export interface ApiTokenRow extends SecretRow {
  readonly id: string;
  readonly title: string;
  readonly role: Role;
  readonly only_paths: JsonText<readonly string[]>;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

export interface LoginLinkRow extends SecretRow {
  readonly expires_at_ms: number;
}

export interface AuditRow {
  /** From 1, without a gap. */
  readonly id: number;
  readonly at_ms: number;
  readonly who: string;
  readonly shown_by: AuditEntry['by'];
  readonly address: string;
  readonly route: string;
  readonly path: string;
  readonly status: number;
  readonly before_json: JsonText<unknown> | null;
  readonly after_json: JsonText<unknown> | null;
}
