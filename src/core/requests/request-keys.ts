/** Requests that carry a key of the client's own making, by which they are known again, and what they were answered. */

/** An answer as it was given. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where there was none, or it was longer than `MAX_KEPT_TEXT`. */
  readonly text?: string;
  readonly length: number;
}

/** After that a key may be used anew. */
export const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
/** Keys that are remembered, of all clients together; the oldest go first. */
export const MAX_KEYS = 10_000;
/** Characters of an answer that are kept. */
export const MAX_KEPT_TEXT = 262_144;

/** What is known of a key that is not new. */
export interface KnownKey {
  /** Tells what it was used for from anything else. */
  readonly fingerprint: string;
  /** Undefined: it was begun, and how it ended was not written. */
  readonly answer: KeptAnswer | undefined;
}

export interface RequestKeyStore {
  /**
   * Writes that a request begins, unless the key is known: then gives what is known of it. Keys that began before
   * `sinceMs` are forgotten, and the oldest beyond `most`; all in one transaction.
   */
  begin(
    key: string,
    fingerprint: string,
    nowMs: number,
    keep: { readonly sinceMs: number; readonly most: number },
  ): Promise<KnownKey | undefined>;
  answered(key: string, answer: KeptAnswer): Promise<void>;
  /** Nothing was done, and the key may be used anew. */
  forget(key: string): Promise<void>;
}
