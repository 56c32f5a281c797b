/** How somebody showed who they are. */
export type ShownBy = 'session' | 'token' | 'local' | 'link' | 'password' | 'nothing';

/** One request that changed something, or would have. */
export interface AuditEntry {
  readonly id: number;
  readonly atMs: number;
  /** The user's name; empty where nobody was known. */
  readonly who: string;
  readonly by: ShownBy;
  readonly address: string;
  /** The row of the API, such as `putSubnet`, and the path that was asked. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  /** What it was about before and after, as the API tells it (plain JSON); secrets are not in it. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface AuditFilter {
  readonly who?: string;
  readonly route?: string;
  /** Only those of which this stands at the beginning of the path. */
  readonly path?: string;
  /** Only older ones than this id. */
  readonly beforeId?: number;
}

export interface AuditStore {
  /** Survives a power failure when resolved. The oldest go where there are more than `MAX_AUDIT_ENTRIES`. */
  note(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, limit: number): Promise<readonly AuditEntry[]>;
}

export const MAX_AUDIT_ENTRIES = 100_000;
/** Characters of `before` and `after` as JSON; of larger ones only the names and the size are kept. */
export const MAX_AUDIT_VALUE_LENGTH = 65_536;
