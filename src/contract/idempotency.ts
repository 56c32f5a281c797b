import type { RouteName } from './routes.ts';

/**
 * A POST may carry a key of the client's own making (draft-ietf-httpapi-idempotency-key-header): asked again with the
 * same key, it is not done again, and the answer of the first time comes.
 */
export const IDEMPOTENCY_KEY = 'idempotency-key';

/** Says that an answer is that of an earlier time. */
export const REPEATED_HEADER = 'idempotency-repeated';

/** Characters of a key. */
export const MAX_KEY_LENGTH = 255;

/** Rows that take no key, since their answer holds a secret, which is told once and kept nowhere. */
export const WITHOUT_KEY: ReadonlySet<RouteName> = new Set(['logIn', 'addToken', 'makeLoginLink']);
