/** How somebody showed who they are. */
export type ShownBy = 'session' | 'token' | 'local' | 'link' | 'password' | 'openid' | 'nothing';

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
  /** Survives a power failure when resolved. */
  note(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  /** Takes away what is beyond. */
  prune(keep: AuditKeep): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, limit: number): Promise<readonly AuditEntry[]>;
}

/** How many entries are kept, the newest of each kind. */
export interface AuditKeep {
  /** Of what was done. */
  readonly done: number;
  /** Of what was refused: apart, so that nobody who may do nothing can push out what others did. */
  readonly refused: number;
  /** Whose `before` and `after` are kept whatever their size; of older ones, those no longer than `oldLength`. */
  readonly whole: number;
  /** Characters of JSON. */
  readonly oldLength: number;
}

export const AUDIT_KEEP: AuditKeep = { done: 100_000, refused: 10_000, whole: 10_000, oldLength: 2_048 };
/** The least status of an answer that says no. */
export const FIRST_REFUSAL = 400;
/** Entries that are noted between two looks whether there are too many. */
export const AUDIT_PRUNE_EVERY = 256;
/** Characters of `before` and `after` as JSON; of larger ones only the size is kept. */
export const MAX_AUDIT_VALUE_LENGTH = 65_536;
