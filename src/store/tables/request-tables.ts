import type { KeptAnswer } from '../../core/requests/request-keys.ts';
import type { JsonText } from '../row-values.ts';

export interface RequestKeyRow {
  /** SHA-256 of the key and of who sent it. */
  readonly key_hash: string;
  readonly fingerprint: string;
  readonly begun_at_ms: number;
  /** Null: it was begun, and how it ended was not written. */
  readonly answer: JsonText<KeptAnswer> | null;
}
