import { StoreError } from '../store-error.ts';
import type { ThreadFailure } from './thread-messages.ts';

/** For the way from the thread: `Error` alone is cloned without its kind and codes. */
export function packFailure(thrown: unknown): ThreadFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? { errcode: error.errcode } : {};
  const packed = { error, codes: { ...code, ...errcode } };
  if (!(error instanceof StoreError)) return packed;
  const problem = error.message.slice(0, -`: ${error.advice}`.length);
  return { ...packed, store: { kind: error.kind, problem, advice: error.advice } };
}

/** The error as it was thrown in the thread. */
export function unpackFailure({ error, store, codes }: ThreadFailure): Error {
  if (store) return new StoreError(store.kind, store.problem, store.advice, { cause: error.cause });
  return Object.assign(error, codes);
}
